/** A window of rows as text: what the grid shows. Never reads or decodes more of a long value than is shown of it. */
import { isUtf8 } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import type { RowsWindow } from '../../../../shared/api/results.ts';
import type { ResultFile } from '../../source.ts';
import { fileIndexStep, type RowFile, rowHeadBytes } from './data-row.ts';
import { type RowReader, withReader } from './row-reader.ts';
import { wholeCharacters } from './utf8.ts';

export interface WindowRequest {
  readonly from: number;
  readonly count: number;
  /** Values longer than this come cut, at a character's end. */
  readonly maxCellBytes: number;
  /** Row numbers in the order of a view; the file's own order where absent. */
  readonly rows?: Uint32Array;
}

/** One read fetches a stretch up to this long; longer ones are visited row by row. */
const wholeStretchBytes = 4 * 1024 * 1024;
/** A window's text stays under this; past it every cell is cut to `crowdedCellBytes`. */
const windowBudgetBytes = 8 * 1024 * 1024;
const crowdedCellBytes = 64;
/** How long the event loop may be held before others get a turn, in milliseconds. */
const sliceMs = 6;

/** Rows `from` … `from + count - 1`, fewer where the result or view ends before. */
export async function readWindow(file: RowFile, request: WindowRequest): Promise<RowsWindow> {
  const end = Math.min(request.from + request.count, request.rows ? request.rows.length : file.rowCount);
  const window = new WindowText(request);
  if (end <= request.from) return window.done();
  return withReader(file, async (reader) => {
    if (request.rows) await readListed(reader, request.rows.subarray(request.from, end), window);
    else await readStretch(reader, request.from, end, window);
    return window.done();
  });
}

/** More rows than a large screen shows; of very wide rows fewer. */
const firstRows = 60;
const firstCells = 24_000;
const fewestFirstRows = 8;
const firstCellBytes = 1024;

/** What a screen shows first of a result: of the rows that are there now. */
export function readFirstRows({ path, rowCount, sizeBytes, index, columns }: ResultFile): Promise<RowsWindow> {
  const fitting = Math.floor(firstCells / Math.max(1, columns.length));
  const count = Math.max(fewestFirstRows, Math.min(firstRows, fitting));
  const file: RowFile = { path, rowCount, sizeBytes, offsets: index, step: fileIndexStep };
  return readWindow(file, { from: 0, count, maxCellBytes: firstCellBytes });
}

async function readStretch(reader: RowReader, from: number, end: number, window: WindowText): Promise<void> {
  const { offsets, step, rowCount, sizeBytes } = reader.file;
  const first = Math.floor(from / step);
  const last = Math.ceil(end / step);
  const start = offsets[first] as number;
  const stop = last * step < rowCount ? (offsets[last] as number) : sizeBytes;
  // What one small read brings is read as the first row is looked at: a thread to do it would come later than it.
  if (stop - start > reader.readAhead && stop - start <= wholeStretchBytes) await reader.preload(start, stop - start);
  else if (stop - start > wholeStretchBytes) reader.expectRowsOf((stop - start) / ((last - first) * step));
  const turn = new Turn();
  let offset = reader.locate(from);
  for (let row = from; row < end; row++) {
    reader.known?.learn(row, offset);
    offset = window.add(reader, offset);
    await turn.maybeYield();
  }
}

async function readListed(reader: RowReader, rows: Uint32Array, window: WindowText): Promise<void> {
  const { rowCount, sizeBytes } = reader.file;
  reader.expectRowsOf(sizeBytes / Math.max(1, rowCount));
  const turn = new Turn();
  for (const row of rows) {
    window.add(reader, reader.locate(row));
    await turn.maybeYield();
  }
}

/** Collects the text of a window row by row. */
class WindowText {
  readonly #request: WindowRequest;
  readonly #rows: (string | null)[][] = [];
  readonly #cut: [number, number, number][] = [];
  readonly #invalidText: [number, number][] = [];
  #budget = windowBudgetBytes;

  constructor(request: WindowRequest) {
    this.#request = request;
  }

  /** Takes the row at a byte offset; answers the next row's offset. */
  add(reader: RowReader, offset: number): number {
    const next = offset + reader.rowBytes(offset);
    const columns = reader.columnCount(offset);
    const cells: (string | null)[] = new Array(columns);
    let at = offset + rowHeadBytes;
    for (let column = 0; column < columns; column++) {
      const length = reader.int32(at);
      at += 4;
      if (length < 0) {
        cells[column] = null;
        continue;
      }
      cells[column] = this.#text(reader, at, length, column);
      at += length;
    }
    this.#rows.push(cells);
    return next;
  }

  #text(reader: RowReader, offset: number, length: number, column: number): string {
    const most = this.#budget > 0 ? this.#request.maxCellBytes : crowdedCellBytes;
    const taken = Math.min(length, most);
    const start = reader.ensure(offset, taken);
    const shown = taken < length ? wholeCharacters(reader.bytes, start, start + taken) : start + taken;
    const text = reader.bytes.toString('utf8', start, shown);
    this.#budget -= taken;
    if (taken < length) this.#cut.push([this.#rows.length, column, length]);
    // Only a text with U+FFFD in it can have come from bytes that are not UTF-8.
    if (text.includes('\ufffd') && !isUtf8(reader.bytes.subarray(start, shown)))
      this.#invalidText.push([this.#rows.length, column]);
    return text;
  }

  done(): RowsWindow {
    return { from: this.#request.from, rows: this.#rows, cut: this.#cut, invalidText: this.#invalidText };
  }
}

/** Lets the event loop breathe between rows that need many reads. */
class Turn {
  #until = performance.now() + sliceMs;
  async maybeYield(): Promise<void> {
    if (performance.now() < this.#until) return;
    await setImmediate();
    this.#until = performance.now() + sliceMs;
  }
}
