/** How the values of a column are ordered, by its type: as PostgreSQL orders them, where their text form says enough. */
import type { Column } from '../../../../shared/api/sessions.ts';

/**
 * number: by value, exactly, of any length; NaN above Infinity. money: by amount. date, timestamp, timestamptz, time,
 * timetz, interval: by instant, length or time of day. lsn: by position. text: by code point (as COLLATE "C"), which is
 * also the order of boolean, uuid and bytea.
 */
export type SortKind =
  | 'number'
  | 'money'
  | 'date'
  | 'timestamp'
  | 'timestamptz'
  | 'time'
  | 'timetz'
  | 'interval'
  | 'lsn'
  | 'text';

const kinds: ReadonlyMap<number, SortKind> = new Map<number, SortKind>([
  ...[20, 21, 23, 26, 28, 29, 700, 701, 1700, 5069].map((oid) => [oid, 'number'] as const),
  [790, 'money'],
  [1082, 'date'],
  [1114, 'timestamp'],
  [1184, 'timestamptz'],
  [1083, 'time'],
  [1266, 'timetz'],
  [1186, 'interval'],
  [3220, 'lsn'],
]);

export const sortKindOf = (column: Pick<Column, 'typeOid'>): SortKind => kinds.get(column.typeOid) ?? 'text';

/** What must be said about an order, where it is not the server's. */
export function sortNote(column: Column): string | null {
  if (column.category === 'E')
    return `${column.name}: enum values are ordered by their label, not by their place in the type.`;
  if (column.category === 'S') return `${column.name}: text is ordered by code point, as COLLATE "C" does.`;
  if (sortKindOf(column) !== 'text' || exactAsText.has(column.typeOid)) return null;
  return `${column.name}: values of type ${column.typeName} are ordered as text.`;
}

/** boolean, bytea, "char", name, uuid, bit, varbit: their text's order is theirs. */
const exactAsText: ReadonlySet<number> = new Set([16, 17, 18, 19, 2950, 1560, 1562]);
