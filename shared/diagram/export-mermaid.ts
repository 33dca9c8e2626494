/** A diagram as Mermaid's erDiagram, which GitHub and many wikis draw. */
import type { DiagramColumn, DiagramGraph, DiagramKey, DiagramTable } from '../api/diagrams.ts';
import { cardinalityOf } from './graph.ts';

/** Inside quotes Mermaid takes anything but a quote, and HTML entities for that. */
const quoted = (text: string): string => `"${text.replaceAll('"', '#quot;').replace(/[\r\n]+/g, ' ')}"`;
/** A type or an attribute's name is one word of few characters. */
const word = (text: string): string => {
  const plain = text.replace(/[^\p{L}\p{N}_()[\]-]+/gu, '_').replace(/^_+|_+$/g, '');
  return /^[\p{L}]/u.test(plain) ? plain : `_${plain}`;
};

export function mermaidOf(graph: DiagramGraph): string {
  const several = new Set(graph.tables.map(({ schema }) => schema)).size > 1;
  const numbers = new Map(graph.tables.map(({ id }, number) => [id, `t${number + 1}`]));
  const byId = new Map(graph.tables.map((table) => [table.id, table]));
  const linked = Map.groupBy(graph.keys, ({ from }) => from);
  const lines = graph.tables.map((table) => {
    const title = several ? `${table.schema}.${table.name}` : table.name;
    const columns = new Set((linked.get(table.id) ?? []).flatMap(({ fromColumns }) => fromColumns));
    const body = table.columns.map((column) => `    ${attribute(column, table, columns)}`).join('\n');
    return `  ${numbers.get(table.id)}[${quoted(title)}]${body === '' ? '' : ` {\n${body}\n  }`}`;
  });
  const keys = graph.keys.flatMap((key) => {
    const from = byId.get(key.from);
    return from && byId.has(key.to)
      ? [`  ${numbers.get(key.to)} ${sign(key, from)} ${numbers.get(key.from)} : ${quoted(key.name)}`]
      : [];
  });
  return ['erDiagram', ...lines, ...keys, ''].join('\n');
}

function attribute(column: DiagramColumn, { uniques }: DiagramTable, linked: ReadonlySet<string>): string {
  const isUnique = uniques.some((unique) => unique.length === 1 && unique[0] === column.name);
  const marks = [
    column.primary ? 'PK' : '',
    linked.has(column.name) ? 'FK' : '',
    isUnique && !column.primary ? 'UK' : '',
  ];
  const shown = marks.filter(Boolean).join(', ');
  return `${word(column.type)} ${word(column.name)}${shown === '' ? '' : ` ${shown}`}${column.comment === '' ? '' : ` ${quoted(column.comment)}`}`;
}

/** The table referred to stands at the left. */
function sign(key: DiagramKey, from: DiagramTable): string {
  const { fromOne, toOptional } = cardinalityOf(key, from);
  return `${toOptional ? '|o' : '||'}${key.virtual ? '..' : '--'}${fromOne ? 'o|' : 'o{'}`;
}
