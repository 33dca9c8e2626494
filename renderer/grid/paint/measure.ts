/** Widths that fit what is written, measured on a canvas so that no layout is forced. */
import { visibleText } from '../../ui/visible-text.ts';
import type { GridColumn, GridSource } from '../grid-source.ts';
import { MAX_FITTED, MIN_WIDTH } from '../model/column-layout.ts';

const CELL_PADDING = 18;
/** Padding, edge and the two buttons, which must not hide the name when they appear. */
const HEADER_PADDING = 50;
/** No more of a text is measured than could ever fit. */
const MAX_CHARS = 120;
const MAX_MEASURED = 24_000;
const MAX_ROWS = 60;
/** Half of a character beyond the first 65,536, which has no width of its own. */
const HALF_CHAR_PX = 7;

let canvas: CanvasRenderingContext2D | null = null;
/** As it was set: read back, it is written otherwise ("400" is dropped), and setting it anew costs more than measuring. */
let measuredFont = '';
/** By font, what each character takes; NaN where nobody has asked yet. */
const advances = new Map<string, Float32Array>();

function context(): CanvasRenderingContext2D | null {
  if (canvas) return canvas;
  canvas = document.createElement('canvas').getContext('2d');
  // What was measured before a typeface had come was another one's.
  document.fonts.addEventListener('loadingdone', () => {
    measuredFont = '';
    advances.clear();
  });
  return canvas;
}

function textWidth(text: string, font: string): number {
  const measuring = context();
  if (!measuring) return text.length * 7;
  if (measuredFont !== font) {
    measuring.font = font;
    measuredFont = font;
  }
  return measuring.measureText(text).width;
}

/** About `textWidth`, by its characters one by one: to find the widest of many texts without measuring each. */
function roughWidth(text: string, font: string): number {
  const known = advances.get(font) ?? new Float32Array(0x10000).fill(Number.NaN);
  advances.set(font, known);
  let width = 0;
  for (let at = 0; at < text.length && at < MAX_CHARS; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0xd800 && code < 0xe000) {
      width += HALF_CHAR_PX;
      continue;
    }
    if (Number.isNaN(known[code])) known[code] = textWidth(String.fromCharCode(code), font);
    width += known[code] as number;
  }
  return width;
}

function headerWidth(column: GridColumn, family: string): number {
  const name = textWidth(visibleText(column.name).slice(0, MAX_CHARS), `600 12px ${family}`);
  const type = textWidth(visibleText(column.typeName).slice(0, MAX_CHARS), `400 11px ${family}`);
  // The buttons lie over the type's line where that is long, so only the name keeps clear of them.
  return Math.max(name + HEADER_PADDING, type + CELL_PADDING);
}

/** Numbers are drawn with digits and signs of one width (grid.css), which a canvas knows nothing of: Inter's are 3 % wider than its zero. */
const TABULAR = 1.03;
/** Values grow down a result, and a number that is cut is read as another: room for ten digits from the start. */
const roomToGrow = ({ category, typeName }: GridColumn, font: string): number =>
  category === 'N' || (category === 'S' && !typeName.startsWith('character('))
    ? textWidth('0000000000', font) * TABULAR + CELL_PADDING
    : 0;

const tabular = (text: string): string => text.slice(0, MAX_CHARS).replace(/[\d+-]/g, '0');

/** The width that fits a column's name and its rows in memory among `count` from `from`, in px. */
export function fittedWidth(source: GridSource, column: number, from: number, count: number, family: string): number {
  const info = source.columns[column];
  const font = `400 12px ${family}`;
  const least = info ? Math.max(headerWidth(info, family), roomToGrow(info, font)) : MIN_WIDTH;
  const isNumber = info?.category === 'N';
  let widest = '';
  let widestPx = 0;
  for (let row = from; row < Math.min(from + count, source.rowCount); row++) {
    const cell = source.row(row)?.cells[column];
    if (cell === undefined) continue;
    const text = cell === null ? 'NULL' : isNumber ? tabular(cell) : cell;
    const px = roughWidth(text, font);
    if (px <= widestPx) continue;
    widest = text;
    widestPx = px;
    if (px > 2 * MAX_FITTED) break;
  }
  const widestText = textWidth(widest.slice(0, MAX_CHARS), font) * (isNumber ? TABULAR : 1);
  const width = Math.max(least, widestText + CELL_PADDING);
  return Math.min(MAX_FITTED, Math.ceil(width));
}

/** Rows after which widths stay as they are. */
export const ROWS_TO_FIT = 40;

/** How many rows from there are in memory, one after the other; at most those that count for the widths. */
export function loadedRows(source: GridSource, from: number): number {
  let rows = 0;
  while (rows < ROWS_TO_FIT && source.row(from + rows) !== undefined) rows++;
  return rows;
}

/** Every column's width by the first rows in memory, within a budget of measurements. */
export function fittedWidths(source: GridSource, from: number, family: string): number[] {
  const rows = Math.max(1, Math.min(MAX_ROWS, Math.floor(MAX_MEASURED / Math.max(1, source.columns.length))));
  return source.columns.map((_, column) => fittedWidth(source, column, from, rows, family));
}
