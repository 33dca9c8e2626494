/** What a key that is drawn by pointer begins with: the two tables, and their columns as far as these can be told. */
import type { DiagramKey, DiagramTable } from '../../../../shared/api/diagrams.ts';
import type { CardRowAt } from '../../../diagram/cards/join/grip.ts';
import { rowNumbers } from '../cards-of.ts';
import type { DiagramState } from '../diagram-model.ts';

export interface ColumnPair {
  readonly from: string;
  readonly to: string;
}
export interface KeyStart {
  readonly from: string;
  readonly to?: string;
  readonly pairs?: readonly ColumnPair[];
}

/** Referred to is the row it was drawn to where that alone is a key, else the primary key of its table. */
export function keyStartOf(
  { shown, content }: Pick<DiagramState, 'shown' | 'content'>,
  from: CardRowAt,
  to: CardRowAt,
): KeyStart {
  const [fromTable, toTable] = [from, to].map(({ id }) => shown.tables.find((table) => table.id === id));
  if (!fromTable || !toTable) return { from: from.id };
  const columnAt = (table: DiagramTable, { row }: CardRowAt): string => {
    const touching = shown.keys.filter((key: DiagramKey) => key.from === table.id || key.to === table.id);
    return [...rowNumbers(table, touching, content.detail)].find(([, number]) => number === row)?.[0] ?? '';
  };
  const own = columnAt(fromTable, from);
  const aimed = columnAt(toTable, to);
  const primary = toTable.columns.filter((column) => column.primary).map(({ name }) => name);
  const isKey = toTable.uniques.some((unique) => unique.length === 1 && unique[0] === aimed);
  const referred = isKey || primary.length === 0 ? [isKey ? aimed : ''] : primary;
  const ofSameName = (name: string) => (fromTable.columns.some((column) => column.name === name) ? name : '');
  return {
    from: from.id,
    to: to.id,
    pairs: referred.map((name, at) => ({
      from: referred.length === 1 ? own : ofSameName(name) || (at === 0 ? own : ''),
      to: name,
    })),
  };
}
