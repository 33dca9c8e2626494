import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ResultStream } from './result-stream.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'howdah-stream-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const row = Buffer.alloc(64 * 1024, 'x');

function stream(givesWay: boolean) {
  const told: string[] = [];
  const resumed = Promise.withResolvers<void>();
  const made = new ResultStream(
    path.join(folder, 'result'),
    async () => [],
    {
      tell: () => {},
      announced: () => told.push('announced'),
      progress: () => {},
      pause: () => told.push('pause'),
      resume: () => {
        told.push('resume');
        resumed.resolve();
      },
      diskFailed: () => told.push('failed'),
    },
    givesWay,
  );
  made.begin();
  let rows = 0;
  const give = (count: number) => {
    for (let at = 0; at < count; at++) made.sink.append(row, 0, row.length, ++rows);
  };
  return { made, told, give, resumed: resumed.promise };
}

test('a long result is not read on for a moment, once', async () => {
  const { made, told, give, resumed } = stream(true);
  give(1);
  await expect.poll(() => told).toEqual(['announced']);
  give(10);
  await resumed;
  give(20);
  expect(await made.finish()).toEqual({ rows: 31, bytes: 31 * row.length });
  expect(told).toEqual(['announced', 'pause', 'resume']);
});

test('a short result, or one that has come whole, waits for nothing', async () => {
  const short = stream(true);
  short.give(5);
  await short.made.finish();
  expect(short.told).toEqual(['announced']);
  const whole = stream(true);
  whole.give(10);
  await whole.made.finish();
  expect(whole.told).toEqual(['announced']);
});

test('where there are cores enough, no result waits', async () => {
  const { made, told, give } = stream(false);
  give(1);
  await expect.poll(() => told).toEqual(['announced']);
  give(12);
  await made.finish();
  expect(told).toEqual(['announced']);
});
