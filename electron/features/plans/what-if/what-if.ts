/** How a statement would be planned with other indexes: asked of HypoPG, or of a local copy without rows. */
import { FailureError, failureOf } from '../../../../shared/failure.ts';
import { readPlan } from '../../../../shared/plan/read/read-plan.ts';
import { quoteIdentifier, quoteLiteral } from '../../../../shared/sql/quote.ts';
import type { OpenResults } from '../../../postgres/result/open-results.ts';
import type { Session, Source } from '../../../postgres/source.ts';
import type { RecordedDatabase } from '../../../recorder/open/recorded-database.ts';
import { runScript } from '../run-script.ts';
import type { Explainable } from '../statement.ts';
import type { Blueprint } from './blueprint.ts';
import { explainScript } from './explain-without-values.ts';
import { type IndexChange, indexChange } from './index-change.ts';
import { withLocalCopy } from './local-copy.ts';
import type { LocalServer } from './local-database.ts';
import { namedIn } from './named.ts';
import { type Found, planOnce, planTwice, usedIn } from './plan-twice.ts';
import { recordedBlueprint, recordedPath } from './recorded-blueprint.ts';
import { readBlueprint } from './server-blueprint.ts';
import { hypopg } from './what-if.sql.ts';

export interface WhatIfQuestion {
  readonly source: Source;
  readonly results: OpenResults;
  readonly statement: Explainable;
  /** CREATE INDEX and DROP INDEX statements. */
  readonly indexes: readonly string[];
  /** The local PostgreSQL 18, where it runs. */
  readonly local: LocalServer | null;
  readonly signal: AbortSignal | undefined;
}
export interface RecordedQuestion extends Pick<WhatIfQuestion, 'statement' | 'indexes' | 'local'> {
  readonly recorded: RecordedDatabase;
}

export async function whatIf(question: WhatIfQuestion): Promise<Found> {
  const { source } = question;
  const changes = await changesOf(question.indexes);
  const session = await source.openSession();
  try {
    const [extension] = await source.ask(hypopg);
    // Its functions are volatile, as they must be: a read-only connection refuses them. And it drops nothing.
    return extension && !source.facts.readOnly && changes.every(({ kind }) => kind === 'create')
      ? await byHypopg(question, session, extension.schema)
      : await byCopy(question, changes, session);
  } finally {
    await session.close();
  }
}

/** The same of a recording: its server need not be there. */
export async function whatIfRecorded({ recorded, statement, indexes, local }: RecordedQuestion): Promise<Found> {
  const changes = await changesOf(indexes);
  const server = local ?? noLocal('A recording is planned with');
  const blueprint = await recordedBlueprint(recorded, await namedIn([statement.sql, ...indexes]));
  const told = `Planned by a local PostgreSQL 18 on a copy without rows, from the recording’s structure, sizes, settings and column statistics (${tablesOf(blueprint)}). A recording has no values of the data: rows are estimated as if all values of a column came equally often. The server’s own plan may be another one.`;
  return withLocalCopy(server, blueprint, (copy) =>
    planTwice(copy, { statement, changes, searchPath: recordedPath(recorded) }, told),
  ).catch(withoutTheRest('the recording, which has no bodies of functions'));
}

/** A plan of a recording’s tables, as EXPLAIN (VERBOSE) writes it. */
export async function planRecorded({ recorded, statement, local }: Omit<RecordedQuestion, 'indexes'>) {
  const server = local ?? noLocal('A recording is planned with');
  const blueprint = await recordedBlueprint(recorded, await namedIn([statement.sql]));
  return withLocalCopy(server, blueprint, async (copy) => {
    const text = await planOnce(copy, { statement, searchPath: recordedPath(recorded) });
    return { text, notes: copy.notes };
  }).catch(withoutTheRest('the recording, which has no bodies of functions'));
}

async function changesOf(indexes: readonly string[]): Promise<IndexChange[]> {
  const changes: IndexChange[] = [];
  for (const sql of indexes) changes.push(await indexChange(sql));
  return changes;
}

const tablesOf = ({ relations }: Blueprint): string => {
  const count = relations.filter(({ kind }) => kind !== 'v').length;
  return count === 1 ? '1 table' : `${count} tables and partitions`;
};

/** What the local server lacks to plan the statement. */
const withoutTheRest =
  (from: string) =>
  (thrown: unknown): never => {
    const failure = failureOf(thrown);
    if (failure.kind !== 'postgres') throw thrown;
    throw new FailureError({
      kind: 'unsupported',
      needs: 'HypoPG',
      message: `It cannot be planned from ${from} and not every extension: ${failure.message}. On a server with the extension HypoPG it can be asked about.`,
    });
  };

function noLocal(why: string): never {
  throw new FailureError({
    kind: 'unsupported',
    needs: 'HypoPG or the sample server',
    message: `${why} a local PostgreSQL 18. Open the sample database once (File menu): its server does that.`,
  });
}

async function onServer({ results, signal }: WhatIfQuestion, session: Session, statements: readonly string[]) {
  const { text } = await runScript(results, session, { statements, at: statements.length - 1, undo: [] }, signal);
  return text;
}

async function byHypopg(question: WhatIfQuestion, session: Session, schema: string): Promise<Found> {
  const { statement, indexes } = question;
  const { statements, undo } = explainScript(statement);
  const before = await onServer(question, session, statements);
  // Generic plans are kept by the prepared statement: it is made anew.
  const after = await onServer(question, session, [
    ...undo,
    ...indexes.map((index) => `select * from ${quoteIdentifier(schema)}.hypopg_create_index(${quoteLiteral(index)})`),
    ...statements,
  ]);
  const sizes = await onServer(question, session, [
    `select indexname || chr(9) || ${quoteIdentifier(schema)}.hypopg_relation_size(indexrelid) from ${quoteIdentifier(schema)}.hypopg() order by indexrelid`,
  ]);
  const made = sizes
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t'));
  const used = usedIn(readPlan(after));
  return {
    means: 'hypopg',
    before,
    after,
    indexes: indexes.map((sql, place) => {
      const [name = '', size] = made[place] ?? [];
      return {
        sql,
        change: 'create' as const,
        used: used.has(name),
        sizeBytes: size === undefined ? null : Number(size),
      };
    }),
    notes: [],
  };
}

async function byCopy(question: WhatIfQuestion, changes: readonly IndexChange[], session: Session): Promise<Found> {
  const { source, statement, indexes, local, signal } = question;
  const server = local ?? noLocal('The server has no HypoPG, so the statement is planned in');
  const { statements } = explainScript(statement);
  const real = readPlan(await onServer(question, session, statements));
  const planned = real.nodes.flatMap(({ schema, relation }) =>
    schema !== null && relation !== null && schema !== 'pg_catalog' ? [{ schema, name: relation }] : [],
  );
  const written = await onServer(question, session, [
    'select pg_catalog.array_to_string(pg_catalog.current_schemas(false), chr(9))',
  ]);
  const path = written === '' ? [] : written.split('\t');
  const named = await namedIn([statement.sql, ...indexes]);
  const blueprint = await readBlueprint({ source, named, planned, path, signal });
  const told = `Planned by a local PostgreSQL 18 on a copy without rows, with the statistics and planner settings of the server (${tablesOf(blueprint)}). Both plans are from there, so that they can be compared; the server’s own may be another one.`;
  return withLocalCopy(server, blueprint, (copy) =>
    planTwice(copy, { statement, changes, searchPath: path }, told),
  ).catch(withoutTheRest('a copy, which has no functions in C'));
}
