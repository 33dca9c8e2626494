/** Where the rows behind COPY … FROM STDIN end: at a line of a backslash and a full stop, whatever is quoted around it, as psql has it. */

const endMark = Buffer.from('\n\\.');
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const backslash = 0x5c;
const fullStop = 0x2e;

export interface CopyDataEnd {
  /** So many bytes from the beginning are rows for certain. */
  readonly rows: number;
  /** How long the line that ends them is; null where it has not come yet. */
  readonly ends: number | null;
}

/** @param atLineStart the window begins with a line @param last nothing follows the window */
export function endOfCopyData(window: Buffer, atLineStart: boolean, last: boolean): CopyDataEnd {
  for (let start = atLineStart ? 0 : lineAfterMark(window, 0); start >= 0; start = lineAfterMark(window, start)) {
    const ends = endingLine(window, start, last);
    if (ends === 'unknown') return { rows: start, ends: null };
    if (ends > 0) return { rows: start, ends };
  }
  const { length } = window;
  const halfMark = !last && window[length - 1] === backslash && (length > 1 ? window[length - 2] === lineFeed : false);
  return { rows: halfMark ? length - 1 : length, ends: null };
}

/** Behind the line feed of the next candidate; -1 where there is none. */
function lineAfterMark(window: Buffer, from: number): number {
  const found = window.indexOf(endMark, from);
  return found < 0 ? -1 : found + 1;
}

/** The length of the ending line that begins there; 0 where it is another one. */
function endingLine(window: Buffer, start: number, last: boolean): number | 'unknown' {
  const left = window.length - start;
  if (left === 0) return last ? 0 : 'unknown';
  if (window[start] !== backslash) return 0;
  if (left === 1) return last ? 0 : 'unknown';
  if (window[start + 1] !== fullStop) return 0;
  if (left === 2) return last ? 2 : 'unknown';
  if (window[start + 2] === lineFeed) return 3;
  if (window[start + 2] !== carriageReturn) return 0;
  if (left === 3) return last ? 3 : 'unknown';
  return window[start + 3] === lineFeed ? 4 : 0;
}
