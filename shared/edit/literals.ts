/**
 * PostgreSQL's text forms of arrays, composite values and ranges, taken apart and put together, as array_in, record_in
 * and range_in read them. What these readers cannot take apart is edited as text: they answer null.
 */

/** One dimension, no bounds of its own; null elements are NULL. Null where the text is another kind of array. */
export function readArray(text: string, separator = ','): (string | null)[] | null {
  if (!text.startsWith('{') || !text.endsWith('}')) return null;
  const inner = text.slice(1, -1);
  if (inner === '') return [];
  const elements: (string | null)[] = [];
  let at = 0;
  for (;;) {
    if (inner[at] === '{') return null;
    const read = inner[at] === '"' ? quoted(inner, at, true) : bare(inner, at, separator, true);
    if (!read) return null;
    elements.push(read.quoted || read.text.toUpperCase() !== 'NULL' ? read.text : null);
    at = read.to;
    if (at === inner.length) return elements;
    if (inner[at] !== separator) return null;
    at++;
  }
}

export const writeArray = (elements: readonly (string | null)[], separator = ','): string =>
  `{${elements.map((element) => (element === null ? 'NULL' : arrayElement(element, separator))).join(separator)}}`;

const arrayElement = (text: string, separator: string): string =>
  text === '' || /[\s{}"\\]/.test(text) || text.includes(separator) || text.toUpperCase() === 'NULL'
    ? `"${text.replace(/["\\]/g, '\\$&')}"`
    : text;

/** The fields of a composite value; an empty place is NULL. */
export function readRecord(text: string): (string | null)[] | null {
  if (!text.startsWith('(') || !text.endsWith(')')) return null;
  const inner = text.slice(1, -1);
  const fields: (string | null)[] = [];
  let at = 0;
  for (;;) {
    if (inner[at] === undefined || inner[at] === ',') fields.push(null);
    else {
      const read = inner[at] === '"' ? quoted(inner, at, true, true) : bare(inner, at, ',');
      if (!read) return null;
      fields.push(read.text);
      at = read.to;
    }
    if (at === inner.length) return fields;
    if (inner[at] !== ',') return null;
    at++;
  }
}

export const writeRecord = (fields: readonly (string | null)[]): string =>
  `(${fields.map((field) => (field === null ? '' : recordField(field))).join(',')})`;

const recordField = (text: string): string =>
  text === '' || /[\s(),"\\]/.test(text) ? `"${text.replace(/["\\]/g, '$&$&')}"` : text;

export interface RangeParts {
  readonly empty: boolean;
  /** Null: without bound. */
  readonly lower: string | null;
  readonly upper: string | null;
  readonly lowerIncluded: boolean;
  readonly upperIncluded: boolean;
}

export function readRange(text: string): RangeParts | null {
  if (text === 'empty') return { empty: true, lower: null, upper: null, lowerIncluded: false, upperIncluded: false };
  const first = text[0];
  const last = text.at(-1);
  if ((first !== '[' && first !== '(') || (last !== ']' && last !== ')')) return null;
  const inner = text.slice(1, -1);
  const lower = bound(inner, 0);
  if (!lower || inner[lower.to] !== ',') return null;
  const upper = bound(inner, lower.to + 1);
  if (!upper || upper.to !== inner.length) return null;
  return {
    empty: false,
    lower: lower.text,
    upper: upper.text,
    lowerIncluded: first === '[',
    upperIncluded: last === ']',
  };
}

function bound(inner: string, at: number): { text: string | null; to: number } | null {
  if (inner[at] === undefined || inner[at] === ',') return { text: null, to: at };
  return inner[at] === '"' ? quoted(inner, at, true, true) : bare(inner, at, ',');
}

export function writeRange({ empty, lower, upper, lowerIncluded, upperIncluded }: RangeParts): string {
  if (empty) return 'empty';
  const side = (value: string | null) =>
    value === null ? '' : value === '' || /[\s()[\],"\\]/.test(value) ? `"${value.replace(/["\\]/g, '$&$&')}"` : value;
  return `${lowerIncluded ? '[' : '('}${side(lower)},${side(upper)}${upperIncluded ? ']' : ')'}`;
}

interface Read {
  readonly text: string;
  readonly quoted: boolean;
  readonly to: number;
}

/** From an opening quote; `doubled`: two quotes are one. */
function quoted(text: string, from: number, escapes: boolean, doubled = false): Read | null {
  let value = '';
  for (let at = from + 1; at < text.length; at++) {
    const sign = text.charAt(at);
    if (sign === '\\' && escapes) value += text.charAt(++at);
    else if (sign !== '"') value += sign;
    else if (doubled && text[at + 1] === '"') {
      value += '"';
      at++;
    } else return { text: value, quoted: true, to: at + 1 };
  }
  return null;
}

/** Up to the separator. Signs that would need quotes make it another kind of text than is written by the server. */
function bare(text: string, from: number, separator: string, inArray = false): Read | null {
  const found = text.indexOf(separator, from);
  const to = found < 0 ? text.length : found;
  const value = text.slice(from, to);
  const other = inArray ? /["\\{}]/ : /["\\]/;
  return value === '' || other.test(value) ? null : { text: value, quoted: false, to };
}
