/** Made-up results, each row computed from its number so that ten million of them take no memory. */
import type { GridColumn } from '../../../renderer/grid/grid-source.ts';
import type { ValuePiece } from '../../../renderer/grid/value/value-piece.ts';
import type { LoadedRows } from '../../../renderer/grid/window-cache.ts';

export interface MadeResult {
  readonly columns: readonly GridColumn[];
  readonly rowCount: number;
  readonly cell: (row: number, column: number) => string | null;
}

const words = 'amber basalt cobalt dune ember fjord granite harbour indigo juniper kelp lichen'.split(' ');
const word = (n: number) => words[n % words.length] ?? '';
const pad = (n: number, length = 2) => String(n).padStart(length, '0');
const mix = (n: number) => Math.imul((n ^ 0x9e3779b9) >>> 0, 0x85ebca6b) >>> 0;

const column = (name: string, typeName: string, category: string): GridColumn => ({ name, typeName, category });

/** Ten million orders and more: the i-th row is the same wherever it is asked for. */
export const long = (rowCount: number): MadeResult => ({
  rowCount,
  columns: [
    column('id', 'bigint', 'N'),
    column('customer_email', 'text', 'S'),
    column('status', 'shop.order_status', 'E'),
    column('total', 'numeric(12,2)', 'N'),
    column('discount', 'numeric', 'N'),
    column('placed_at', 'timestamp with time zone', 'D'),
    column('paid', 'boolean', 'B'),
    column('note', 'text', 'S'),
    column('tags', 'text[]', 'A'),
    column('details', 'jsonb', 'U'),
    column('reference', 'uuid', 'U'),
    column('weight', 'double precision', 'N'),
  ],
  cell(row, at) {
    const h = mix(row);
    switch (at) {
      case 0:
        return String(row + 1);
      case 1:
        return `${word(h)}.${word(h >>> 5)}${row % 97}@example.com`;
      case 2:
        return ['placed', 'paid', 'packed', 'shipped', 'delivered', 'returned'][h % 6] ?? '';
      case 3:
        return `${h % 100_000}.${pad(h % 100)}`;
      case 4:
        return h % 5 === 0 ? null : `0.${pad(h % 50)}`;
      case 5:
        return `2026-${pad(1 + (h % 12))}-${pad(1 + (h % 28))} ${pad(h % 24)}:${pad(h % 60)}:${pad((h >>> 7) % 60)}.${pad(h % 1_000_000, 6)}+00`;
      case 6:
        return h % 3 === 0 ? null : h % 2 === 0 ? 't' : 'f';
      case 7:
        return h % 4 === 0
          ? null
          : h % 4 === 1
            ? ''
            : `${word(h)} ${word(h >>> 3)}, leave it with the ${word(h >>> 6)} neighbour`;
      case 8:
        return `{${word(h)},"${word(h >>> 4)} ${word(h >>> 8)}"}`;
      case 9:
        return `{"gift": ${h % 2 === 0}, "lines": ${h % 9}, "carrier": "${word(h >>> 2)}"}`;
      case 10:
        return `${pad(h % 16 ** 7, 8)}-4e1c-4a7b-9d0f-${pad(row % 1e12, 12)}`;
      default:
        return String((h % 100_000) / 1000);
    }
  },
});

/** As many columns as PostgreSQL allows. */
export const wide = (rowCount: number): MadeResult => ({
  rowCount,
  columns: Array.from({ length: 1664 }, (_, at) =>
    at % 3 === 0 ? column(`n${at + 1}`, 'integer', 'N') : column(`column_${at + 1}`, 'text', 'S'),
  ),
  cell: (row, at) => (at % 3 === 0 ? String(row * 1664 + at) : `r${row + 1} c${at + 1}`),
});

const hostileCells: readonly (string | null)[] = [
  null,
  '',
  'NULL',
  ' ',
  '  padded  ',
  'two\nlines',
  'tab\there',
  'carriage\r\nreturn',
  'bell\u0007 and escape\u001b[31m',
  'abc\u202efdp.exe',
  'zero\u200bwidth',
  'no\u00a0break',
  '<img src=x onerror="window.pwned=1">',
  '<script>window.pwned=1</script>',
  'مرحبا بالعالم',
  '日本語のテキスト',
  'family 👨‍👩‍👧 flag 🇳🇱',
  `long ${'word '.repeat(2000)}`,
  '↵ a mark typed by hand',
  'Infinity',
  '\ud83d',
];

/** Everything that could mislead or break out, in values and in names. */
export const hostile = (): MadeResult => ({
  rowCount: hostileCells.length,
  columns: [
    column('value', 'text', 'S'),
    column('value', 'text', 'S'),
    column('__proto__', 'integer', 'N'),
    column('<img src=x onerror="window.pwned=1">', 'text', 'S'),
    column('abc\u202efdp', 'text', 'S'),
    column('a "quoted" name\nin two lines', 'text', 'S'),
    column('', 'numeric', 'N'),
  ],
  cell: (row, at) =>
    at === 2 ? String(row) : at === 6 ? null : (hostileCells[(row + at) % hostileCells.length] ?? null),
});

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC';
const hexOf = (base64: string) =>
  `\\x${Array.from(atob(base64), (char) => char.charCodeAt(0).toString(16).padStart(2, '0')).join('')}`;
const bigJson = `{"order": {"id": 12345678901234567890.10, "id": 2, "paid": true, "note": null, "deep": {"er": {"still": "here"}}}, "lines": [${Array.from(
  { length: 1000 },
  (_, at) => `{"sku": "A-${at}", "quantity": ${at}}`,
).join(', ')}]}`;

/** Values for the viewer. */
export const values = (): MadeResult => ({
  rowCount: 3,
  columns: [
    column('details', 'jsonb', 'U'),
    column('picture', 'bytea', 'U'),
    column('story', 'text', 'S'),
    column('huge', 'text', 'S'),
  ],
  cell(row, at) {
    if (row === 2) return null;
    if (at === 0) return row === 0 ? bigJson : '[1, 2';
    if (at === 1) return row === 0 ? hexOf(png) : '\\x00ff10203040';
    if (at === 2) return row === 0 ? `first line\nsecond\tline \u202e with a mark\n${'word '.repeat(40)}` : '';
    return 'line of the huge value\n'.repeat(50);
  },
});
export const HUGE_BYTES = 629_145_600;
const hugeLine = (at: number) => `${String(at).padStart(14, '0')}\n`;

/** A piece of a value, as a backend gives it; the column named huge is made up as it is asked for. */
export function pieceOf(
  result: MadeResult,
  row: number,
  at: number,
  offset: number,
  length: number,
  base64: boolean,
): ValuePiece {
  if (result.columns[at]?.name === 'huge' && row === 0) {
    const end = Math.min(HUGE_BYTES, offset + length);
    let text = '';
    for (let from = offset - (offset % 15); from < end; from += 15) text += hugeLine(from);
    text = text.slice(offset % 15, (offset % 15) + end - offset);
    const nextOffsetBytes = end < HUGE_BYTES ? end : null;
    return { isNull: false, sizeBytes: HUGE_BYTES, text: base64 ? btoa(text) : text, nextOffsetBytes };
  }
  const value = result.cell(row, at);
  const bytes = new TextEncoder().encode(value ?? '');
  const part = bytes.subarray(offset, offset + length);
  return {
    isNull: value === null,
    sizeBytes: bytes.length,
    text: base64 ? btoa(String.fromCharCode(...part)) : new TextDecoder().decode(part),
    nextOffsetBytes: offset + length < bytes.length ? offset + length : null,
  };
}

/** Answers as a backend would: later, and cut where a value is long. */
export function windowOf(result: MadeResult, from: number, count: number): LoadedRows {
  const cut: [number, number, number][] = [];
  const rows = Array.from({ length: Math.max(0, Math.min(count, result.rowCount - from)) }, (_, at) =>
    result.columns.map((_column, c) => {
      const value = result.cell(from + at, c);
      if (value === null || value.length <= 1000) return value;
      cut.push([at, c, value.length]);
      return value.slice(0, 1000);
    }),
  );
  return { rows, cut, invalidText: [] };
}
