/**
 * A format whose values no spreadsheet takes for formulas: one that begins as a formula does gets an apostrophe before
 * it, as OWASP advises. Numbers stay numbers.
 */
import { isJsonNumber, jsonKind } from './json-format.ts';
import type { RowFormat } from './row-format.ts';

const apostrophe = 0x27;
const beginnings: ReadonlySet<number> = new Set(Buffer.from('=+-@\t\r'));
/** The full-width ＝ ＋ － ＠, which some programs read alike: EF BC and one of these. */
const wide: ReadonlySet<number> = new Set([0x9d, 0x8b, 0x8d, 0xa0]);

const isFormula = (bytes: Uint8Array, start: number, end: number): boolean => {
  if (start === end) return false;
  if (beginnings.has(bytes[start] as number)) return true;
  return end - start > 2 && bytes[start] === 0xef && bytes[start + 1] === 0xbc && wide.has(bytes[start + 2] as number);
};

export const safeName = (name: string): string => {
  const bytes = Buffer.from(name);
  return isFormula(bytes, 0, bytes.length) ? `'${name}` : name;
};

export function spreadsheetSafe(format: RowFormat, typeOids: readonly number[]): RowFormat {
  const numbers = typeOids.map((oid) => jsonKind(oid) === 'number');
  const mark = Buffer.from([apostrophe]);
  return {
    ...format,
    value(out, position, bytes, start, end) {
      if (!isFormula(bytes, start, end) || (numbers[position] && isJsonNumber(bytes, start, end)))
        return format.value(out, position, bytes, start, end);
      const marked = Buffer.concat([mark, bytes.subarray(start, end)]);
      format.value(out, position, marked, 0, marked.length);
    },
    large(out, position) {
      const value = format.large(out, position);
      let first = true;
      return {
        piece(bytes, start, end) {
          if (first && isFormula(bytes, start, end)) value.piece(mark, 0, 1);
          first = false;
          value.piece(bytes, start, end);
        },
        end: () => value.end(),
      };
    },
  };
}
