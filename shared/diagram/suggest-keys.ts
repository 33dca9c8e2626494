/** Keys that a database does not declare but its names, or the joins that are made, speak of. */
import type { DiagramColumn, DiagramGraph, DiagramKey, DiagramTable } from '../api/diagrams.ts';
import { qualified } from '../sql/quote.ts';

export interface SuggestedKey {
  readonly key: DiagramKey;
  readonly reason: string;
}

/** As pg_class or a join names it. */
export interface JoinedColumns {
  readonly one: { readonly table: string; readonly column: string };
  readonly other: { readonly table: string; readonly column: string };
}

/** What a key of our own is called: unlike any the server makes, and the same each time. */
export function virtualKey(
  from: string,
  fromColumns: readonly string[],
  to: string,
  toColumns: readonly string[],
): DiagramKey {
  const name = `${fromColumns.join('_')}_virtual`;
  const id = JSON.stringify(['virtual', from, fromColumns, to, toColumns]);
  return { id, name, from, to, fromColumns: [...fromColumns], toColumns: [...toColumns], virtual: true };
}

const suffix = /(?:_(?:id|uuid|no|nr|key|code|ref|fk)|(?<=[a-z])(?:Id|ID|Uuid|Key|Code))$/;
/** English plurals, roughly: what matters is that both sides come to the same. */
const singular = (word: string): string =>
  word
    .toLowerCase()
    .replace(/ies$/, 'y')
    .replace(/(ss|sh|ch|x)es$/, '$1')
    .replace(/([^s])s$/, '$1');

/** `customer_id` speaks of `customers.id` where the types agree and nothing else is declared for it. */
export function suggestedByName(graph: DiagramGraph): SuggestedKey[] {
  const tables = graph.tables.filter(
    ({ kind, parent }) => parent === null && kind !== 'view' && kind !== 'materializedView',
  );
  const byName = Map.groupBy(tables, ({ name }) => singular(name));
  const taken = new Set(
    graph.keys.flatMap(({ from, fromColumns }) => fromColumns.map((column) => JSON.stringify([from, column]))),
  );
  return tables.flatMap((table) =>
    table.columns.flatMap((column) => {
      if (taken.has(JSON.stringify([table.id, column.name])) || !suffix.test(column.name)) return [];
      const target = targetOf(byName, table, column);
      if (!target) return [];
      const key = virtualKey(table.id, [column.name], target.table.id, [target.column]);
      return [{ key, reason: `${column.name} is named after ${qualified(target.table.schema, target.table.name)}` }];
    }),
  );
}

function targetOf(
  byName: ReadonlyMap<string, readonly DiagramTable[]>,
  table: DiagramTable,
  column: DiagramColumn,
): { table: DiagramTable; column: string } | null {
  const base = column.name.replace(suffix, '');
  // `billing_customer_id` speaks of a customer as well: the longest end of the name that is a table.
  const parts = base.split('_');
  for (let from = 0; from < parts.length; from++) {
    const candidates = byName.get(singular(parts.slice(from).join('_'))) ?? [];
    const sorted = candidates.toSorted((a, b) => Number(b.schema === table.schema) - Number(a.schema === table.schema));
    for (const candidate of sorted) {
      const key = candidate.uniques.find((unique) => unique.length === 1)?.[0];
      const end = candidate.columns.find(({ name }) => name === key);
      if (end && end.type === column.type && (candidate !== table || end.name !== column.name))
        return { table: candidate, column: end.name };
    }
  }
  return null;
}

/** A join's condition becomes a key where one of its columns is unique by itself. */
export function suggestedByJoins(graph: DiagramGraph, joins: readonly JoinedColumns[]): SuggestedKey[] {
  const byId = new Map(graph.tables.map((table) => [table.id, table]));
  const known = new Set(
    graph.keys.map(({ from, fromColumns, to, toColumns }) => JSON.stringify([from, fromColumns, to, toColumns])),
  );
  return joins.flatMap(({ one, other }) => {
    const isUnique = ({ table, column }: JoinedColumns['one']) =>
      byId.get(table)?.uniques.some((unique) => unique.length === 1 && unique[0] === column) ?? false;
    const [from, to] = isUnique(other) ? [one, other] : [other, one];
    if (!byId.has(from.table) || !isUnique(to)) return [];
    const key = virtualKey(from.table, [from.column], to.table, [to.column]);
    if (known.has(JSON.stringify([key.from, key.fromColumns, key.to, key.toColumns]))) return [];
    return [{ key, reason: 'Statements that were run join by it' }];
  });
}
