/** What a partition holds: read from `FOR VALUES …`, written, and said as a condition that the server takes as proof. */
import { identifier } from '../sql/quote.ts';

export type Strategy = 'range' | 'list' | 'hash';
export interface PartitionKey {
  readonly strategy: Strategy;
  /** As SQL: columns, or expressions with what belongs to them. */
  readonly parts: readonly string[];
}

/** `RANGE (created_at, lower(name))`; null where it says nothing yet. */
export function partitionKey(partitionBy: string | null): PartitionKey | null {
  const found = /^\s*(range|list|hash)\s*\((.*)\)\s*$/is.exec(partitionBy ?? '');
  if (!found) return null;
  const parts = listItems(found[2] ?? '');
  return parts.length === 0 ? null : { strategy: (found[1] ?? '').toLowerCase() as Strategy, parts };
}

/** The items of a list of SQL, cut at the commas that are not within quotes or brackets. */
export function listItems(text: string): string[] {
  const items: string[] = [];
  let depth = 0;
  let quote = '';
  let item = '';
  for (const letter of text) {
    if (quote !== '') quote = letter === quote ? '' : quote;
    else if (letter === "'" || letter === '"') quote = letter;
    else if (letter === '(' || letter === '[') depth++;
    else if (letter === ')' || letter === ']') depth--;
    if (letter === ',' && depth === 0 && quote === '') {
      items.push(item.trim());
      item = '';
    } else item += letter;
  }
  if (item.trim() !== '' || items.length > 0) items.push(item.trim());
  return items;
}

export type Bound =
  | { readonly kind: 'range'; readonly from: readonly string[]; readonly to: readonly string[] }
  | { readonly kind: 'list'; readonly values: readonly string[] }
  | { readonly kind: 'hash'; readonly modulus: string; readonly remainder: string }
  | { readonly kind: 'default' };

/** Null where the text is not (or not yet) a bound. */
export function readBound(text: string): Bound | null {
  const plain = text.trim();
  if (/^default$/i.test(plain)) return { kind: 'default' };
  const range = /^for\s+values\s+from\s*\((.*)\)\s*to\s*\((.*)\)$/is.exec(plain);
  if (range) return { kind: 'range', from: listItems(range[1] ?? ''), to: listItems(range[2] ?? '') };
  const list = /^for\s+values\s+in\s*\((.*)\)$/is.exec(plain);
  if (list) return { kind: 'list', values: listItems(list[1] ?? '') };
  const hash = /^for\s+values\s+with\s*\(\s*modulus\s+(\d+)\s*,\s*remainder\s+(\d+)\s*\)$/i.exec(plain);
  return hash ? { kind: 'hash', modulus: hash[1] ?? '', remainder: hash[2] ?? '' } : null;
}

export function writeBound(bound: Bound): string {
  if (bound.kind === 'default') return 'DEFAULT';
  if (bound.kind === 'list') return `FOR VALUES IN (${bound.values.join(', ')})`;
  if (bound.kind === 'hash') return `FOR VALUES WITH (MODULUS ${bound.modulus}, REMAINDER ${bound.remainder})`;
  return `FOR VALUES FROM (${bound.from.join(', ')}) TO (${bound.to.join(', ')})`;
}

/**
 * The rows of a bound as a condition, in the form in which the server looks for it among the CHECKs of a table before it
 * reads the table instead. Null where there is none: expressions in the key, HASH, DEFAULT.
 */
export function boundCondition(key: PartitionKey, columns: readonly string[], bound: Bound): string | null {
  const names = new Set(columns.map(identifier));
  if (!key.parts.every((part) => names.has(part))) return null;
  const [only = ''] = key.parts;
  if (bound.kind === 'list') {
    const values = bound.values.filter((value) => !/^null$/i.test(value));
    const among = values.length > 0 ? [`${only} IN (${values.join(', ')})`] : [];
    if (values.length < bound.values.length) return [`${only} IS NULL`, ...among].join(' OR ');
    return among.length > 0 ? `${only} IS NOT NULL AND ${among[0]}` : null;
  }
  if (bound.kind !== 'range') return null;
  const { from, to } = bound;
  if (from.length !== key.parts.length || to.length !== key.parts.length) return null;
  const given = key.parts.map((part) => `${part} IS NOT NULL`);
  // Columns in which both ends agree are fixed, up to the first in which they do not.
  let fixed = 0;
  while (fixed < from.length - 1 && from[fixed] === to[fixed] && !isEdge(from[fixed])) fixed++;
  const same = key.parts.slice(0, fixed).map((part, at) => `${part} = ${from[at]}`);
  const rest = key.parts.slice(fixed);
  const ends = [side(rest, from.slice(fixed), '>', 'minvalue'), side(rest, to.slice(fixed), '<', 'maxvalue')];
  return [...given, ...same, ...ends.filter((end) => end !== null)].join(' AND ');
}

const isEdge = (value: string | undefined): boolean => /^(min|max)value$/i.test(value ?? '');

/** Beyond one end, column by column as rows are compared; null where that end is open. */
function side(parts: readonly string[], values: readonly string[], sign: '>' | '<', open: string): string | null {
  const ways: string[] = [];
  for (const [at, part] of parts.entries()) {
    const value = values[at] ?? '';
    const before = parts.slice(0, at).map((each, place) => `${each} = ${values[place]}`);
    if (value.toLowerCase() === open) {
      // Whatever it is from here on: being equal so far is enough.
      if (before.length === 0) return null;
      ways.push(before.length === 1 ? `${before[0]}` : `(${before.join(' AND ')})`);
      break;
    }
    if (isEdge(value)) break;
    const isLast = at === parts.length - 1;
    // The lower end belongs to the partition, the upper one does not.
    const own = `${part} ${isLast && sign === '>' ? '>=' : sign} ${value}`;
    ways.push(before.length === 0 ? own : `(${[...before, own].join(' AND ')})`);
  }
  return ways.length === 1 ? `${ways[0]}` : `(${ways.join(' OR ')})`;
}

/** The range after the last one, as wide as it: for days, months, years and whole numbers. Null where that is no question. */
export function nextRange(bounds: readonly string[]): { from: string; to: string } | null {
  const ranges = bounds.flatMap((text) => {
    const bound = readBound(text);
    const [from, to] = bound?.kind === 'range' && bound.from.length === 1 ? [bound.from[0], bound.to[0]] : [];
    return from === undefined || to === undefined || isEdge(from) || isEdge(to) ? [] : [{ from, to }];
  });
  const sorted = ranges
    .map((range) => ({ ...range, place: placeOf(range.to) }))
    .filter(({ place }) => !Number.isNaN(place))
    .sort((a, b) => a.place - b.place);
  const last = sorted.at(-1);
  if (!last) return null;
  const to = after(last.from, last.to);
  return to === null ? null : { from: last.to, to };
}
const bare = (literal: string): string => literal.replace(/^'(.*)'$/s, '$1');
const placeOf = (literal: string): number => {
  const text = bare(literal);
  return /^-?\d+$/.test(text) ? Number(text) : Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
};

/** `to` and the width of the range, in the writing of `to`. */
function after(from: string, to: string): string | null {
  const [first, last] = [bare(from), bare(to)];
  if (/^-?\d+$/.test(first) && /^-?\d+$/.test(last)) {
    const next = BigInt(last) + (BigInt(last) - BigInt(first));
    return to.startsWith("'") ? `'${next}'` : String(next);
  }
  const day = /^(\d{4})-(\d{2})-(\d{2})(.*)$/s;
  const [start, end] = [day.exec(first), day.exec(last)];
  if (!start || !end || start[4] !== end[4]) return null;
  const months = (Number(end[1]) - Number(start[1])) * 12 + Number(end[2]) - Number(start[2]);
  const days = Math.round((placeOf(to) - placeOf(from)) / 86_400_000);
  const [year, month, date] = [Number(end[1]), Number(end[2]), Number(end[3])];
  const wholeMonths = start[3] === end[3] && months > 0;
  const next = wholeMonths
    ? new Date(Date.UTC(year, month - 1 + months, date))
    : new Date(Date.UTC(year, month - 1, date + days));
  return `'${next.toISOString().slice(0, 10)}${end[4]}'`;
}
