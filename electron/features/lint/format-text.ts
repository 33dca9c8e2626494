/** Formats a text statement by statement, and lets nothing through that PostgreSQL would read otherwise. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { longestChecked } from '../../../shared/api/lint.ts';
import { formatStatement } from '../../../shared/format/format.ts';
import { sameTokens } from '../../../shared/format/same.ts';
import type { FormatStyle } from '../../../shared/format/style.ts';
import { piecesOf } from '../../../shared/lint/pieces.ts';
import { withPlaceholders } from '../../../shared/sql/placeholders.ts';
import { type PostgresParser, postgresParser } from '../../postgres/parser/postgres-parser.ts';

interface Request {
  readonly text: string;
  readonly style: FormatStyle;
  readonly within?: { readonly from: number; readonly to: number } | undefined;
}
interface Formatted {
  readonly edits: { from: number; to: number; text: string }[];
  readonly refused: { from: number; to: number; why: string }[];
}
/** Milliseconds after which others get a turn. */
const turnMs = 8;

export async function formatText({ text, style, within }: Request, signal?: AbortSignal): Promise<Formatted> {
  const answer: Formatted = { edits: [], refused: [] };
  let turnEnds = performance.now() + turnMs;
  for (const { from, to } of piecesOf(text)) {
    if (within && (to < within.from || from > within.to)) continue;
    const before = text.slice(from, to);
    const { after, why } = formatted(await postgresParser(), before, style);
    if (why !== null) answer.refused.push({ from, to, why });
    else {
      const edit = { from: lineStart(text, from), to, text: onOwnLine(text, from) + after };
      if (text.slice(edit.from, edit.to) !== edit.text) answer.edits.push(edit);
    }
    if (performance.now() < turnEnds) continue;
    await nextTurn();
    signal?.throwIfAborted();
    turnEnds = performance.now() + turnMs;
  }
  return answer;
}

/** The statement in its style, or why it stays as it is. */
export function formatted(
  parser: PostgresParser,
  before: string,
  style: FormatStyle,
): { after: string; why: string | null } {
  const stays = (why: string) => ({ after: before, why });
  if (before.length > longestChecked) return stays('The statement is too long.');
  const print = parser.fingerprint(withPlaceholders(before).sql);
  if (print === null) return stays(whyUnread(parser, before));
  const after = formatStatement(before, style);
  if (after === before) return { after, why: null };
  const same = sameTokens(before, after) && print === parser.fingerprint(withPlaceholders(after).sql);
  return same ? { after, why: null } : stays('It could not be laid out without a risk to its meaning.');
}

function whyUnread(parser: PostgresParser, statement: string): string {
  const read = parser.parse(withPlaceholders(statement).sql);
  if (read.kind === 'rejected') return `PostgreSQL cannot read it: ${read.message}.`;
  return 'The statement is nested too deeply.';
}

/** Blanks before the statement on its own line go with it. */
function lineStart(text: string, from: number): number {
  let at = from;
  while (at > 0 && (text.charAt(at - 1) === ' ' || text.charAt(at - 1) === '\t')) at--;
  return at;
}

/** A statement behind another one gets a line of its own. */
const onOwnLine = (text: string, from: number): string => {
  const before = text.charAt(lineStart(text, from) - 1);
  return before === '' || before === '\n' || before === '\r' ? '' : '\n';
};
