/** What a file probably is, from its name and its beginning: form, encoding, marks, header and types. */
import { isUtf8 } from 'node:buffer';
import type { ImportDialect } from '../../../shared/api/import-plan.ts';
import type { TextEncoding } from '../../../shared/api/text-encodings.ts';
import { wholeCharacters } from '../result/read/utf8.ts';

/**
 * @param head the first bytes, unpacked
 * @param notes gets a sentence where there are characters of more than one encoding in it
 */
export function sniffEncoding(head: Uint8Array, notes: string[]): TextEncoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  const whole = head.subarray(0, wholeCharacters(head, 0, head.length));
  if (isUtf8(whole)) return 'utf-8';
  let [asUtf8, other] = [0, 0];
  for (const character of new TextDecoder().decode(whole))
    if (character === '\ufffd') other++;
    else if (character > '\u007f') asUtf8++;
  if (asUtf8 === 0) return 'windows-1252';
  const mostly = asUtf8 >= other ? 'utf-8' : 'windows-1252';
  notes.push(
    mostly === 'utf-8'
      ? 'There is UTF-8 in it and something else: rows whose bytes are no UTF-8 will be refused, each with its line.'
      : 'Read as windows-1252, but some of its characters look like UTF-8: see whether they come out right.',
  );
  return mostly;
}

/** What a file is not, though its name says so; null where name and bytes agree. */
export function misnamed(name: string, format: ImportDialect['format']): string | null {
  const ending = /\.(xls[xmb]?|parquet)$/i.exec(name)?.[1]?.toLowerCase();
  if (ending === undefined || format === (ending === 'parquet' ? ending : 'xlsx')) return null;
  return `It is called .${ending}, but it is ${ending === 'parquet' ? 'no Parquet file' : 'no workbook'}: it is read as ${format.toUpperCase()}.`;
}

/** Of Excel before 2007, which is another form altogether. */
export const isOldWorkbook = (head: Buffer): boolean => head.toString('hex', 0, 8) === 'd0cf11e0a1b11ae1';

/** COPY's own word for NULL where a file of separated values has it between its marks. */
export function sniffNullText(text: string, delimiter: string): string | null {
  const mark = delimiter.replace(/[|^]/, '\\$&');
  return new RegExp(`(^|${mark})\\\\N(${mark}|\r?$)`, 'm').test(text) ? '\\N' : null;
}

/** @param name the file's, without what says that it is packed */
export function sniffFormat(name: string, head: Buffer, text: string): ImportDialect['format'] {
  if (head.toString('latin1', 0, 4) === 'PAR1') return 'parquet';
  if (head.toString('latin1', 0, 4) === 'PK\u0003\u0004') return 'xlsx';
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase();
  const first = text.trimStart()[0];
  if (ending === 'json' || ending === 'ndjson' || ending === 'jsonl') return first === '[' ? 'json' : 'ndjson';
  if (first === '{' && /^\s*\{\s*"/.test(text)) return 'ndjson';
  if (first === '[' && /^\s*\[\s*\{/.test(text)) return 'json';
  // COPY's text form shows itself by its NULLs.
  return /(^|\t)\\N(\t|\r?$)/m.test(text) ? 'text' : 'csv';
}

const delimiters = [',', ';', '\t', '|', '^', ':'] as const;

/** The mark that cuts the first records into the same number of values, the more of them the better. */
export function sniffDelimiter(text: string, quote: string): string {
  const lines = firstRecords(text, quote, 50);
  let best: { readonly mark: string; readonly score: number } = { mark: ',', score: 0 };
  for (const mark of delimiters) {
    const counts = lines.map((line) => countOutside(line, mark, quote));
    const usual = counts[0] ?? 0;
    if (usual === 0) continue;
    const alike = counts.filter((count) => count === usual).length / counts.length;
    const score = alike * 100 + Math.min(usual, 20);
    if (score > best.score) best = { mark, score };
  }
  return best.mark;
}

function firstRecords(text: string, quote: string, most: number): string[] {
  const records: string[] = [];
  let from = 0;
  let inQuote = false;
  for (let at = 0; at < text.length && records.length < most; at++) {
    if (text[at] === quote) inQuote = !inQuote;
    if (text[at] !== '\n' || inQuote) continue;
    if (at > from) records.push(text.slice(from, at));
    from = at + 1;
  }
  if (records.length === 0 && text.length > from) records.push(text.slice(from));
  return records;
}

function countOutside(line: string, mark: string, quote: string): number {
  let inQuote = false;
  let count = 0;
  for (const character of line) {
    if (character === quote) inQuote = !inQuote;
    else if (character === mark && !inQuote) count++;
  }
  return count;
}

/** Names at the top: all there, all different, none of them a value like those below. */
export function sniffHeader(first: readonly (string | null)[], rest: readonly (readonly (string | null)[])[]): boolean {
  if (first.some((name) => name === null || name.trim() === '' || name.length > 200)) return false;
  if (new Set(first).size < first.length) return false;
  if (first.some((name) => typeOfValue(name as string) !== 'text')) return false;
  const types = typesOf(rest, first.length);
  // With texts only, names look like names.
  return (
    types.some((type) => type !== 'text') ||
    first.every((name) => /^[\p{L}_"][\p{L}\p{N}_ .()/%#"-]{0,80}$/u.test(name as string))
  );
}

/** The narrowest type of PostgreSQL that takes all the values; text where there are none. */
export function typesOf(rows: readonly (readonly (string | null)[])[], columns: number): string[] {
  return Array.from({ length: columns }, (_, at) => {
    let type: string | null = null;
    for (const row of rows) {
      const value = row[at];
      if (value === null || value === undefined) continue;
      type = type === null ? typeOfValue(value) : widened(type, typeOfValue(value));
      if (type === 'text') break;
    }
    return type ?? 'text';
  });
}

const numbers = ['integer', 'bigint', 'numeric'];
function widened(one: string, other: string): string {
  if (one === other) return one;
  const [a, b] = [numbers.indexOf(one), numbers.indexOf(other)];
  if (a >= 0 && b >= 0) return numbers[Math.max(a, b)] as string;
  const times = ['date', 'timestamp', 'timestamptz'];
  const [c, d] = [times.indexOf(one), times.indexOf(other)];
  return c >= 0 && d >= 0 ? (times[Math.max(c, d)] as string) : 'text';
}

function typeOfValue(value: string): string {
  if (/^-?(0|[1-9]\d{0,8})$/.test(value)) return 'integer';
  if (/^-?[1-9]\d{0,17}$/.test(value)) return 'bigint';
  if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d{1,3})?$/.test(value)) return 'numeric';
  if (/^(true|false)$/i.test(value)) return 'boolean';
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return 'date';
  const instant = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}(:?\d{2})?)?$/.exec(value);
  if (instant) return instant[3] ? 'timestamptz' : 'timestamp';
  if (/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value)) return 'uuid';
  if (/^[{[]/.test(value) && isJson(value)) return 'jsonb';
  return 'text';
}

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}
