/** `howdah record` as it is used on a machine without a screen: how it ends, what it says, what is in the file. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OpenRecordings } from '../../electron/recorder/open/open-recordings.ts';
import { eventually, gapsBesideLate } from './recorder-world.ts';
import { startServer, type TestServer } from './servers.ts';

const cli = join(import.meta.dirname, '..', '..', 'electron', 'cli.ts');
let server: TestServer;
let folder: string;
const recordings = new OpenRecordings();
beforeAll(async () => {
  server = await startServer(17);
  folder = await mkdtemp(join(tmpdir(), 'howdah-record-'));
});
afterAll(async () => {
  await recordings.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const bare = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PG')));
function record(...args: readonly string[]) {
  const child = spawn(process.execPath, [cli, 'record', ...args], { env: { ...bare, HOME: folder } });
  let said = '';
  let heard: () => void = () => {};
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    heard();
  });
  return {
    child,
    ended: once(child, 'close').then(([code]) => ({ code, said })),
    /** Resolves when the words were said. */
    says: (words: RegExp) =>
      new Promise<void>((resolve) => {
        heard = () => {
          if (words.test(said)) resolve();
        };
        heard();
      }),
  };
}

const lengthOf = ({ fromMs, toMs }: { fromMs: number | null; toMs: number | null }) => (toMs ?? 0) - (fromMs ?? 0);

test('records until it is interrupted, then goes on in the same file for a time', async () => {
  const file = join(folder, 'shop.howdah');
  const first = record('--url', server.url, '--to', file, '--interval', '100ms');
  await first.says(/Recording 00:0\d:\d\d: \d+ samples/);
  await eventually(async () => lengthOf(await recordings.askFile(file, 'span', {})) > 1_000);
  await recordings.release(file);
  first.child.kill('SIGINT');
  const { code, said } = await first.ended;
  expect({ code, said }).toMatchObject({ code: 0, said: expect.stringContaining(`${file} is complete.`) });
  expect(existsSync(`${file}-wal`)).toBe(false);
  const span = await recordings.askFile(file, 'info', {});
  expect(lengthOf(span)).toBeGreaterThan(1_000);
  expect(span).toMatchObject({ serverVersion: expect.stringMatching(/^17\./), everyMs: 100 });
  await recordings.release(file);

  expect(await record('--url', server.url, '--to', file, '--interval', '100ms', '--for', '1s').ended).toMatchObject({
    code: 0,
  });
  const { gaps } = await recordings.askFile(file, 'span', {});
  expect(gapsBesideLate(gaps)).toEqual(['notRecording']);
  await recordings.release(file);
});

test('fails at once, with the reason, where nothing can be recorded', async () => {
  const to = ['--to', join(folder, 'other.howdah')];
  const refused = await record('--url', 'postgres://nobody@127.0.0.1:1/x', ...to).ended;
  expect(refused).toMatchObject({ code: 1, said: expect.stringContaining('127.0.0.1:1') });
  const wrong = server.url.replace(/:[^:@]*@/, ':wrong@');
  expect(await record('--url', wrong, ...to).ended).toMatchObject({ code: 1, said: expect.stringContaining('28P01') });
  const text = join(folder, 'letter.txt');
  await writeFile(text, 'Dear all,');
  expect(await record('--url', server.url, '--to', text).ended).toMatchObject({
    code: 1,
    said: expect.stringMatching(/letter\.txt/),
  });
});

test('says what is wrong with the command line', async () => {
  expect(await record('--url', server.url).ended).toMatchObject({
    code: 2,
    said: expect.stringContaining('--to FILE'),
  });
  const bad = ['--url', server.url, '--to', 'x'];
  expect(await record(...bad, '--for', 'soon').ended).toMatchObject({ code: 2 });
  expect(await record(...bad, '--interval', '1ms').ended).toMatchObject({ code: 2 });
});

test('--mirror brings it to a second database as well', async () => {
  await server.query('create database team');
  const file = join(folder, 'mirrored.howdah');
  const mirror = server.url.replace(/[^/]+$/, 'team');
  const { ended } = record('--url', server.url, '--to', file, '--interval', '100ms', '--for', '2s', '--mirror', mirror);
  expect(await ended).toMatchObject({ code: 0 });
  const client = new pg.Client(mirror);
  await client.connect();
  const { rows } = await client.query(
    'select r.name, m.ticks from howdah_history.recording r join howdah_history.minute m on m.recording = r.id',
  );
  await client.end();
  expect(rows.length).toBeGreaterThan(0);
  expect(rows[0].name).toMatch(/^postgres on /);
});
