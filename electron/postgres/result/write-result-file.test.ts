import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ResultFileWriter, type Written } from './write-result-file.ts';

let folder: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'howdah-writer-'));
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

function writer(file = path.join(folder, String(count++))) {
  const told: string[] = [];
  const written: Written[] = [];
  let failure: NodeJS.ErrnoException | undefined;
  const made = new ResultFileWriter(file, {
    written: (each) => written.push(each),
    full: () => told.push('full'),
    room: () => told.push('room'),
    failed: (error) => {
      failure = error;
    },
  });
  made.open();
  return { writer: made, told, written, failure: () => failure, file };
}

test('bytes arrive in order, whatever their pieces; only whole rows are counted', async () => {
  const { writer: made, written, file } = writer();
  const pieces = Array.from({ length: 200 }, (_, index) => Buffer.alloc((index * 7919) % 60_000, index));
  for (const [index, piece] of pieces.entries()) made.append(piece, 0, piece.length, index);
  expect(await made.finish()).toEqual({ rows: 199, bytes: Buffer.concat(pieces).length });
  expect(await readFile(file)).toEqual(Buffer.concat(pieces));
  for (const [index, { rows, bytes }] of written.entries()) {
    expect(rows).toBeGreaterThanOrEqual(written[index - 1]?.rows ?? 0);
    // Every row that is counted lies within the bytes that are written.
    expect(pieces.slice(0, rows + 1).reduce((sum, piece) => sum + piece.length, 0)).toBeLessThanOrEqual(bytes);
  }
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('a piece larger than the buffer', async () => {
  const { writer: made, file } = writer();
  const large = Buffer.alloc(5_000_000, 'ab');
  made.append(large, 10, large.length - 10, 1);
  await made.finish();
  expect(await readFile(file)).toEqual(large.subarray(10, -10));
});

test('the first rows are written at once, the next when time is up', async () => {
  const { writer: made, written } = writer();
  made.rowStarts(0, 0);
  made.append(Buffer.from('first'), 0, 5, 1);
  await expect.poll(() => written.length).toBe(1);
  expect(written[0]).toEqual({ rows: 1, bytes: 5, index: Float64Array.of(0) });
  made.append(Buffer.from('later'), 0, 5, 2);
  await expect.poll(() => written.length).toBe(2);
  expect(written[1]).toEqual({ rows: 2, bytes: 10, index: new Float64Array() });
  await made.finish();
});

test('a disk that lags stops the reading, and lets it go on', async () => {
  const { writer: made, told } = writer();
  const piece = Buffer.alloc(64 * 1024);
  let pieces = 0;
  // Nothing can be written while this loop holds the thread.
  while (told.length === 0 && pieces < 1_000) made.append(piece, 0, piece.length, ++pieces);
  expect(told).toEqual(['full']);
  expect(pieces * piece.length).toBeLessThanOrEqual(6 << 20);
  await expect.poll(() => told).toEqual(['full', 'room']);
  await made.finish();
});

test('a file that cannot be made fails once, and nothing hangs', async () => {
  const { writer: made, failure } = writer(path.join(folder, 'nowhere', 'file'));
  expect(failure()?.code).toBe('ENOENT');
  made.append(Buffer.from('x'), 0, 1, 1);
  expect(await made.finish()).toEqual({ rows: 0, bytes: 0 });
  const taken = path.join(folder, 'taken');
  await writeFile(taken, 'not ours');
  expect(writer(taken).failure()?.code).toBe('EEXIST');
  expect(await readFile(taken, 'utf8')).toBe('not ours');
});
