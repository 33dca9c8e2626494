/** How a statement would be planned with indexes that are not there: asked of HypoPG, or of a local copy without rows. */
import type { WhatIf } from '../../../../shared/api/plans.ts';
import { FailureError, failureOf, invalid } from '../../../../shared/failure.ts';
import type { Plan } from '../../../../shared/plan/plan.ts';
import { readPlan } from '../../../../shared/plan/read/read-plan.ts';
import { quoteIdentifier, quoteLiteral } from '../../../../shared/sql/quote.ts';
import { type ParseNode, postgresParser } from '../../../postgres/parser/postgres-parser.ts';
import type { OpenResults } from '../../../postgres/result/open-results.ts';
import type { Session, Source } from '../../../postgres/source.ts';
import type { RecordedDatabase } from '../../../recorder/open/recorded-database.ts';
import { runScript } from '../run-script.ts';
import type { Explainable } from '../statement.ts';
import { readBlueprint } from './blueprint.ts';
import { type LocalCopy, type LocalServer, withLocalCopy } from './local-copy.ts';
import { recordedBlueprint, recordedPath } from './recorded-blueprint.ts';
import { hypopg } from './what-if.sql.ts';

export interface WhatIfQuestion {
  readonly source: Source;
  readonly results: OpenResults;
  readonly statement: Explainable;
  /** CREATE INDEX statements. */
  readonly indexes: readonly string[];
  /** The local PostgreSQL 18, where it runs. */
  readonly local: LocalServer | null;
  readonly signal: AbortSignal | undefined;
}
export interface RecordedQuestion extends Pick<WhatIfQuestion, 'statement' | 'indexes' | 'local'> {
  readonly recorded: RecordedDatabase;
}
type Found = Omit<WhatIf, 'before' | 'after'> & { readonly before: string; readonly after: string };

const prepared = 'howdah_what_if';

export async function whatIf(question: WhatIfQuestion): Promise<Found> {
  const { source, indexes } = question;
  for (const index of indexes) await checkIndex(index);
  const session = await source.openSession();
  try {
    const [extension] = await source.ask(hypopg);
    // Its functions are volatile, as they must be: a read-only connection refuses them.
    return extension && !source.facts.readOnly
      ? await byHypopg(question, session, extension.schema)
      : await byCopy(question, session);
  } finally {
    await session.close();
  }
}

/** The same of a recording: its server need not be there. */
export async function whatIfRecorded({ recorded, statement, indexes, local }: RecordedQuestion): Promise<Found> {
  for (const index of indexes) await checkIndex(index);
  const server = local ?? noLocal('A recording is planned with');
  const blueprint = await recordedBlueprint(recorded, statement.sql);
  const told = `Planned by a local PostgreSQL 18 on a copy without rows, from the recording’s structure, sizes, settings and column statistics (${blueprint.relations.length} tables). A recording has no values of the data: rows are estimated as if all values of a column came equally often. The server’s own plan may be another one.`;
  return withLocalCopy(server, blueprint, (copy) =>
    planTwice(copy, statement, indexes, recordedPath(recorded), told).catch(withoutTheRest),
  );
}

/** A plan of a recording’s tables, as EXPLAIN (VERBOSE) writes it. */
export async function planRecorded({ recorded, statement, local }: Omit<RecordedQuestion, 'indexes'>) {
  const server = local ?? noLocal('A recording is planned with');
  const blueprint = await recordedBlueprint(recorded, statement.sql);
  return withLocalCopy(server, blueprint, async (copy) => {
    const text = await planOn(copy, statement, recordedPath(recorded)).catch(withoutTheRest);
    return { text, notes: copy.notes };
  });
}

/** What the local server lacks to plan the statement. */
function withoutTheRest(thrown: unknown): never {
  const failure = failureOf(thrown);
  if (failure.kind !== 'postgres') throw thrown;
  throw new FailureError({
    kind: 'unsupported',
    needs: 'a connection to the server',
    message: `It cannot be planned from the recording, which has no functions of your own and no extensions: ${failure.message}`,
  });
}

function noLocal(why: string): never {
  throw new FailureError({
    kind: 'unsupported',
    needs: 'HypoPG or the sample server',
    message: `${why} a local PostgreSQL 18. Open the sample database once (File menu): its server does that.`,
  });
}

/** @throws invalid for what is not exactly one CREATE INDEX */
async function checkIndex(text: string): Promise<void> {
  const outcome = (await postgresParser()).parse(text);
  if (outcome.kind === 'rejected') throw invalid('indexes', `This is no CREATE INDEX: ${outcome.message}.`);
  const nodes: readonly ParseNode[] = outcome.kind === 'parsed' ? outcome.statements.map(({ node }) => node) : [];
  if (nodes.length !== 1 || !nodes[0]?.IndexStmt)
    throw invalid('indexes', 'Write one CREATE INDEX statement for each index.');
}

/** Planned as EXPLAIN does, for values that are not known where the statement has parameters. */
function explainScript({ sql, parameters }: Explainable): { readonly statements: string[]; readonly undo: string[] } {
  if (parameters === 0) return { statements: [`explain (verbose) ${sql}`], undo: [] };
  const values = Array.from({ length: parameters }, () => 'null').join(', ');
  return {
    statements: [
      'set plan_cache_mode = force_generic_plan',
      `prepare ${prepared} as ${sql}`,
      `explain (verbose) execute ${prepared}(${values})`,
    ],
    undo: [`deallocate ${prepared}`],
  };
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
      return { sql, used: used.has(name), sizeBytes: size === undefined ? null : Number(size) };
    }),
    notes: [],
  };
}

const usedIn = (plan: Plan): Set<string> => new Set(plan.nodes.flatMap(({ index }) => (index === null ? [] : [index])));

async function byCopy(question: WhatIfQuestion, session: Session): Promise<Found> {
  const { source, statement, indexes, local, signal } = question;
  const server = local ?? noLocal('The server has no HypoPG, so the statement is planned in');
  const { statements } = explainScript(statement);
  const real = readPlan(await onServer(question, session, statements));
  const names = real.nodes.flatMap(({ schema, relation }) =>
    schema !== null && relation !== null && schema !== 'pg_catalog' ? [{ schema, name: relation }] : [],
  );
  const path = await onServer(question, session, [
    "select pg_catalog.array_to_string(pg_catalog.current_schemas(false), ',')",
  ]);
  const blueprint = await readBlueprint(source, names, signal);
  const told = `Planned by a local PostgreSQL 18 on a copy without rows, with the statistics and planner settings of the server (${blueprint.relations.length} tables). Both plans are from there, so that they can be compared; the server’s own may be another one.`;
  return withLocalCopy(server, blueprint, (copy) => planTwice(copy, statement, indexes, path.split(','), told));
}

async function planOn({ client }: LocalCopy, statement: Explainable, searchPath: readonly string[]): Promise<string> {
  await client.query("select set_config('search_path', $1, false)", [searchPath.map(quoteIdentifier).join(', ')]);
  const { statements, undo } = explainScript(statement);
  let rows: Record<string, unknown>[] = [];
  for (const sql of statements) rows = await client.query(sql);
  for (const sql of undo) await client.query(sql);
  return rows.map((row) => String(Object.values(row)[0] ?? '')).join('\n');
}

async function planTwice(
  copy: LocalCopy,
  statement: Explainable,
  indexes: readonly string[],
  searchPath: readonly string[],
  told: string,
): Promise<Found> {
  const { client } = copy;
  const plan = () => planOn(copy, statement, searchPath);
  const before = await plan();
  const made: { readonly name: string; readonly bytes: number }[] = [];
  for (const sql of indexes) {
    const known = await indexNames(copy);
    await client.query(sql.replace(/\bconcurrently\b/i, ''));
    const [index] = (await indexNames(copy)).filter(({ oid }) => !known.some((each) => each.oid === oid));
    if (!index) continue;
    const blocks = Math.max(2, Math.ceil(index.bytes / 8192));
    await copy.resize(index.qualified, blocks);
    made.push({ name: index.name, bytes: blocks * 8192 });
  }
  const after = await plan();
  const used = usedIn(readPlan(after));
  return {
    means: 'copy',
    before,
    after,
    indexes: indexes.map((sql, place) => ({
      sql,
      used: used.has(made[place]?.name ?? ''),
      sizeBytes: made[place]?.bytes ?? null,
    })),
    notes: [told, ...copy.notes],
  };
}

/**
 * With the size each would have: an entry of a B-tree takes 8 bytes of head, 4 of line pointer and its columns, padded
 * to 8, and leaves are filled to nine tenths. Of other kinds of index it is a rough guess.
 */
const indexNames = ({ client }: LocalCopy) =>
  client.query<{ oid: string; name: string; qualified: string; bytes: number }>(
    `select i.indexrelid::text as oid, c.relname as name, i.indexrelid::regclass::text as qualified,
      (greatest(t.reltuples, 1) * (12 + 8 * ceil(coalesce(sum(coalesce(s.avg_width, 8)), 8) / 8.0)) / 0.9)::float8 as bytes
    from pg_catalog.pg_index i
    join pg_catalog.pg_class c on c.oid = i.indexrelid
    join pg_catalog.pg_class t on t.oid = i.indrelid
    join pg_catalog.pg_namespace n on n.oid = t.relnamespace
    left join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey::int2[])
    left join pg_catalog.pg_stats s on s.schemaname = n.nspname and s.tablename = t.relname and s.attname = a.attname
    where n.nspname not in ('pg_catalog', 'pg_toast', 'information_schema')
    group by 1, 2, 3, t.reltuples`,
  );
