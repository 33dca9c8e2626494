/** Indexes that seem to be too many, broken or lacking: each with what it rests on and the SQL that would change it. */
import type { CatalogIndex, CatalogSnapshot, IndexAdviceSnapshot } from '../metrics/snapshots.ts';
import { qualified, quoteIdentifier } from '../sql/quote.ts';

export interface IndexEvidence {
  readonly database: string;
  readonly catalog: CatalogSnapshot;
  readonly advice: IndexAdviceSnapshot;
  /** Of relations by oid. */
  readonly bytes: ReadonlyMap<number, number>;
  /** Scans since recording began, by the index's oid; absent: nothing is known of it. */
  readonly scans: ReadonlyMap<number, number>;
  /** How long scans were counted here. */
  readonly observedMs: number;
  /** Sequential scans of tables in that time, by oid. */
  readonly tables: ReadonlyMap<
    number,
    { readonly scans: number; readonly rowsRead: number; readonly rows: number | null }
  >;
}

export const indexAdviceKinds = ['invalid', 'duplicate', 'covered', 'unused', 'foreignKey', 'scanned'] as const;
export type IndexAdviceKind = (typeof indexAdviceKinds)[number];

export interface IndexAdvice {
  readonly key: string;
  readonly kind: IndexAdviceKind;
  readonly database: string;
  /** `schema.table` and the index or constraint it is about; empty where it is the table itself. */
  readonly table: string;
  readonly subject: string;
  /** What the index takes; of a table for what is lacking. */
  readonly bytes: number | null;
  readonly evidence: string;
  /** What to make sure of first. */
  readonly caution: string;
  readonly sql: string | null;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** Shorter, and a weekly or monthly job may not have run yet. */
const longEnoughMs = 30 * dayMs;
/** Sequential scans of a table that reads this many rows each time, so often an hour, are worth a look. */
const manyRows = 10_000;
const manyScansAnHour = 6;

export function indexAdvice(evidence: IndexEvidence): IndexAdvice[] {
  const world = worldOf(evidence);
  const told = new Set<number>();
  const once = (oid: number, make: () => IndexAdvice | null): IndexAdvice[] => {
    if (told.has(oid)) return [];
    const made = make();
    if (made) told.add(oid);
    return made ? [made] : [];
  };
  const { advice, catalog } = evidence;
  return [
    ...advice.invalid.flatMap((oid) => once(oid, () => invalid(world, oid))),
    ...advice.redundant.flatMap((pair) => once(pair.index, () => redundant(world, pair))),
    ...catalog.indexes.flatMap((index) => once(index.oid, () => unused(world, index))),
    ...advice.foreignKeysWithoutIndex.flatMap((each) => foreignKey(world, each.constraint)),
    ...catalog.relations.flatMap(({ oid }) => scanned(world, oid)),
  ];
}

interface World extends IndexEvidence {
  readonly indexOf: ReadonlyMap<number, CatalogIndex>;
  readonly relationOf: ReadonlyMap<number, CatalogSnapshot['relations'][number]>;
  readonly before: ReadonlyMap<number, number>;
  /** Those that stay when the ones they cover are dropped: who read these will read them. */
  readonly survivors: ReadonlySet<number>;
}
const worldOf = (evidence: IndexEvidence): World => ({
  ...evidence,
  indexOf: new Map(evidence.catalog.indexes.map((each) => [each.oid, each])),
  relationOf: new Map(evidence.catalog.relations.map((each) => [each.oid, each])),
  before: new Map(evidence.advice.scansBefore),
  survivors: new Set(evidence.advice.redundant.map(({ coveredBy }) => coveredBy)),
});

const tableName = ({ relationOf }: World, oid: number): string => {
  const relation = relationOf.get(oid);
  return relation ? `${relation.schema}.${relation.name}` : String(oid);
};
const drop = ({ schema, name }: CatalogIndex): string => `DROP INDEX CONCURRENTLY ${qualified(schema, name)};`;

function about(world: World, index: CatalogIndex, kind: IndexAdviceKind) {
  return {
    key: `${world.database} ${kind} ${index.oid}`,
    kind,
    database: world.database,
    table: tableName(world, index.table),
    subject: index.name,
    bytes: world.bytes.get(index.oid) ?? null,
  };
}

function invalid(world: World, oid: number): IndexAdvice | null {
  const index = world.indexOf.get(oid);
  if (!index) return null;
  return {
    ...about(world, index, 'invalid'),
    evidence: 'It is not valid and nobody is building it: no query uses it, every write still keeps it up.',
    caution: index.unique
      ? 'A unique index may have failed because of duplicates: look for them before rebuilding.'
      : '',
    sql: `REINDEX INDEX CONCURRENTLY ${qualified(index.schema, index.name)};\n-- or, where it is not wanted any more:\n-- ${drop(index)}`,
  };
}

function redundant(
  world: World,
  { index: oid, coveredBy, identical }: IndexAdviceSnapshot['redundant'][number],
): IndexAdvice | null {
  const index = world.indexOf.get(oid);
  const other = world.indexOf.get(coveredBy);
  if (!index || !other) return null;
  return {
    ...about(world, index, identical ? 'duplicate' : 'covered'),
    evidence: identical
      ? `${other.name} has the same columns, in the same order.`
      : `${other.name} begins with the same columns and answers whatever it answers.`,
    caution: identical ? '' : 'The wider one may be slower to read where it is much larger.',
    sql: `${drop(index)}\n-- was: ${index.definition}`,
  };
}

function unused(world: World, index: CatalogIndex): IndexAdvice | null {
  if (index.unique || index.primary || index.exclusion || index.constraint || index.replicaIdentity || !index.valid)
    return null;
  if (world.survivors.has(index.oid)) return null;
  const before = world.before.get(index.oid);
  const scans = world.scans.get(index.oid);
  if (scans === undefined || scans > 0 || before === undefined || before > 0) return null;
  const { statisticsResetMs } = world.advice;
  const observed = `${Math.max(1, Math.round(world.observedMs / hourMs)).toLocaleString('en')} h of recording`;
  const since =
    statisticsResetMs === null
      ? 'since statistics began'
      : `since ${new Date(statisticsResetMs).toISOString().slice(0, 10)}`;
  const young = world.observedMs < longEnoughMs ? ' A job of the month may not have run while it was watched.' : '';
  return {
    ...about(world, index, 'unused'),
    evidence: `No scan ${since}, nor in ${observed}.`,
    caution: `Make sure no standby uses it: each counts for itself.${young}`,
    sql: `${drop(index)}\n-- was: ${index.definition}`,
  };
}

function foreignKey(world: World, oid: number): IndexAdvice[] {
  const key = world.catalog.constraints.find((each) => each.oid === oid);
  const relation = key && world.relationOf.get(key.table);
  if (!key || !relation) return [];
  const names = key.columns.map((num) => relation.columns.find((each) => each.num === num)?.name ?? '?');
  return [
    {
      key: `${world.database} foreignKey ${oid}`,
      kind: 'foreignKey',
      database: world.database,
      table: tableName(world, key.table),
      subject: key.name,
      bytes: world.bytes.get(key.table) ?? null,
      evidence: `No index begins with ${names.join(', ')}: deleting a row of ${key.foreignTable === null ? 'the other table' : tableName(world, key.foreignTable)}, or changing its key, reads the whole table.`,
      caution: 'Not needed where the table stays small, or the referenced rows are never deleted.',
      sql: `CREATE INDEX CONCURRENTLY ON ${qualified(relation.schema, relation.name)} (${names.map(quoteIdentifier).join(', ')});`,
    },
  ];
}

function scanned(world: World, oid: number): IndexAdvice[] {
  const use = world.tables.get(oid);
  if (!use || use.scans === 0 || world.observedMs <= 0) return [];
  const each = use.rowsRead / use.scans;
  const anHour = (use.scans / world.observedMs) * hourMs;
  if (each < manyRows || anHour < manyScansAnHour) return [];
  return [
    {
      key: `${world.database} scanned ${oid}`,
      kind: 'scanned',
      database: world.database,
      table: tableName(world, oid),
      subject: '',
      bytes: world.bytes.get(oid) ?? null,
      evidence: `Read whole ${anHour.toFixed(0)} times an hour, ${Math.round(each).toLocaleString('en')} rows each time.`,
      caution:
        'A report that needs most rows is right to read them all. Look for the statement on the page Statements and at its plan.',
      sql: null,
    },
  ];
}
