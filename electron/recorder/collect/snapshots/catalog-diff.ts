/** What changed between two readings of a database's structure, as somebody would tell it. */
import type {
  CatalogColumn,
  CatalogConstraint,
  CatalogIndex,
  CatalogRelation,
  CatalogSnapshot,
} from '../../../../shared/metrics/snapshots.ts';

export interface StructureChange {
  readonly subject: string;
  readonly before: string | null;
  readonly after: string | null;
}

const kinds: Readonly<Record<string, string>> = {
  r: 'table',
  p: 'partitioned table',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
  S: 'sequence',
};

export function structureChanges(before: CatalogSnapshot, after: CatalogSnapshot): StructureChange[] {
  const tables = new Map([...before.relations, ...after.relations].map((relation) => [relation.oid, relation]));
  const tableOf = (oid: number) => {
    const table = tables.get(oid);
    return table ? nameOf(table) : String(oid);
  };
  return [
    ...compare(before.relations, after.relations, relationChanges, (relation) => ({
      subject: `${kinds[relation.kind] ?? 'relation'} ${nameOf(relation)}`,
      text: relation.columns.map(columnText).join(', '),
    })),
    ...compare(before.indexes, after.indexes, indexChanges, (index) => ({
      subject: `index ${nameOf(index)}`,
      text: index.definition,
    })),
    ...compare(before.constraints, after.constraints, constraintChanges(tableOf), (constraint) => ({
      subject: `constraint ${constraint.name} on ${tableOf(constraint.table)}`,
      text: constraint.definition,
    })),
  ];
}

function compare<T extends { readonly oid: number }>(
  before: readonly T[],
  after: readonly T[],
  changes: (old: T, now: T) => StructureChange[],
  describe: (thing: T) => { subject: string; text: string },
): StructureChange[] {
  const old = new Map(before.map((thing) => [thing.oid, thing]));
  const now = new Set(after.map(({ oid }) => oid));
  return [
    ...before.filter(({ oid }) => !now.has(oid)).map((gone) => told(describe(gone), 'dropped')),
    ...after.flatMap((thing) => {
      const was = old.get(thing.oid);
      return was ? changes(was, thing) : [told(describe(thing), 'created')];
    }),
  ];
}

const told = ({ subject, text }: { subject: string; text: string }, what: 'dropped' | 'created'): StructureChange => ({
  subject: `${subject} ${what}`,
  before: what === 'dropped' ? text : null,
  after: what === 'created' ? text : null,
});

function relationChanges(old: CatalogRelation, now: CatalogRelation): StructureChange[] {
  const subject = `${kinds[now.kind] ?? 'relation'} ${nameOf(now)}`;
  const columns = compare(old.columns.map(numbered), now.columns.map(numbered), columnChanges(subject), (column) => ({
    subject: `${subject}: column ${column.name}`,
    text: columnText(column),
  }));
  return [
    ...differs(`${subject}: name`, nameOf(old), nameOf(now)),
    ...differs(`${subject}: owner`, old.owner, now.owner),
    ...differs(`${subject}: options`, old.options.join(', '), now.options.join(', ')),
    ...differs(`${subject}: persistence`, old.persistence, now.persistence),
    ...columns,
  ];
}

const numbered = (column: CatalogColumn) => ({ ...column, oid: column.num });

const columnChanges = (subject: string) => (old: CatalogColumn, now: CatalogColumn) =>
  differs(`${subject}: column ${now.name}`, columnText(old), columnText(now));

const indexChanges = (old: CatalogIndex, now: CatalogIndex): StructureChange[] => [
  ...differs(`index ${nameOf(now)}`, old.definition, now.definition),
  ...differs(`index ${nameOf(now)}`, valid(old.valid), valid(now.valid)),
];

const constraintChanges =
  (tableOf: (oid: number) => string) =>
  (old: CatalogConstraint, now: CatalogConstraint): StructureChange[] => {
    const subject = `constraint ${now.name} on ${tableOf(now.table)}`;
    return [
      ...differs(subject, old.definition, now.definition),
      ...differs(subject, validated(old.validated), validated(now.validated)),
    ];
  };

const differs = (subject: string, before: string, after: string): StructureChange[] =>
  before === after ? [] : [{ subject, before, after }];

const valid = (is: boolean): string => (is ? 'valid' : 'not valid');
const validated = (is: boolean): string => (is ? 'validated' : 'not validated');
const nameOf = ({ schema, name }: { schema: string; name: string }): string => `${schema}.${name}`;
const columnText = ({ name, type, notNull, default: value }: CatalogColumn): string =>
  `${name} ${type}${notNull ? ' not null' : ''}${value === null ? '' : ` default ${value}`}`;
