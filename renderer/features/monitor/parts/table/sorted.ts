export interface SortBy {
  readonly key: string;
  readonly down: boolean;
}

/** A sorted copy; what has no value comes last in either direction. */
export function sorted<Row>(
  rows: readonly Row[],
  value: (row: Row) => string | number | null,
  down: boolean,
): readonly Row[] {
  const sign = down ? -1 : 1;
  return rows.toSorted((a, b) => {
    const left = value(a);
    const right = value(b);
    if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
    if (typeof left === 'number' && typeof right === 'number') return sign * (left - right);
    return sign * String(left).localeCompare(String(right), 'en', { numeric: true });
  });
}
