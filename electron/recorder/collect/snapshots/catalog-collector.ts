/**
 * The structure of each database, read when it has changed: for advice, for reading a recording without its server,
 * and for the log of what changed when.
 */
import { failureOf } from '../../../../shared/failure.ts';
import type { BuiltinsSnapshot, CatalogSnapshot, IndexAdviceSnapshot } from '../../../../shared/metrics/snapshots.ts';
import type { MonitorLink } from '../../../postgres/monitor/monitor-link.ts';
import type { Query } from '../../../postgres/query.ts';
import type { Collecting, Collector } from '../collector.ts';
import { allPages, inSteps } from '../in-steps.ts';
import {
  analysedTables,
  builtinFunctions,
  builtinTypes,
  catalogChanges,
  catalogConstraints,
  catalogFunctions,
  catalogIndexes,
  catalogRelations,
  catalogTypes,
  catalogViews,
  columnStatistics,
  type IndexRow,
  indexesBeingBuilt,
  type RelationRow,
  statisticsReset,
} from './catalog.sql.ts';
import { structureChanges } from './catalog-diff.ts';
import { foreignKeysWithoutIndex, redundantIndexes } from './index-advice.ts';

const page = 150;
/** Another database's connection is not opened every minute for this. */
const othersEveryMs = 600_000;
/** A migration of thousands of tables is told by its first ones. */
const mostEvents = 200;

interface Known {
  changes: string;
  checkedAt: number;
  catalog: CatalogSnapshot | null;
  scansBefore: readonly (readonly [number, number])[] | null;
  resetMs: number | null;
}

export function catalogCollector(): Collector {
  const known = new Map<string, Known>();
  return {
    id: 'catalog',
    label: 'Structure of databases',
    everyMs: 60_000,
    sql: (major) =>
      [
        ...[catalogChanges, catalogRelations, catalogViews, catalogIndexes, catalogConstraints],
        ...[catalogTypes, catalogFunctions],
      ]
        .map((q) => q.text(major))
        .join(';\n\n'),
    forget: () => known.clear(),
    async run(collecting) {
      let rows = 0;
      const databases = await collecting.databases();
      for (const [place, database] of databases.entries()) {
        const before = known.get(database);
        if (place > 0 && before && performance.now() - before.checkedAt < othersEveryMs) continue;
        const read = await readIfChanged(collecting, database, place === 0, before);
        known.set(database, read.known);
        if (!read.catalog) continue;
        rows += read.catalog.relations.length + read.catalog.indexes.length + read.catalog.constraints.length;
        tell(collecting, database, before?.catalog ?? null, read, collecting.place(read.atMs));
      }
      return rows;
    },
  };
}

interface Read {
  readonly known: Known;
  readonly catalog: CatalogSnapshot | null;
  readonly invalid: readonly number[];
  readonly atMs: number;
}

async function readIfChanged(
  collecting: Collecting,
  database: string,
  isOwn: boolean,
  before: Known | undefined,
): Promise<Read> {
  const { signal } = collecting;
  const look = (link: MonitorLink) => link.ask(catalogChanges, { signal, prepared: [] });
  // For a glance each minute no connection is opened.
  const { moment, rows } = isOwn ? await look(collecting.link) : await collecting.aside(database, look);
  const changes = rows[0]?.changes ?? '';
  const checkedAt = performance.now();
  if (before?.catalog && before.changes === changes)
    return { known: { ...before, checkedAt }, catalog: null, invalid: [], atMs: moment.atMs };
  const relationRows = await pages(collecting, database, catalogRelations);
  const views = await viewQueries(collecting, database);
  const relations = relationRows.map((row) => relationOf(row, views.get(row.oid) ?? null));
  const indexRows = await pages(collecting, database, catalogIndexes);
  const constraintRows = await pages(collecting, database, catalogConstraints);
  const constraints = constraintRows.map(({ index, ...constraint }) => constraint);
  // Foreign keys name the index of the table they refer to.
  const held = new Set(constraintRows.filter(({ type }) => type !== 'f').map(({ index }) => index));
  const indexes = indexRows.map((row) => indexOf(row, held.has(row.oid)));
  const types = await pages(collecting, database, catalogTypes);
  const functions = await pages(collecting, database, catalogFunctions);
  const catalog: CatalogSnapshot = { relations, indexes, constraints, types, functions };
  const scansBefore = before?.scansBefore ?? indexRows.map(({ oid, scans }) => [oid, Number(scans)] as const);
  const { resetMs, building } = await collecting.aside(database, async (link) => ({
    resetMs: before?.scansBefore
      ? before.resetMs
      : ((await link.askWith(statisticsReset, [], { signal }))[0]?.resetMs ?? null),
    building: new Set((await link.askWith(indexesBeingBuilt, [], { signal })).map(({ oid }) => oid)),
  }));
  const invalid = indexRows.filter(({ oid, valid }) => !valid && !building.has(oid)).map(({ oid }) => oid);
  return { known: { changes, checkedAt, catalog, scansBefore, resetMs }, catalog, invalid, atMs: moment.atMs };
}

function tell(
  collecting: Collecting,
  database: string,
  before: CatalogSnapshot | null,
  { catalog, known, invalid }: Read,
  atMs: number,
): void {
  if (!catalog) return;
  const changes = before ? structureChanges(before, catalog) : [];
  for (const change of changes.slice(0, mostEvents)) collecting.event({ atMs, kind: 'ddl', database, ...change });
  if (changes.length > mostEvents) {
    const subject = `${changes.length - mostEvents} more changes of the structure`;
    collecting.event({ atMs, kind: 'ddl', database, subject, before: null, after: null });
  }
  const advice: IndexAdviceSnapshot = {
    redundant: redundantIndexes(catalog),
    invalid,
    foreignKeysWithoutIndex: foreignKeysWithoutIndex(catalog),
    scansBefore: known.scansBefore ?? [],
    statisticsResetMs: known.resetMs,
  };
  collecting.snapshot({ kind: 'catalog', database, atMs, content: catalog });
  collecting.snapshot({ kind: 'indexAdvice', database, atMs, content: advice });
}

const endOf = ({ oid }: { oid: number }): number => oid;
const pages = <Row extends { oid: number }>(collecting: Collecting, database: string | null, question: Query<Row>) =>
  allPages<Row>(collecting, database, question, { size: page, bulk: true, endOf });

/** None where one of their tables is locked: the rest of the structure does not wait for it. */
async function viewQueries(collecting: Collecting, database: string): Promise<ReadonlyMap<number, string>> {
  try {
    return new Map((await pages(collecting, database, catalogViews)).map(({ oid, definition }) => [oid, definition]));
  } catch (thrown) {
    const failure = failureOf(thrown);
    if (failure.kind === 'postgres' && failure.sqlstate === '55P03') return new Map();
    throw thrown;
  }
}

const relationOf = ({ columns, ...relation }: RelationRow, definition: string | null) => ({
  ...relation,
  definition,
  columns: (JSON.parse(columns) as [number, string, string, boolean, string | null][]).map(
    ([num, name, type, notNull, value]) => ({ num, name, type, notNull, default: value }),
  ),
});

const indexOf = ({ keyCount, attributes, scans, ...index }: IndexRow, constraint: boolean) => ({
  ...index,
  constraint,
  keys: attributes.slice(0, keyCount),
  included: attributes.slice(keyCount),
});

/** What the planner knows of each column; large, and slow to change. */
export const columnStatisticsCollector = (): Collector => ({
  id: 'columnStatistics',
  label: 'Column statistics',
  everyMs: 6 * 3_600_000,
  outlivesLink: true,
  sql: (major) => columnStatistics.text(major),
  async run(collecting) {
    let count = 0;
    for (const database of await collecting.databases()) {
      const tables = await pages(collecting, database, analysedTables);
      const content: unknown[] = [];
      await inSteps(collecting, database, true, async (link) => {
        const some = tables.splice(0, page);
        const values = [some.map(({ oid }) => oid), some.map(({ name }) => name)];
        if (some.length > 0)
          content.push(...(await link.askWith(columnStatistics, values, { signal: collecting.signal })));
        return tables.length > 0;
      });
      count += content.length;
      const atMs = collecting.place((await collecting.link.moment()).atMs);
      collecting.snapshot({ kind: 'columnStatistics', database, atMs, content });
    }
    return count;
  },
});

/** What PostgreSQL itself brings along: the same until the server is upgraded, so it is kept once. */
export const builtinsCollector = (): Collector => ({
  id: 'builtins',
  label: 'Functions and types of PostgreSQL',
  everyMs: 24 * 3_600_000,
  outlivesLink: true,
  sql: (major) => [builtinTypes, builtinFunctions].map((q) => q.text(major)).join(';\n\n'),
  async run(collecting) {
    const content: BuiltinsSnapshot = {
      types: await pages(collecting, null, builtinTypes),
      functions: await pages(collecting, null, builtinFunctions),
    };
    const atMs = collecting.place((await collecting.link.moment()).atMs);
    collecting.snapshot({ kind: 'builtins', database: null, atMs, content });
    return content.types.length + content.functions.length;
  },
});
