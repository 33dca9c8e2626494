/** The graph of a schema as pure data: finding one's way in it, and choosing what of it is shown. */
import type { DiagramChoice, DiagramGraph, DiagramKey, DiagramTable } from '../api/diagrams.ts';

export interface Shown {
  readonly tables: readonly DiagramTable[];
  readonly keys: readonly DiagramKey[];
}

export interface ChoiceOptions {
  readonly views: boolean;
  /** Each partition by itself; otherwise they are folded into their table. */
  readonly partitions: boolean;
  readonly hidden: readonly string[];
}

const isView = ({ kind }: DiagramTable): boolean => kind === 'view' || kind === 'materializedView';

/** Keys by the table they leave and the table they lead to. */
export function keysByTable(keys: readonly DiagramKey[]): Map<string, DiagramKey[]> {
  const all = new Map<string, DiagramKey[]>();
  const add = (table: string, key: DiagramKey) => {
    const list = all.get(table);
    if (list) list.push(key);
    else all.set(table, [key]);
  };
  for (const key of keys) {
    add(key.from, key);
    if (key.to !== key.from) add(key.to, key);
  }
  return all;
}

export const otherEnd = (key: DiagramKey, table: string): string => (key.from === table ? key.to : key.from);

/** The tables at most so many keys away, with how many; the table itself at 0. */
export function around(
  keys: ReadonlyMap<string, readonly DiagramKey[]>,
  table: string,
  hops: number,
): Map<string, number> {
  const found = new Map([[table, 0]]);
  let edge = [table];
  for (let hop = 1; hop <= hops && edge.length > 0; hop++) {
    const next: string[] = [];
    for (const at of edge)
      for (const key of keys.get(at) ?? []) {
        const other = otherEnd(key, at);
        if (found.has(other)) continue;
        found.set(other, hop);
        next.push(other);
      }
    edge = next;
  }
  return found;
}

/** The fewest keys from one table to another, in order; null where none lead there. */
export function pathBetween(
  keys: ReadonlyMap<string, readonly DiagramKey[]>,
  from: string,
  to: string,
): DiagramKey[] | null {
  const came = new Map<string, DiagramKey | null>([[from, null]]);
  const queue = [from];
  for (let at = queue.shift(); at !== undefined && !came.has(to); at = queue.shift())
    for (const key of keys.get(at) ?? []) {
      const other = otherEnd(key, at);
      if (came.has(other)) continue;
      came.set(other, key);
      queue.push(other);
    }
  if (!came.has(to)) return null;
  const path: DiagramKey[] = [];
  let at = to;
  for (let key = came.get(at); key; key = came.get(at)) {
    path.unshift(key);
    at = otherEnd(key, at);
  }
  return path;
}

/** What of the graph a choice shows. Keys of folded partitions are drawn from the table they belong to. */
export function chosen(graph: DiagramGraph, choice: DiagramChoice, options: ChoiceOptions): Shown {
  const hidden = new Set(options.hidden);
  const byId = new Map(graph.tables.map((table) => [table.id, table]));
  const home = (id: string): string => {
    for (let table = byId.get(id); !options.partitions && table?.parent && byId.has(table.parent); table = byId.get(id))
      id = table.parent;
    return id;
  };
  const keys = uniqueKeys(graph.keys.map((key) => ({ ...key, from: home(key.from), to: home(key.to) })));
  const reached = choice.kind === 'around' ? around(keysByTable(keys), home(choice.table), choice.hops) : null;
  const schemas = choice.kind === 'schemas' ? new Set(choice.schemas) : null;
  const tables = graph.tables.filter(
    (table) =>
      home(table.id) === table.id &&
      !hidden.has(table.id) &&
      (options.views || !isView(table) || reached?.get(table.id) === 0) &&
      (reached?.has(table.id) ?? true) &&
      (schemas?.has(table.schema) ?? true),
  );
  const ids = new Set(tables.map(({ id }) => id));
  return { tables, keys: keys.filter(({ from, to }) => ids.has(from) && ids.has(to)) };
}

/** Partitions repeat their table's keys: once is enough. */
function uniqueKeys(keys: readonly DiagramKey[]): DiagramKey[] {
  const all = new Map<string, DiagramKey>();
  for (const key of keys) {
    const same = JSON.stringify([key.from, key.fromColumns, key.to, key.toColumns]);
    if (!all.has(same)) all.set(same, key);
  }
  return [...all.values()];
}

/** What a key says of numbers: of the referring rows, and of the row referred to. */
export interface Cardinality {
  /** At most one row refers to a row. */
  readonly fromOne: boolean;
  /** A row may refer to none. */
  readonly toOptional: boolean;
}
export function cardinalityOf(key: DiagramKey, from: DiagramTable): Cardinality {
  const columns = new Set(key.fromColumns);
  const notNull = new Set(from.columns.filter((column) => column.notNull).map(({ name }) => name));
  return {
    fromOne: from.uniques.some((unique) => unique.every((column) => columns.has(column))),
    toOptional: !key.fromColumns.every((column) => notNull.has(column)),
  };
}

/** A short digest of what a table is: equal where nothing one sees of it has changed. */
export function digestOf(table: DiagramTable, keys: readonly DiagramKey[]): string {
  const columns = table.columns.map(({ name, type, notNull, primary, hasDefault }) => [
    name,
    type,
    notNull,
    primary,
    hasDefault,
  ]);
  const own = keys.filter(({ from, virtual }) => from === table.id && !virtual);
  const refers = own.map(({ to, fromColumns, toColumns }) => JSON.stringify([to, fromColumns, toColumns])).sort();
  const text = JSON.stringify([table.kind, columns, table.uniques.map((unique) => unique.join()).sort(), refers]);
  // Two FNV-1a sums with different seeds: 64 bits are plenty to tell a table from what it was.
  let [a, b] = [0x811c9dc5, 0x9747b28c];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x01000197);
  }
  return `${(a >>> 0).toString(36)}.${(b >>> 0).toString(36)}`;
}
