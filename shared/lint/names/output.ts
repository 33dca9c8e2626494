/** How a query's columns are called, and what a star stands for. */
import { as, functionName, isObject, list, opened, stringOf, strings } from '../tree.ts';
import type { Columns, Level, NamedColumn } from './sources.ts';

export function starColumns(path: readonly string[], level: Level): Columns {
  const sources = path.length === 0 ? level.sources : level.sources.filter(({ alias }) => alias === path.at(-1));
  const columns: NamedColumn[] = [];
  const seen = new Set<string>();
  for (const each of sources) {
    if (each.columns === null) return null;
    for (const column of each.columns) {
      if (path.length === 0 && level.merged.has(column.name) && seen.has(column.name)) continue;
      seen.add(column.name);
      columns.push(each.optional ? { ...column, notNull: false } : column);
    }
  }
  return columns;
}

/** As the server names an unnamed column: after its function, its cast's type, or `?column?`. */
export function nameOfExpression(value: unknown): string {
  const { kind, fields } = opened(value);
  if (kind === 'FuncCall') return functionName(fields);
  if (kind === 'TypeCast') {
    const inner = nameOfExpression(fields.arg);
    const type = isObject(fields.typeName) ? strings(fields.typeName.names).at(-1) : undefined;
    const column = list(as(fields.arg, 'ColumnRef')?.fields).at(-1);
    return column ? stringOf(column) : inner === '?column?' ? (type ?? inner) : inner;
  }
  const [word] = wordsOfKinds[kind] ?? [];
  if (word !== undefined) return word;
  if (kind === 'SubLink' && fields.subLinkType === 'EXISTS_SUBLINK') return 'exists';
  if (kind === 'SubLink' && fields.subLinkType === 'ARRAY_SUBLINK') return 'array';
  return '?column?';
}
const wordsOfKinds: Readonly<Record<string, readonly string[]>> = {
  CoalesceExpr: ['coalesce'],
  CaseExpr: ['case'],
  A_ArrayExpr: ['array'],
  RowExpr: ['row'],
  XmlExpr: ['xml'],
};
