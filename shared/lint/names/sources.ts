/** What names mean in a statement's tree: the sources of each query, level by level. */
import type { Column, Relation } from '../../complete/catalog.ts';
import type { Fields } from '../tree.ts';

export interface NamedColumn {
  readonly name: string;
  /** As format_type writes it; '' where it is not known. */
  readonly type: string;
  /** Null where it is not known whether it can be NULL. */
  readonly notNull: boolean | null;
  readonly column: Column | null;
  readonly relation: Relation | null;
}
/** Null: nothing is known of its columns, so nothing is said of them. */
export type Columns = readonly NamedColumn[] | null;

export interface From {
  readonly alias: string;
  readonly schema: string | null;
  readonly relation: Relation | null;
  readonly columns: Columns;
  readonly kind: 'relation' | 'cte' | 'query' | 'function' | 'join' | 'other';
  /** Of a RangeVar: where its name stands. -1 for the others. */
  readonly at: number;
  /** The other side of an outer join may be missing. */
  readonly optional: boolean;
}
export interface Level {
  readonly sources: From[];
  readonly parent: Level | null;
  /** The statement this level belongs to: SelectStmt, UpdateStmt … and its fields. */
  readonly kind: string;
  readonly fields: Fields;
  /** Output names, for ORDER BY and GROUP BY. */
  readonly output: Set<string>;
  /** Columns that JOIN … USING has made one of two. */
  readonly merged: Set<string>;
}
export interface CteScope {
  readonly name: string;
  readonly columns: Columns;
  readonly parent: CteScope | null;
}

export const unknownColumn = (name: string, type = ''): NamedColumn => ({
  name,
  type,
  notNull: null,
  column: null,
  relation: null,
});

export const columnsOfRelation = (relation: Relation): NamedColumn[] =>
  relation.columns.map((column) => ({
    name: column.name,
    type: column.type,
    // The catalog knows no NOT NULL of a view's columns.
    notNull: relation.kind === 'table' || relation.kind === 'partitionedTable' ? column.notNull : null,
    column,
    relation,
  }));

/** Every table has them. */
export const systemColumns: ReadonlySet<string> = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid']);

/** The columns under the names that an alias gives them. */
export function renamed(columns: Columns, names: readonly string[]): Columns {
  return columns === null ? null : columns.map((column, index) => ({ ...column, name: names[index] ?? column.name }));
}

export type Found =
  | { readonly kind: 'column'; readonly column: NamedColumn; readonly source: From; readonly depth: number }
  /** A whole row, a system column, an output name, or something of which too little is known. */
  | { readonly kind: 'other'; readonly source: From | null }
  | { readonly kind: 'noSource'; readonly alias: string }
  | { readonly kind: 'noColumn'; readonly source: From | null; readonly name: string }
  | { readonly kind: 'ambiguous'; readonly sources: readonly From[] };

const something: Found = { kind: 'other', source: null };

/** Resolves `column` and `source.column` as the server does: the innermost level that has it. */
export function find(level: Level, path: readonly string[]): Found {
  if (path.length === 1) return findBare(level, path[0] ?? '');
  const name = path.at(-1) ?? '';
  const alias = path.at(-2) ?? '';
  const schema = path.length > 2 ? (path.at(-3) ?? null) : null;
  if (path.length > 2) {
    const known = sourceOf(level, alias, schema);
    // `a.b.c` may be a field of a composite column, or name a database: only what is certain is said.
    return known ? inSource(known.source, name, known.depth) : something;
  }
  const known = sourceOf(level, alias, null);
  if (known) return inSource(known.source, name, known.depth);
  // `(column).field` without brackets is not SQL, but a column of that name hints that it was meant.
  return uncertain(level) ? something : { kind: 'noSource', alias };
}

function sourceOf(level: Level, alias: string, schema: string | null): { source: From; depth: number } | null {
  let depth = 0;
  for (let each: Level | null = level; each; each = each.parent) {
    const source = each.sources.find(
      (from) => from.alias === alias && (schema === null || from.schema === schema || from.relation?.schema === schema),
    );
    if (source) return { source, depth };
    depth++;
  }
  return null;
}

function inSource(source: From, name: string, depth: number): Found {
  if (source.columns === null) return { kind: 'other', source };
  const column = source.columns.find((each) => each.name === name);
  if (column) return { kind: 'column', column, source, depth };
  if (systemColumns.has(name) && (source.relation !== null || source.kind === 'relation'))
    return { kind: 'other', source };
  return { kind: 'noColumn', source, name };
}

function findBare(level: Level, name: string): Found {
  let depth = 0;
  for (let each: Level | null = level; each; each = each.parent) {
    const having = each.sources.filter(({ columns }) => columns?.some((column) => column.name === name));
    const unsure = each.sources.some(({ columns }) => columns === null);
    const [source] = having;
    if (having.length > 1) return unsure || each.merged.has(name) ? something : { kind: 'ambiguous', sources: having };
    const column = source?.columns?.find((one) => one.name === name);
    if (source && column) return { kind: 'column', column, source, depth };
    if (unsure) return something;
    const row = each.sources.find(({ alias }) => alias === name);
    if (row) return { kind: 'other', source: row };
    if (systemColumns.has(name) && each.sources.length > 0) return something;
    depth++;
  }
  return { kind: 'noColumn', source: null, name };
}

const uncertain = (level: Level): boolean => {
  for (let each: Level | null = level; each; each = each.parent)
    if (each.sources.some(({ kind, columns }) => kind === 'other' && columns === null)) return true;
  return false;
};
