/** What is to be explained: exactly one statement, of a kind that EXPLAIN takes. */
import { invalid } from '../../../shared/failure.ts';
import { classify, commandOf, type ParseNode } from '../../../shared/sql/classify.ts';
import { withParametersForMarks } from '../../../shared/sql/marked-values.ts';
import { withPlaceholders } from '../../../shared/sql/parameters.ts';
import { statementAt } from '../../../shared/sql/statement-at.ts';
import { withCastParameters } from '../../../shared/sql/typed-parameters.ts';
import { postgresParser } from '../../postgres/parser/postgres-parser.ts';
import { splitScript } from '../../postgres/parser/split-script.ts';

export interface Explainable {
  /** Without its semicolon. */
  readonly sql: string;
  readonly command: string;
  /** Nothing in its text writes; functions that it calls may. */
  readonly reads: boolean;
  /** The highest $n in it. */
  readonly parameters: number;
  /** It is an EXPLAIN already, to be run as it stands. */
  readonly isExplain: boolean;
  readonly explainAnalyzes: boolean;
  readonly fingerprint: string | null;
}

const kinds = new Set([
  ...['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'ExecuteStmt', 'DeclareCursorStmt'],
  ...['CreateTableAsStmt', 'ExplainStmt'],
]);

/** Throws invalid where there is none, more than one, or one of another kind. */
export async function explainable(written: string): Promise<Explainable> {
  const parser = await postgresParser();
  // What pg_stat_statements has written may be no SQL any more: `interval $1`. Our parser takes it, the server does not.
  let text = withCastParameters(withPlaceholders(written) ?? written);
  let outcome = parser.parse(text);
  if (outcome.kind === 'rejected' && written.includes('?')) {
    // As the recorder keeps it, without its values.
    const filled = withCastParameters(withParametersForMarks(written));
    const again = parser.parse(filled);
    if (again.kind === 'parsed') [text, outcome] = [filled, again];
  }
  if (outcome.kind === 'crashed') throw invalid('sql', 'The statement is nested too deeply to be looked at.');
  if (outcome.kind === 'rejected') throw invalid('sql', `This cannot be explained: ${outcome.message}.`);
  const [first, ...others] = outcome.statements;
  if (!first) throw invalid('sql', 'There is no statement to explain here.');
  if (others.length > 0)
    throw invalid('sql', 'Explain takes one statement at a time: select one, or put the caret in it.');
  const kind = Object.keys(first.node)[0] ?? '';
  const command = commandOf(first.node);
  if (!kinds.has(kind)) throw invalid('sql', `PostgreSQL has no plan for ${command}: it explains queries and DML.`);
  const sql = Buffer.from(text).subarray(0, first.endByte).toString().trim();
  const isExplain = kind === 'ExplainStmt';
  const inner = innerOf(first.node) ?? first.node;
  return {
    sql,
    command: isExplain ? commandOf(inner) : command,
    reads: classify(inner) === 'reads',
    parameters: highestParameter(first.node),
    isExplain,
    explainAnalyzes: isExplain && namesAnalyze(first.node),
    fingerprint: parser.fingerprint(sql),
  };
}

/** ANALYZE among its options, be it on or off: taking it for on costs a question, the other way round a table. */
function namesAnalyze(node: ParseNode): boolean {
  const { options = [] } = (node.ExplainStmt ?? {}) as { options?: { DefElem?: { defname?: string } }[] };
  return options.some(({ DefElem }) => DefElem?.defname === 'analyze');
}

/** The statement of a script that the caret is in, as Run would choose it; the text itself where no caret is given. */
export async function statementAtCaret(
  text: string,
  caret: number | undefined,
  standardConformingStrings: boolean,
): Promise<string> {
  if (caret === undefined) return text;
  const found = statementAt(text, await splitScript(text, { standardConformingStrings }), caret);
  if (!found) throw invalid('sql', 'There is no statement to explain here.');
  return text.slice(found.from, found.to);
}

function innerOf(node: ParseNode): ParseNode | null {
  const explain = node.ExplainStmt as { query?: ParseNode } | undefined;
  return explain?.query ?? null;
}

function highestParameter(node: ParseNode): number {
  let highest = 0;
  const waiting: unknown[] = [node];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) continue;
    const { ParamRef: found } = value as { ParamRef?: { number?: number } };
    if (found) highest = Math.max(highest, found.number ?? 0);
    waiting.push(...Object.values(value));
  }
  return highest;
}
