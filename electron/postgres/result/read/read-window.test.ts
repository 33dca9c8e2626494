import { appendFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fc } from '../../../../tests/fixtures/properties.ts';
import { type Cell, dataRow, rowFile } from '../../../../tests/fixtures/row-files.ts';
import { readValue } from './read-value.ts';
import { readWindow } from './read-window.ts';

const cells = fc.array(fc.option(fc.string({ unit: 'binary', maxLength: 40 })), { minLength: 3, maxLength: 3 });

describe('a window of rows', () => {
  it('is those rows, wherever it lies and whatever the index', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(cells, { minLength: 1, maxLength: 60 }),
        fc.nat(70),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 16 }),
        async (rows, from, count, step) => {
          const clean = rows.map((row) => row.map((cell) => (cell === null ? null : cell.toWellFormed())));
          const window = await readWindow(rowFile(clean, step), { from, count, maxCellBytes: 1000 });
          expect(window.rows).toEqual(clean.slice(from, from + count));
          expect(window.cut).toEqual([]);
          expect(window.invalidText).toEqual([]);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('follows the order of a view', async () => {
    const file = rowFile(Array.from({ length: 1000 }, (_, row) => [`row ${row}`]));
    const rows = Uint32Array.from({ length: 1000 }, (_, place) => 999 - place);
    const window = await readWindow(file, { from: 10, count: 3, maxCellBytes: 100, rows });
    expect(window.rows).toEqual([['row 989'], ['row 988'], ['row 987']]);
  });

  it('cuts long values at a character and says how long they are', async () => {
    const file = rowFile([['aé€😀', 'short']]);
    const cutTo = async (maxCellBytes: number) =>
      (await readWindow(file, { from: 0, count: 1, maxCellBytes })).rows[0]?.[0];
    expect(await Promise.all([1, 2, 3, 5, 6, 9, 10].map(cutTo))).toEqual(['a', 'a', 'aé', 'aé', 'aé€', 'aé€', 'aé€😀']);
    const window = await readWindow(file, { from: 0, count: 1, maxCellBytes: 6 });
    expect(window.cut).toEqual([[0, 0, 10]]);
  });

  it('reports bytes that are not UTF-8, and a real replacement character not', async () => {
    const file = rowFile([
      [Buffer.from([0x61, 0xff, 0x62]), 'x'],
      ['\ufffd', 'y'],
    ]);
    const window = await readWindow(file, { from: 0, count: 2, maxCellBytes: 100 });
    expect(window.rows).toEqual([
      ['a\ufffdb', 'x'],
      ['\ufffd', 'y'],
    ]);
    expect(window.invalidText).toEqual([[0, 0]]);
  });

  it('finds long rows again, wherever one looked before', async () => {
    const rows = Array.from({ length: 40 }, (_, row) => [`row ${row}`, 'x'.repeat(17_000 + 400 * (row % 7))]);
    for (const step of [1, 4, 16]) {
      const file = rowFile(rows, step);
      const reversed = Uint32Array.from(rows, (_, place) => 39 - place);
      for (const from of [30, 3, 17, 0, 18, 30]) {
        const names = async (order?: Uint32Array) => {
          const window = await readWindow(file, { from, count: 9, maxCellBytes: 50, ...(order && { rows: order }) });
          return window.rows.map(([name]) => name);
        };
        const wanted = Array.from({ length: 9 }, (_, at) => from + at);
        expect(await names()).toEqual(wanted.map((row) => `row ${row}`));
        expect(await names(reversed)).toEqual(wanted.map((place) => `row ${39 - place}`));
      }
    }
  });

  it('never reads long values whole', async () => {
    const long = Buffer.alloc(3_000_000, 'é');
    const file = rowFile(Array.from({ length: 60 }, (_, row) => [String(row), long, `after ${row}`]));
    const window = await readWindow(file, { from: 30, count: 30, maxCellBytes: 101 });
    expect(window.rows.map((row) => [row[0], row[2]])).toEqual(
      Array.from({ length: 30 }, (_, row) => [String(30 + row), `after ${30 + row}`]),
    );
    expect(window.rows[0]?.[1]).toBe('é'.repeat(50));
    expect(window.cut[29]).toEqual([29, 1, 3_000_000]);
  });

  it('keeps its answer small when every cell is long', async () => {
    const row: Cell[] = Array.from({ length: 100 }, () => 'x'.repeat(100_000));
    const file = rowFile(Array.from({ length: 10 }, () => row));
    const window = await readWindow(file, { from: 0, count: 10, maxCellBytes: 100_000 });
    expect(JSON.stringify(window).length).toBeLessThan(10_000_000);
    expect(window.cut.length).toBeGreaterThan(800);
  });

  it('does not see what a growing file has beyond its rows', async () => {
    const file = rowFile([['1'], ['2']]);
    appendFileSync(file.path, dataRow(['half a row']).subarray(0, 9));
    const grown = { ...file, sizeBytes: file.sizeBytes + 9 };
    expect((await readWindow(grown, { from: 0, count: 10, maxCellBytes: 100 })).rows).toEqual([['1'], ['2']]);
    expect((await readWindow(grown, { from: 2, count: 10, maxCellBytes: 100 })).rows).toEqual([]);
  });

  it('says that the result was closed when its file is gone', async () => {
    const gone = { ...rowFile([['1']]), path: '/nowhere/rows' };
    await expect(readWindow(gone, { from: 0, count: 1, maxCellBytes: 100 })).rejects.toMatchObject({
      failure: { kind: 'invalid', field: 'resultId' },
    });
  });
});

describe('a value in pieces', () => {
  it('is the whole value, without a broken character', async () => {
    const text = 'aé€😀\u0000'.replace('\u0000', '') + 'z'.repeat(20) + '€'.repeat(30);
    const file = rowFile([['before', text, null]]);
    for (const lengthBytes of [1, 2, 3, 4, 5, 7, 64, 1000]) {
      let [whole, offset] = ['', 0 as number | null];
      while (offset !== null) {
        const piece = await readValue(file, { row: 0, column: 1, offsetBytes: offset, lengthBytes, base64: false });
        expect(piece.sizeBytes).toBe(Buffer.byteLength(text));
        if (lengthBytes >= 4) expect(piece.invalidText).toBe(false);
        whole += piece.text;
        offset = piece.nextOffsetBytes;
      }
      if (lengthBytes >= 4) expect(whole).toBe(text);
    }
  });

  it('is its bytes as base64, and NULL is not empty', async () => {
    const bytes = Buffer.from([0, 255, 10, 128]);
    const file = rowFile([[bytes, null, '']]);
    const ask = (column: number) => readValue(file, { row: 0, column, offsetBytes: 0, lengthBytes: 100, base64: true });
    expect(await ask(0)).toMatchObject({ isNull: false, sizeBytes: 4, text: bytes.toString('base64') });
    expect(await ask(1)).toMatchObject({ isNull: true, sizeBytes: 0 });
    expect(await ask(2)).toMatchObject({ isNull: false, sizeBytes: 0, text: '', nextOffsetBytes: null });
    await expect(ask(3)).rejects.toMatchObject({ failure: { field: 'column' } });
  });
});
