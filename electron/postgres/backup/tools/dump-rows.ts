/** Of which table the rows are that a dump's statement brings: COPY, or INSERT (`--inserts`, `--rows-per-insert`). */

const word = String.raw`(?:"(?:[^"]|"")+"|[^\s"(.]+)`;
const table = `(${word}(?:\\.${word})?)`;
const copyHead = new RegExp(`^COPY ${table} `, 'i');
const insertHead = new RegExp(`^INSERT INTO ${table} `, 'i');
const overriding = /\s*(?:OVERRIDING (?:SYSTEM|USER) VALUE\s+)?VALUES\b/iy;
const noValues = /\s*DEFAULT VALUES\b/iy;

export interface InsertedRows {
  /** As the dump writes it. */
  readonly name: string;
  readonly rows: number;
  /** What stands behind the name. */
  readonly rest: string;
}

/** @param text of a COPY … FROM stdin. Columns in their brackets, '' where none are named */
export function copiedTable(text: string): { readonly name: string; readonly columns: string } {
  const [head = '', name = ''] = copyHead.exec(text) ?? [];
  const to = text.search(/\sFROM\s+stdin\b[^"']*$/i);
  return { name, columns: text.slice(head.length, Math.max(to, head.length)).trim() };
}

/** Null where it is no INSERT of rows that are written out. */
export function insertedRows(text: string): InsertedRows | null {
  const [head, name = ''] = insertHead.exec(text.slice(0, 1000)) ?? [];
  if (head === undefined) return null;
  const at = text.charAt(head.length) === '(' ? behindBracket(text, head.length) : head.length;
  const rest = text.slice(head.length);
  noValues.lastIndex = at;
  if (noValues.test(text)) return { name, rows: 1, rest };
  overriding.lastIndex = at;
  return overriding.test(text) ? { name, rows: brackets(text, overriding.lastIndex), rest } : null;
}

/** Behind the bracket that closes the one at `from`. */
function behindBracket(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === quote || char === doubleQuote) at = endOfQuoted(text, at);
    else if (char === opening) depth++;
    else if (char === closing && --depth === 0) return at + 1;
  }
  return text.length;
}

/** How many pairs of them stand side by side, with commas between. */
function brackets(text: string, from: number): number {
  let at = text.indexOf('(', from);
  for (let count = 0; ; count++) {
    if (text.charCodeAt(at) !== opening) return count;
    next.lastIndex = behindBracket(text, at);
    if (!next.test(text)) return count + 1;
    at = next.lastIndex;
  }
}
const next = /\s*,\s*/y;

const quote = 0x27;
const doubleQuote = 0x22;
const opening = 0x28;
const closing = 0x29;
const backslash = 0x5c;

/** Where the quote is that ends it; a doubled one begins it anew, which comes to the same. */
function endOfQuoted(text: string, from: number): number {
  const wanted = text.charCodeAt(from);
  if (wanted !== quote || !/[eE]/.test(text.charAt(from - 1))) {
    const end = text.indexOf(text.charAt(from), from + 1);
    return end < 0 ? text.length : end;
  }
  for (let at = from + 1; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === backslash) at++;
    else if (char === wanted) return at;
  }
  return text.length;
}
