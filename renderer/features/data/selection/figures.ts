/** What the selected cells add up to, from the rows that are here: exactly, as numeric would. */
import type { Aggregates, GridColumn, GridRange, GridRow } from '../../../grid/grid-source.ts';

const number = /^-?\d+(\.\d+)?$/;
const mostDistinct = 100_000;

/** Digits after the point, and the number without it. */
interface Scaled {
  readonly digits: bigint;
  readonly scale: number;
}

function scaledOf(text: string): Scaled {
  const [whole = '', fraction = ''] = text.split('.');
  return { digits: BigInt(whole + fraction), scale: fraction.length };
}

const at = ({ digits, scale }: Scaled, wanted: number): bigint => digits * 10n ** BigInt(wanted - scale);

function written(digits: bigint, scale: number): string {
  const sign = digits < 0n ? '-' : '';
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
  return scale === 0 ? sign + text : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

/** @throws where a selected row was never in sight, or a value is shown cut */
export function figuresOf(
  ranges: readonly GridRange[],
  columns: readonly GridColumn[],
  row: (index: number) => GridRow | undefined,
): Aggregates {
  const seen = new Set<string>();
  const distinct = new Set<string>();
  const numbers: Scaled[] = [];
  let [cells, nulls, scale] = [0, 0, 0];
  for (const range of ranges)
    for (let index = range.fromRow; index <= range.toRow; index++) {
      const found = row(index);
      if (!found) throw new Error('Only rows that have been in sight are added up.');
      for (const column of range.columns) {
        const place = `${index} ${column}`;
        if (seen.has(place)) continue;
        seen.add(place);
        cells++;
        const cell = found.cells[column] ?? null;
        if (cell === null) nulls++;
        else if (distinct.size <= mostDistinct) distinct.add(cell);
        if (cell === null || columns[column]?.category !== 'N' || !number.test(cell)) continue;
        const value = scaledOf(cell);
        scale = Math.max(scale, value.scale);
        numbers.push(value);
      }
    }
  const all = numbers.map((value) => at(value, scale));
  const sum = all.reduce((total, value) => total + value, 0n);
  const least = all.reduce<bigint | null>((now, value) => (now === null || value < now ? value : now), null);
  const greatest = all.reduce<bigint | null>((now, value) => (now === null || value > now ? value : now), null);
  const some = all.length > 0;
  // Sixteen digits more than the values have, as numeric gives an average.
  const average = some ? written((sum * 10n ** 16n) / BigInt(all.length), scale + 16).replace(/\.?0+$/, '') : null;
  return {
    cells,
    nulls,
    numbers: all.length,
    sum: some ? written(sum, scale) : null,
    average,
    min: least === null ? null : written(least, scale),
    max: greatest === null ? null : written(greatest, scale),
    distinct: distinct.size > mostDistinct ? null : distinct.size,
  };
}
