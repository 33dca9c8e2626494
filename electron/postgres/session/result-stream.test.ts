import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ResultStream } from './result-stream.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'howdah-stream-'));
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

const row = Buffer.alloc(64 * 1024, 'x');

function stream(givesWay: boolean) {
  const told: string[] = [];
  const made = new ResultStream(
    path.join(folder, 'result'),
    async () => [],
    {
      tell: () => {},
      announced: () => told.push('announced'),
      progress: () => {},
      pause: () => {},
      resume: () => {},
      giveWay: () => told.push('giveWay'),
      diskFailed: () => told.push('failed'),
    },
    givesWay,
  );
  made.begin();
  let rows = 0;
  const give = (count: number) => {
    for (let at = 0; at < count; at++) made.sink.append(row, 0, row.length, ++rows);
  };
  return { made, told, give };
}

test('a long result gives way, once', async () => {
  const { made, told, give } = stream(true);
  give(1);
  await expect.poll(() => told).toEqual(['announced']);
  give(10);
  await expect.poll(() => told).toEqual(['announced', 'giveWay']);
  give(40);
  expect(await made.finish()).toEqual({ rows: 51, bytes: 51 * row.length });
  expect(told).toEqual(['announced', 'giveWay']);
});

test('a short result, or one that has come whole, does not', async () => {
  for (const rows of [5, 12]) {
    const { made, told, give } = stream(true);
    give(rows);
    await made.finish();
    expect(told).toEqual(['announced']);
  }
});

test('where there are cores enough, none does', async () => {
  const { made, told, give } = stream(false);
  give(1);
  await expect.poll(() => told).toEqual(['announced']);
  give(12);
  await made.finish();
  expect(told).toEqual(['announced']);
});
