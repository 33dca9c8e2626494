/** A diagram as DBML (dbml.dbdiagram.io/docs): tables, columns, keys, enums, references, notes. */
import type { DiagramColumn, DiagramGraph, DiagramKey, DiagramTable } from '../api/diagrams.ts';
import { cardinalityOf } from './graph.ts';

/** DBML has no escape inside a quoted name: a quote in it becomes two simple ones. */
const name = (text: string): string => `"${text.replaceAll('"', "''").replace(/[\r\n]+/g, ' ')}"`;
const full = ({ schema, name: own }: { schema: string; name: string }): string => `${name(schema)}.${name(own)}`;
const note = (text: string): string => `'''${text.replaceAll('\\', '\\\\').replaceAll("'''", "\\'''")}'''`;
/** A type is one word, or quoted. */
const typeOf = (type: string): string =>
  /^[A-Za-z_]\w*(\([\d, ]+\))?$/.test(type) ? type.replaceAll(' ', '') : name(type);

export function dbmlOf(graph: DiagramGraph): string {
  const byId = new Map(graph.tables.map((table) => [table.id, table]));
  const parts = [
    ...graph.types
      .filter(({ labels }) => labels.length > 0)
      .map((type) => `Enum ${full(type)} {\n${type.labels.map((label) => `  ${name(label)}`).join('\n')}\n}`),
    ...graph.tables.map(tableText),
    ...graph.keys.flatMap((key) => {
      const [from, to] = [byId.get(key.from), byId.get(key.to)];
      return from && to ? [keyText(key, from, to)] : [];
    }),
  ];
  return `${parts.join('\n\n')}\n`;
}

function tableText(table: DiagramTable): string {
  const single = new Set(table.uniques.flatMap((unique) => (unique.length === 1 ? unique : [])));
  const primary = table.columns.filter((column) => column.primary);
  const lines = table.columns.map(
    (column) => `  ${name(column.name)} ${typeOf(column.type)}${settings(column, primary.length === 1, single)}`,
  );
  const indexes = table.uniques
    .filter((unique) => unique.length > 1)
    .map((unique) => {
      const isKey = unique.length === primary.length && primary.every((column) => unique.includes(column.name));
      return `    (${unique.map(name).join(', ')}) [${isKey ? 'pk' : 'unique'}]`;
    });
  if (indexes.length > 0) lines.push('  indexes {', ...indexes, '  }');
  if (table.comment !== '') lines.push(`  Note: ${note(table.comment)}`);
  return `Table ${full(table)} {\n${lines.join('\n')}\n}`;
}

function settings(column: DiagramColumn, alone: boolean, single: ReadonlySet<string>): string {
  const all = [
    ...(column.primary && alone ? ['pk'] : single.has(column.name) ? ['unique'] : []),
    ...(column.notNull ? ['not null'] : []),
    ...(column.comment === '' ? [] : [`note: ${note(column.comment)}`]),
  ];
  return all.length === 0 ? '' : ` [${all.join(', ')}]`;
}

function keyText(key: DiagramKey, from: DiagramTable, to: DiagramTable): string {
  const columns = (list: readonly string[]) =>
    list.length === 1 ? name(list[0] ?? '') : `(${list.map(name).join(', ')})`;
  const sign = cardinalityOf(key, from).fromOne ? '-' : '>';
  const said = key.virtual ? '// not declared in the database\n' : '';
  return `${said}Ref ${name(key.name)}: ${full(from)}.${columns(key.fromColumns)} ${sign} ${full(to)}.${columns(key.toColumns)}`;
}
