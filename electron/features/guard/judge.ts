/** What each statement of a run would do, by PostgreSQL's own parser. */
import type { GuardConcern } from '../../../shared/api/guard.ts';
import { type Effect, effectsOf } from '../../../shared/guard/effects.ts';
import type { ParseNode } from '../../../shared/sql/classify.ts';
import { postgresParser } from '../../postgres/parser/postgres-parser.ts';
import type { RunRequest } from '../../postgres/source.ts';

/** A longer one is not parsed: its tree would take ten times its size. */
const longestParsed = 4_000_000;
/** Milliseconds after which others get a turn. */
const turnMs = 8;

export interface Judged {
  /** Null where the parser cannot read it. */
  readonly node: ParseNode | null;
  readonly concerns: readonly GuardConcern[];
}

/** One answer a statement, in order. */
export async function judge(statements: RunRequest['statements']): Promise<Judged[]> {
  const judged: Judged[] = [];
  let turnEnds = performance.now() + turnMs;
  for (const [index, { text, bound, range }] of statements.entries()) {
    // A `:name` is not of PostgreSQL's grammar; the `$1` that is sent in its place is.
    const node = await nodeOf(bound?.text ?? text);
    const effects = node ? effectsOf(node) : [unknownEffect];
    judged.push({
      node,
      concerns: effects.map((effect) => ({ ...effect, statement: index, range, evidence: [], sample: null })),
    });
    if (performance.now() > turnEnds) {
      await new Promise((resolve) => setImmediate(resolve));
      turnEnds = performance.now() + turnMs;
    }
  }
  return judged;
}

/** Null where it is not exactly one statement that the parser understands. */
async function nodeOf(text: string): Promise<ParseNode | null> {
  if (text.length > longestParsed) return null;
  const outcome = (await postgresParser()).parse(text);
  return outcome.kind === 'parsed' && outcome.statements.length === 1 ? (outcome.statements[0]?.node ?? null) : null;
}

const unknownEffect: Effect = {
  class: 'write',
  command: 'statement',
  target: null,
  what: 'PostgreSQL’s parser cannot read this statement, so what it does is not known.',
};
