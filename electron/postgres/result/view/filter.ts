/** A filter as a test on a value's bytes. NULL passes `isNull` only, as in SQL. */
import type { ViewSpec } from '../../../../shared/api/results.ts';
import type { Column } from '../../../../shared/api/sessions.ts';
import { invalid } from '../../../../shared/failure.ts';
import { namesZone, timestampKey } from '../compare/instant-key.ts';
import { compareIntervals } from '../compare/interval-key.ts';
import { emptyKey, type KeyOf } from '../compare/key.ts';
import { compareDecimals } from '../compare/number-key.ts';
import { keyFunction } from '../compare/sort-key.ts';
import type { SortKind } from '../compare/sort-kind.ts';
import { textMatcher } from '../compare/text-match.ts';
import { int32At } from '../read/data-row.ts';

type Filter = ViewSpec['filters'][number];
/** Compares a value with the filter's; null: the value's text is not of the column's kind. */
type Comparison = (bytes: Buffer, start: number, end: number) => number | null;
/** Passes, does not, or null: the column cannot be compared as its kind. `field` is the place of the length word. */
export type FilterTest = (bytes: Buffer, field: number) => boolean | null;

const fits: Partial<Record<Filter['operator'], (order: number) => boolean>> = {
  equals: (order) => order === 0,
  notEquals: (order) => order !== 0,
  less: (order) => order < 0,
  lessOrEqual: (order) => order <= 0,
  greater: (order) => order > 0,
  greaterOrEqual: (order) => order >= 0,
};

/** Throws `invalid` where the filter's value is not one of the column's type. */
export function filterTest(filter: Filter, column: Column, kind: SortKind): FilterTest {
  const isNull = (bytes: Buffer, field: number): boolean => field < 0 || int32At(bytes, field) < 0;
  if (filter.operator === 'isNull') return isNull;
  if (filter.operator === 'isNotNull') return (bytes, field) => !isNull(bytes, field);
  const passes = fits[filter.operator];
  if (!passes) return textTest(filter);
  const compare = comparison(filter.value, column, kind);
  return (bytes, field) => {
    const length = field < 0 ? -1 : int32At(bytes, field);
    if (length < 0) return false;
    const order = compare(bytes, field + 4, field + 4 + length);
    return order === null ? null : passes(order);
  };
}

function textTest(filter: Filter): FilterTest {
  const place = filter.operator === 'startsWith' ? 'start' : 'anywhere';
  const match = textMatcher(filter.value, filter.matchCase ?? false, place);
  const wanted = filter.operator !== 'notContains';
  return (bytes, field) => {
    const length = field < 0 ? -1 : int32At(bytes, field);
    return length >= 0 && match(bytes, field + 4, field + 4 + length) === wanted;
  };
}

function comparison(value: string, column: Column, kind: SortKind): Comparison {
  if (kind === 'text') {
    const wanted = Buffer.from(asTyped(value, column));
    return (bytes, start, end) => bytes.compare(wanted, 0, wanted.length, start, end);
  }
  const text = kind === 'number' ? numberAsTyped(value) : value.trim();
  const wanted = emptyKey();
  const given = Buffer.from(text);
  // A time typed without its zone means the clock that the grid shows.
  const keyOf: KeyOf =
    kind === 'timestamptz' && !namesZone(text)
      ? (bytes, start, end, key) => timestampKey(bytes, start, end, key, false)
      : keyFunction(kind);
  const understood = keyFunction(kind)(given, 0, given.length, wanted);
  if (!understood) throw invalid('filters', `"${value}" is not a value of type ${column.typeName}.`);
  const exactly = exactComparison(kind, text);
  const key = emptyKey();
  return (bytes, start, end) => {
    if (!keyOf(bytes, start, end, key)) return null;
    if (key.high !== wanted.high) return key.high - wanted.high;
    if (key.low !== wanted.low) return key.low - wanted.low;
    return key.exact && wanted.exact ? 0 : exactly(bytes, start, end);
  };
}

function exactComparison(kind: SortKind, text: string): (bytes: Buffer, start: number, end: number) => number {
  const compare = kind === 'interval' ? compareIntervals : compareDecimals;
  return (bytes, start, end) => compare(bytes.toString('latin1', start, end), text);
}

/** What a person types for a value whose text form is fixed. */
function asTyped(value: string, column: Column): string {
  const typed = value.trim().toLowerCase();
  if (column.typeOid === 2950) return typed;
  if (column.typeOid !== 16) return value;
  if (['t', 'true', 'yes', 'y', 'on', '1'].includes(typed)) return 't';
  if (['f', 'false', 'no', 'n', 'off', '0'].includes(typed)) return 'f';
  throw invalid('filters', `"${value}" is not a value of type boolean.`);
}

function numberAsTyped(value: string): string {
  const typed = value.trim().replace(/^\+/, '');
  const special = /^(-?)(nan|inf|infinity)$/i.exec(typed);
  if (!special) return typed;
  return special[2]?.toLowerCase() === 'nan' ? 'NaN' : `${special[1]}Infinity`;
}
