/** What can be said of indexes from their definitions alone: which others cover them, which foreign keys have none. */
import type { CatalogConstraint, CatalogIndex, CatalogSnapshot } from '../../../../shared/metrics/snapshots.ts';

/** An index that may be missed by nobody: another one answers all that it can. */
export function redundantIndexes({ indexes }: CatalogSnapshot): {
  index: number;
  coveredBy: number;
  identical: boolean;
}[] {
  const byTable = Map.groupBy(indexes, ({ table }) => table);
  return [...byTable.values()].flatMap((group) =>
    group.flatMap((index) => {
      const covering = group.find((other) => covers(other, index));
      return covering ? [{ index: index.oid, coveredBy: covering.oid, identical: sameKeys(index, covering) }] : [];
    }),
  );
}

/**
 * Never one that a constraint, a primary key or a replica identity stands on; a unique one only by a unique one with
 * the same keys. Other methods than btree cover nothing but their like. Of two that are alike one stays.
 */
function covers(other: CatalogIndex, index: CatalogIndex): boolean {
  if (other.oid === index.oid || !other.valid || !index.valid) return false;
  if (index.primary || index.constraint || index.exclusion || index.replicaIdentity) return false;
  if (other.method !== index.method || other.predicate !== index.predicate) return false;
  if (index.expressions !== null && other.expressions !== index.expressions) return false;
  const length = index.keys.length;
  if (length > other.keys.length || (length < other.keys.length && index.method !== 'btree')) return false;
  if (!begins(other, index)) return false;
  const there = new Set([...other.keys, ...other.included]);
  if (!index.included.every((column) => there.has(column))) return false;
  if (index.unique && !(other.unique && length === other.keys.length)) return false;
  return !alike(index, other) || other.primary || other.constraint || other.oid < index.oid;
}

const begins = (other: CatalogIndex, index: CatalogIndex): boolean =>
  index.keys.every(
    (key, place) =>
      key === other.keys[place] &&
      index.operatorClasses[place] === other.operatorClasses[place] &&
      index.collations[place] === other.collations[place] &&
      index.options[place] === other.options[place],
  );

const sameKeys = (index: CatalogIndex, other: CatalogIndex): boolean => index.keys.length === other.keys.length;

/** Each covers the other. */
const alike = (index: CatalogIndex, other: CatalogIndex): boolean =>
  sameKeys(index, other) &&
  index.unique === other.unique &&
  index.included.length === other.included.length &&
  other.included.every((column) => index.included.includes(column));

/**
 * Foreign keys that no usable index of their table begins with, in any order of columns. A partial index on
 * `column IS NOT NULL` will do: the check of the referenced side never looks for nulls.
 */
export function foreignKeysWithoutIndex(catalog: CatalogSnapshot): { constraint: number; table: number }[] {
  const byTable = Map.groupBy(catalog.indexes, ({ table }) => table);
  const relations = new Map(catalog.relations.map((relation) => [relation.oid, relation]));
  return catalog.constraints
    .filter(({ type, table }) => type === 'f' && relations.get(table)?.parent === null)
    .filter((key) => {
      const names = new Map(relations.get(key.table)?.columns.map(({ num, name }) => [num, name]));
      return !(byTable.get(key.table) ?? []).some((index) => serves(index, key, names));
    })
    .map(({ oid, table }) => ({ constraint: oid, table }));
}

function serves(index: CatalogIndex, key: CatalogConstraint, names: ReadonlyMap<number, string>): boolean {
  if (!index.valid || !index.ready) return false;
  const first = index.keys.slice(0, key.columns.length);
  if (!key.columns.every((column) => first.includes(column))) return false;
  if (index.predicate === null) return true;
  const notNull = key.columns.map((column) => names.get(column) ?? '').map((name) => `${name} IS NOT NULL`);
  const parts = index.predicate.replaceAll(/["()]/g, '').split(' AND ');
  return parts.every((part) => notNull.includes(part));
}
