/** What is known, before a statement runs, about how much it would touch: asked within the session that is to run it. */
import type { GuardConcern } from '../../../shared/api/guard.ts';
import { affectedBy, valuesFor } from '../../../shared/guard/affected.ts';
import { countOf, sampleOf } from '../../../shared/guard/affected-questions.ts';
import { analyzes } from '../../../shared/guard/effects.ts';
import { type Estimate, estimateOf } from '../../../shared/guard/estimate.ts';
import { isNode, listOf, opened } from '../../../shared/guard/tree.ts';
import type { ParseNode } from '../../../shared/sql/classify.ts';
import { quoteLiteral } from '../../../shared/sql/quote.ts';
import { Scanner } from '../../../shared/sql/scan.ts';
import type { PostgresParser } from '../../postgres/parser/postgres-parser.ts';
import type { PeekAnswer, RunStatement, Session } from '../../postgres/source.ts';

const timeoutMs = 2_000;
const sampleRows = 5;
/** Characters of a cell that are shown. */
const longestCell = 200;

export type Evidence = Pick<GuardConcern, 'evidence' | 'sample'>;
const none: Evidence = { evidence: [], sample: null };
const grouped = (count: number | string): string => Number(count).toLocaleString('en');
const rowsWords = (count: number | string): string => `${grouped(count)} ${Number(count) === 1 ? 'row' : 'rows'}`;

/** For one concern; whatever cannot be found out is left out. */
export async function evidenceFor(
  session: Session,
  given: RunStatement,
  written: ParseNode | null,
  concern: Pick<GuardConcern, 'command' | 'target'>,
  parser: PostgresParser,
): Promise<Evidence> {
  if (!written) return none;
  const node = whatRuns(written);
  const statement = node === written ? given : explainedOf(given);
  if (concern.command === 'truncate' || concern.command === 'drop table')
    return { evidence: await sizesOf(session, concern.target ?? ''), sample: null };
  const [kind, fields] = opened(node);
  if (kind === 'InsertStmt') {
    const lists = isNode(fields.selectStmt) ? listOf(opened(fields.selectStmt)[1].valuesLists) : [];
    if (lists.length > 0) return { evidence: [`${rowsWords(lists.length)} to add.`], sample: null };
  }
  if (!['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'].includes(kind)) return none;
  const exact = await exactly(session, statement, node, parser);
  if (exact) return exact;
  const estimate = await estimated(session, statement);
  if (!estimate) return { evidence: ['How many rows it touches could not be found out.'], sample: null };
  return { evidence: [`About ${rowsWords(Math.round(estimate.rows))}, by the planner’s estimate.`], sample: null };
}

/** EXPLAIN (ANALYZE) runs what it explains. */
export function whatRuns(node: ParseNode): ParseNode {
  const [kind, fields] = opened(node);
  return kind === 'ExplainStmt' && analyzes(fields) && isNode(fields.query) ? fields.query : node;
}

const explainedOf = ({ text, range, bound }: RunStatement): RunStatement => ({
  text: withoutExplain(text),
  range,
  ...(bound ? { bound: { ...bound, text: withoutExplain(bound.text) } } : {}),
});

/** What stands behind EXPLAIN and its options, in either of their forms. */
export function withoutExplain(text: string): string {
  const scanner = new Scanner(text);
  let depth = 0;
  while (scanner.next()) {
    const { kind, from, to } = scanner;
    if (kind === 'comment') continue;
    const word = text.slice(from, to).toLowerCase();
    if (word === '(' && (depth > 0 || !/\(/.test(text.slice(0, from)))) depth++;
    else if (word === ')' && depth > 0) depth--;
    else if (depth === 0 && !explainWords.has(word)) return text.slice(from);
  }
  return text;
}
const explainWords = new Set(['explain', 'analyze', 'analyse', 'verbose']);

/** Counted by the statement's own FROM and WHERE; null where that cannot be proven, takes too long, or would act. */
async function exactly(
  session: Session,
  statement: RunStatement,
  node: ParseNode,
  parser: PostgresParser,
): Promise<Evidence | null> {
  const affected = affectedBy(statement.bound?.text ?? statement.text, node, (text) => {
    const outcome = parser.parse(text);
    return outcome.kind === 'parsed' && outcome.statements.length === 1 ? (outcome.statements[0]?.node ?? null) : null;
  });
  // A plan may be asked for before its parameters have values.
  const known = statement.bound?.values.length ?? 0;
  if (!affected || affected.parameters.some((number) => number > known)) return null;
  const values = valuesFor(affected, statement.bound?.values);
  const [count, sample] = await peeked(session, [
    { text: countOf(affected), values, mostRows: 1 },
    { text: sampleOf(affected, sampleRows), values, mostRows: sampleRows },
  ]);
  const counted = count?.kind === 'rows' ? count.rows[0]?.[0] : null;
  if (counted === null || counted === undefined) return null;
  const inTransaction = session.state.transaction === 'open' ? ' with what this transaction has changed' : '';
  return {
    evidence: [`Exactly ${rowsWords(counted)} now${inTransaction}.`],
    sample: sample?.kind === 'rows' && sample.rows.length > 0 ? shortened(sample) : null,
  };
}

const shortened = ({ columns, rows }: Extract<PeekAnswer, { kind: 'rows' }>): GuardConcern['sample'] => ({
  columns: [...columns],
  rows: rows.map((row) =>
    row.map((cell) => (cell !== null && cell.length > longestCell ? `${cell.slice(0, longestCell)}…` : cell)),
  ),
});

/** By the plan that would be used; nothing is run. Null where the server makes none. */
export async function estimated(session: Session, statement: RunStatement): Promise<Estimate | null> {
  const { text, values } = statement.bound ?? { text: statement.text, values: [] };
  const [plan] = await peeked(session, [{ text: `explain (format json) ${text}`, values, mostRows: 1 }]);
  const json = plan?.kind === 'rows' ? plan.rows[0]?.[0] : null;
  return json ? estimateOf(json) : null;
}

/** One sentence where a statement calls what may act; null where it does not, or that could not be found out. */
export async function actsBy(session: Session, { text, bound }: RunStatement): Promise<string | null> {
  const [answer] = await peeked(session, [{ text: bound?.text ?? text, mostRows: 0 }]);
  return answer?.kind === 'acts' ? answer.why : null;
}

/** Of tables that are emptied or dropped: from the statistics, at once. */
async function sizesOf(session: Session, names: string): Promise<string[]> {
  const lines: string[] = [];
  for (const name of names.split(', ').slice(0, 5)) {
    const [answer] = await peeked(session, [
      {
        text: `select c.reltuples::bigint::text, pg_catalog.pg_size_pretty(pg_catalog.pg_total_relation_size(c.oid))
          from pg_catalog.pg_class c where c.oid = pg_catalog.to_regclass(${quoteLiteral(name)})`,
        mostRows: 1,
      },
    ]);
    const [rows, size] = (answer?.kind === 'rows' ? answer.rows[0] : null) ?? [];
    if (!size) continue;
    const about = Number(rows) < 0 ? 'never analyzed' : `about ${rowsWords(rows ?? 0)}`;
    lines.push(`${name}: ${about}, ${size}.`);
  }
  return lines;
}

/** Evidence is never worth a failure: the question is asked without it. */
const peeked = (session: Session, questions: Parameters<Session['peek']>[0]): Promise<readonly PeekAnswer[]> =>
  session.peek(questions, timeoutMs).catch(() => []);
