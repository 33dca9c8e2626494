/**
 * A diagram's tables and keys as SQL that makes them: schemas, types, columns with their types and NOT NULL, primary and
 * unique keys, foreign keys. What a diagram does not know (expressions of defaults, checks, indexes, partitions) is not
 * in it, and its head says so.
 */
import type { DiagramGraph, DiagramKey, DiagramTable } from '../api/diagrams.ts';
import { identifier, qualified, quoteLiteral } from '../sql/quote.ts';

const names = (columns: readonly string[]): string => columns.map(identifier).join(', ');
const isView = ({ kind }: DiagramTable): boolean => kind === 'view' || kind === 'materializedView';

/** Views have no definition here and are left out. */
export function sqlOf(graph: DiagramGraph): string {
  const tables = graph.tables.filter((table) => !isView(table));
  const ids = new Set(tables.map(({ id }) => id));
  const used = tables.flatMap(({ columns }) => columns.map(({ type }) => type)).join('\n');
  const types = graph.types.filter(({ name }) => used.includes(name));
  const schemas = new Set([...tables, ...types].map(({ schema }) => schema));
  const declared = graph.keys.filter((key) => !key.virtual);
  const referredTo = Map.groupBy(declared, ({ to }) => to);
  const views = graph.tables.length - tables.length;
  return [
    '-- Tables, types and keys as the diagram shows them.',
    '-- Not in it: expressions of defaults, checks, indexes, partitions, and what is no table.',
    ...(views > 0 ? [`-- Views left out: ${views}`] : []),
    '',
    ...[...schemas]
      .filter((schema) => schema !== 'public')
      .map((schema) => `CREATE SCHEMA IF NOT EXISTS ${identifier(schema)};`),
    ...types
      .toSorted((a, b) => Number(a.base !== null) - Number(b.base !== null))
      .map(({ schema, name, labels, base }) =>
        base === null
          ? `CREATE TYPE ${qualified(schema, name)} AS ENUM (${labels.map(quoteLiteral).join(', ')});`
          : `CREATE DOMAIN ${qualified(schema, name)} AS ${base};`,
      ),
    ...tables.map((table) => tableSql(table, referredTo.get(table.id) ?? [])),
    ...graph.keys
      .filter(({ from, to }) => ids.has(from) && ids.has(to))
      .map(
        ({ name, from, to, fromColumns, toColumns, virtual }) =>
          `${virtual ? '-- Not declared in the database:\n-- ' : ''}ALTER TABLE ${from} ADD CONSTRAINT ${identifier(name)} FOREIGN KEY (${names(fromColumns)}) REFERENCES ${to} (${names(toColumns)});`,
      ),
    '',
  ].join('\n');
}

function tableSql({ id, columns, uniques, comment }: DiagramTable, into: readonly DiagramKey[]): string {
  const primary = columns.filter((column) => column.primary).map(({ name }) => name);
  // The key's own order of columns, where it is known.
  const key = uniques.find((unique) => sameColumns(unique, primary)) ?? primary;
  // What is referred to may be unique by an index alone, of which a diagram knows nothing.
  const lacking = into
    .map(({ toColumns }) => toColumns)
    .filter((to) => !uniques.some((unique) => sameColumns(unique, to)));
  const lines = [
    ...columns.map(({ name, type, notNull }) => `${identifier(name)} ${type}${notNull ? ' NOT NULL' : ''}`),
    ...(key.length > 0 ? [`PRIMARY KEY (${names(key)})`] : []),
    ...[...uniques.filter((unique) => unique !== key), ...distinct(lacking)].map(
      (unique) => `UNIQUE (${names(unique)})`,
    ),
  ];
  const body = lines.length === 0 ? '()' : `(\n  ${lines.join(',\n  ')}\n)`;
  return [
    '',
    `CREATE TABLE ${id} ${body};`,
    ...(comment === '' ? [] : [`COMMENT ON TABLE ${id} IS ${quoteLiteral(comment)};`]),
    ...columns
      .filter((column) => column.comment !== '')
      .map((column) => `COMMENT ON COLUMN ${id}.${identifier(column.name)} IS ${quoteLiteral(column.comment)};`),
  ].join('\n');
}

const sameColumns = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((column) => b.includes(column));
const distinct = (lists: readonly (readonly string[])[]): (readonly string[])[] =>
  lists.filter((list, at) => !lists.slice(0, at).some((other) => sameColumns(other, list)));
