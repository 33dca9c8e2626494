/** Finding a text among the rows that a grid has in memory: the next cell that holds it, and how many there are. */
import type { FindHit, FindRequest, GridRow } from '../grid-source.ts';

/** What is looked for; null where nothing is. */
export type Sought = Pick<FindRequest, 'text' | 'matchCase'> | null;

export function holds(cell: string | null | undefined, { text, matchCase }: NonNullable<Sought>): boolean {
  if (typeof cell !== 'string') return false;
  return matchCase ? cell.includes(text) : cell.toLowerCase().includes(text.toLowerCase());
}

/**
 * The next hit after (`backwards`: before) a cell, row by row and in the columns' order; round the end where there is
 * none on the way. @param columns as they are shown
 */
export function findInRows(
  rows: Iterable<readonly [number, GridRow]>,
  columns: readonly number[],
  request: FindRequest,
): FindHit | null {
  const hits: { readonly row: number; readonly column: number; readonly place: number }[] = [];
  for (const [row, { cells }] of [...rows].sort(([a], [b]) => a - b))
    for (const [place, column] of columns.entries())
      if (holds(cells[column], request)) hits.push({ row, column, place });
  if (hits.length === 0) return null;
  const { fromRow, backwards } = request;
  const from = columns.indexOf(request.fromColumn);
  const beyond = (hit: (typeof hits)[number]) =>
    hit.row !== fromRow ? hit.row > fromRow !== backwards : hit.place !== from && hit.place > from !== backwards;
  const next = backwards ? hits.findLastIndex(beyond) : hits.findIndex(beyond);
  const at = next >= 0 ? next : backwards ? hits.length - 1 : 0;
  const { row = 0, column = 0 } = hits[at] ?? {};
  return { row, column, wrapped: next < 0, at: at + 1, of: hits.length };
}
