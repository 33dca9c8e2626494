/** Tables and keys as cards and lines. */
import type { DiagramColumn, DiagramContent, DiagramKey, DiagramTable } from '../../../shared/api/diagrams.ts';
import { cardinalityOf, type Shown } from '../../../shared/diagram/graph.ts';
import type { Card, CardRow, Line } from '../../diagram/cards/card.ts';
import { shownCount } from '../../ui/amounts.ts';
import { visibleText } from '../../ui/visible-text.ts';

/** A table of 1,600 columns would be a tower: further ones are counted. */
const mostRows = 30;

export type Detail = DiagramContent['detail'];
export interface CardLook {
  readonly detail: Detail;
  /** Names are told with their schema. */
  readonly withSchema: boolean;
  readonly colors: DiagramContent['colors'];
  readonly marks: ReadonlyMap<string, 'added' | 'changed'>;
  /** Tables that stand for so many folded partitions. */
  readonly folded: ReadonlyMap<string, number>;
  readonly heat: ReadonlyMap<string, { readonly share: number; readonly text: string }> | null;
}

export function cardOf(table: DiagramTable, keys: readonly DiagramKey[], look: CardLook): Card {
  const { columns, rest } = columnsShown(table, keys, look.detail);
  const linked = new Set(keys.filter(({ from }) => from === table.id).flatMap(({ fromColumns }) => fromColumns));
  const partitions = look.folded.get(table.id) ?? 0;
  const heat = look.heat?.get(table.id);
  const foot = [
    rest > 0 && look.detail === 'all' ? `and ${shownCount(rest)} more columns` : '',
    partitions > 0 ? `${shownCount(partitions)} partition${partitions === 1 ? '' : 's'} folded` : '',
  ].filter(Boolean);
  return {
    id: table.id,
    before: look.withSchema ? `${visibleText(table.schema)}.` : '',
    title: visibleText(table.name),
    badge: heat?.text ?? '',
    rows: columns.map((column) => rowOf(column, linked)),
    foot: foot.join(', '),
    color: look.colors[table.id] ?? null,
    heat: heat?.share ?? null,
    mark: look.marks.get(table.id) ?? null,
    dashed: table.kind !== 'table' && table.kind !== 'partitionedTable',
  };
}

const rowOf = (column: DiagramColumn, linked: ReadonlySet<string>): CardRow => ({
  left: visibleText(column.name),
  right: `${visibleText(column.type)}${column.notNull ? '' : '?'}`,
  mark: column.primary ? 'key' : linked.has(column.name) ? 'link' : 'none',
  strong: column.primary,
});

function columnsShown(
  table: DiagramTable,
  keys: readonly DiagramKey[],
  detail: Detail,
): { columns: readonly DiagramColumn[]; rest: number } {
  if (detail === 'name') return { columns: [], rest: table.columns.length };
  const named = new Set([
    ...table.uniques.flat(),
    ...keys.flatMap(({ from, to, fromColumns, toColumns }) => [
      ...(from === table.id ? fromColumns : []),
      ...(to === table.id ? toColumns : []),
    ]),
  ]);
  const wanted =
    detail === 'all' ? table.columns : table.columns.filter((each) => each.primary || named.has(each.name));
  return { columns: wanted.slice(0, mostRows), rest: table.columns.length - Math.min(wanted.length, mostRows) };
}

/** The line of a key between the rows it joins, as far as these are shown. */
export function lineOf(
  key: DiagramKey,
  rowsOf: (table: string) => ReadonlyMap<string, number>,
  from: DiagramTable,
): Line {
  const { fromOne, toOptional } = cardinalityOf(key, from);
  const row = (table: string, columns: readonly string[]) => rowsOf(table).get(columns[0] ?? '') ?? -1;
  return {
    id: key.id,
    from: key.from,
    to: key.to,
    fromRow: row(key.from, key.fromColumns),
    toRow: row(key.to, key.toColumns),
    fromEnd: { many: !fromOne, optional: true },
    toEnd: { many: false, optional: toOptional },
    dashed: key.virtual,
    label: key.name,
  };
}

/** Where the columns of a card stand. */
export function rowNumbers(table: DiagramTable, keys: readonly DiagramKey[], detail: Detail): Map<string, number> {
  return new Map(columnsShown(table, keys, detail).columns.map(({ name }, number) => [name, number]));
}

/** How many partitions each table stands for. */
export function foldedPartitions(tables: readonly DiagramTable[], shown: Shown): Map<string, number> {
  const ids = new Set(shown.tables.map(({ id }) => id));
  const parents = new Map(tables.map(({ id, parent }) => [id, parent]));
  const counts = new Map<string, number>();
  for (const { id } of tables) {
    if (ids.has(id)) continue;
    let home = parents.get(id) ?? null;
    while (home !== null && !ids.has(home)) home = parents.get(home) ?? null;
    if (home !== null) counts.set(home, (counts.get(home) ?? 0) + 1);
  }
  return counts;
}
