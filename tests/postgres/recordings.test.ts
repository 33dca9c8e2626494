/** Recordings as a page has them made: started, followed, read while they grow, stopped, gone on with, copied. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { monitorProcedures } from '../../electron/features/monitor/monitor.ts';
import { createRecordings } from '../../electron/features/recordings/recordings.ts';
import type { HostEvent } from '../../electron/platform.ts';
import type { ConnectSpec } from '../../electron/postgres/source.ts';
import { procedures } from '../../electron/procedures.ts';
import { OpenRecordings } from '../../electron/recorder/open/open-recordings.ts';
import { createRecordingStore } from '../../electron/store/recordings.ts';
import { createTransfers } from '../../electron/web/chosen-files.ts';
import { startPoolConsole } from './pool-console.ts';
import { eventually, gapsBesideLate } from './recorder-world.ts';
import { startServer, type TestServer } from './servers.ts';

let server: TestServer;
let spec: ConnectSpec;
const folder = mkdtempSync(join(tmpdir(), 'howdah-recordings-'));
const db = new Database(':memory:');
db.exec('CREATE TABLE recording (connection_id TEXT PRIMARY KEY, every_ms INTEGER NOT NULL)');
db.exec('CREATE TABLE recording_home (connection_id TEXT PRIMARY KEY, home TEXT NOT NULL)');
db.exec('CREATE TABLE recording_pooler (connection_id TEXT PRIMARY KEY, pooler TEXT NOT NULL)');
const transfers = createTransfers(folder);
let poolerPort = 1;
let tellHost: (event: HostEvent) => void = () => {};
const opened: { close(): Promise<void> }[] = [];

function program() {
  const recordings = new OpenRecordings();
  const feature = createRecordings({
    folder: join(folder, 'recordings'),
    store: createRecordingStore(db),
    recordings,
    files: transfers,
    specOf: async (id, database) => ({
      ...spec,
      ...(id === 'home' ? { database: 'home' } : database ? { database } : {}),
      ...(id === 'pooler' ? { port: poolerPort } : {}),
    }),
    connectionName: () => 'the shop',
    onHostEvent: (listener) => {
      tellHost = listener;
      return () => {};
    },
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });
  const context = { role: 'admin', clientId: 'page' } as const;
  const closing = { close: () => feature.close().then(() => recordings.close()) };
  opened.push(closing);
  return {
    feature,
    ...closing,
    recordings: createRouterClient(procedures.recordings.router(feature.procedures), { context }),
    monitor: createRouterClient(procedures.monitor.router(monitorProcedures({ recordings })), { context }),
  };
}
type Program = ReturnType<typeof program>;

async function ticks({ recordings }: Program, count: number): Promise<number> {
  let last = 0;
  for await (const { toMs, changed } of await recordings.follow()) {
    if (changed || toMs === null) continue;
    last = toMs;
    if (--count <= 0) break;
  }
  return last;
}

beforeAll(async () => {
  server = await startServer(16);
  spec = server.spec();
  await server.query('create database home');
});
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});
afterAll(async () => {
  await server.stop();
  await transfers.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

test('a recording is read while it is made, stops, and goes on where the program starts again', async () => {
  const first = program();
  const { id, state } = await first.recordings.start({ connectionId: 'shop', everyMs: 100 });
  expect(state).toBe('recording');
  const seen = await ticks(first, 25);
  const { sessions, atMs } = await first.monitor.sessions({ id, atMs: seen, idle: true });
  expect(atMs).not.toBeNull();
  expect(sessions.map(({ backendType }) => backendType)).toContain('checkpointer');
  expect((await first.monitor.span({ id })).live).toBe(true);
  const [listed] = await first.recordings.list();
  expect(listed).toMatchObject({ id, name: 'the shop', connectionId: 'shop', state: 'recording', trouble: null });
  expect((await first.recordings.capabilities({ id })).map(({ name }) => name)).toContain('pg_stat_statements');
  await first.close();

  const second = program();
  second.feature.resume();
  const after = await ticks(second, 5);
  expect(after).toBeGreaterThan(seen);
  const { gaps, live } = await second.monitor.span({ id });
  expect(live).toBe(true);
  expect(gapsBesideLate(gaps)).toEqual(['notRecording']);
  await second.recordings.burst({ id, forMs: 1_000 });
  expect(await second.recordings.stop({ id })).toMatchObject({ state: 'stopped', trouble: null });
  expect(existsSync(join(folder, 'recordings', 'shop.howdah-wal'))).toBe(false);
  const { collectors, shareOfCore } = await second.recordings.cost({
    id,
    fromMs: seen - 3_600_000,
    toMs: after + 60_000,
  });
  expect(collectors.find(({ collector }) => collector === 'activity')?.runs).toBeGreaterThan(20);
  expect(collectors.every(({ label, sql }) => label !== '' && sql !== '')).toBe(true);
  expect(shareOfCore).toBeGreaterThan(0);

  const third = program();
  third.feature.resume();
  expect((await third.recordings.list()).map(({ state: at }) => at)).toEqual(['stopped']);
});

test('a copy is opened beside, and both are let go of', async () => {
  const { recordings, monitor } = program();
  const [own] = await recordings.list();
  const file = await transfers.chooseSave({ suggestedName: 'copy.howdah', kinds: [] });
  const { sizeBytes } = await recordings.saveCopy({
    id: own?.id ?? '',
    fileToken: file?.token ?? '',
    redactTexts: true,
  });
  expect(sizeBytes).toBeGreaterThan(0);
  const copy = await recordings.open({ fileToken: file?.token ?? '' });
  expect(copy).toMatchObject({ state: 'opened', connectionId: null, name: 'the shop' });
  const { fromMs, toMs, id } = copy;
  const question = {
    fromMs: fromMs ?? 0,
    toMs: toMs ?? 0,
    by: 'class' as const,
    filters: [],
    background: true,
    limit: 9,
  };
  const [one, other] = await Promise.all([
    monitor.shares({ id, ...question }),
    monitor.shares({ id: own?.id ?? '', ...question }),
  ]);
  expect(one).toEqual(other);
  const retention = { rawDays: 1, minuteDays: 2, hourDays: 3, maxBytes: 20_000_000 };
  await expect(recordings.setRetention({ id, retention })).rejects.toMatchObject({ code: 'invalid' });
  await recordings.setRetention({ id: own?.id ?? '', retention });
  expect(await recordings.retention({ id: own?.id ?? '' })).toEqual(retention);
  await recordings.close({ id, alsoDelete: false });
  expect(existsSync(join(folder, 'recordings', 'shop.howdah'))).toBe(true);
  await recordings.close({ id: own?.id ?? '', alsoDelete: true });
  expect(await recordings.list()).toEqual([]);
  expect(readdirSync(join(folder, 'recordings')).filter((name) => name.startsWith('shop'))).toEqual([]);
});

test('the counters of a PgBouncer that is named are recorded along', async () => {
  const pool = { database: 'shop', user: 'web', pool_mode: 'transaction', cl_active: '7', cl_waiting: '3' };
  const pooler = await startPoolConsole({
    'SHOW POOLS': [{ ...pool, sv_active: '5', sv_idle: '1', sv_used: '0', maxwait: '2', maxwait_us: '500000' }],
    'SHOW STATS': [{ database: 'shop', total_xact_count: '10', total_query_count: '20' }],
  });
  const { recordings, monitor } = program();
  const { id } = await recordings.start({ connectionId: 'shop', everyMs: 100 });
  await ticks({ recordings } as Program, 2);
  expect(await recordings.pooler({ id })).toBeNull();
  await expect(recordings.setPooler({ id, connectionId: 'pooler' })).rejects.toMatchObject({ code: 'connection' });
  poolerPort = pooler.port;
  const named = { connectionId: 'pooler', name: 'the shop' };
  expect(await recordings.setPooler({ id, connectionId: 'pooler' })).toEqual(named);
  expect(await recordings.pooler({ id })).toEqual(named);
  const { rows } = await eventually(async () => {
    const { fromMs, toMs } = await monitor.span({ id });
    const { rows } = await monitor.table({ id, fromMs: fromMs ?? 0, toMs: (toMs ?? 0) + 1, family: 'pool' });
    return rows.length > 0 && { rows };
  });
  // Seconds and what is left of them in microseconds are one wait.
  expect(rows).toEqual([{ key: ['shop', 'web', 'transaction'], values: [7, 3, 5, 1, 0, 2_500], flags: ['first'] }]);
  expect(await recordings.setPooler({ id, connectionId: null })).toBeNull();
  await recordings.close({ id, alsoDelete: true });
  pooler.stop();
});

test('a server that is away is trouble that passes; sleep is told as sleep', async () => {
  const { recordings, monitor } = program();
  spec = { ...server.spec(), port: 1 };
  const { id } = await recordings.start({ connectionId: 'shop', everyMs: 100 });
  for await (const { changed } of await recordings.follow()) if (changed) break;
  expect((await recordings.list())[0]?.trouble).toMatchObject({ kind: 'connection', reason: 'refused' });
  spec = server.spec();
  tellHost({ kind: 'resume' });
  for await (const { toMs } of await recordings.follow()) if (toMs !== null) break;
  expect((await recordings.list())[0]?.trouble).toBeNull();

  // Until it was asleep for longer than a sample stands for, which is longer where samples are slow.
  const slept = async () => (await monitor.span({ id })).gaps.some(({ reason }) => reason === 'sleep');
  for (let ms = 600; !(await slept()); ms *= 2) {
    tellHost({ kind: 'suspend' });
    await new Promise((resolve) => setTimeout(resolve, ms));
    tellHost({ kind: 'resume' });
    const awakeMs = Date.now();
    for await (const { toMs } of await recordings.follow()) if ((toMs ?? 0) > awakeMs) break;
  }
  await recordings.close({ id, alsoDelete: true });
});

test('another server at the same connection gets a recording of its own', async () => {
  const other = await startServer(16, { initdbArgs: ['--locale=C'] });
  try {
    const { recordings } = program();
    await recordings.start({ connectionId: 'shop', everyMs: 100 });
    await ticks({ recordings } as Program, 3);
    await recordings.stop({ id: 'shop' });
    spec = other.spec();
    await recordings.start({ connectionId: 'shop', everyMs: 100 });
    for await (const _ of await recordings.follow()) if ((await recordings.list()).length === 2) break;
    await ticks({ recordings } as Program, 3);
    const found = await recordings.list();
    expect(found.map(({ state }) => state).sort()).toEqual(['recording', 'stopped']);
    expect(new Set(found.map(({ systemIdentifier }) => systemIdentifier)).size).toBe(2);
    for (const { id } of found) await recordings.close({ id, alsoDelete: true });
  } finally {
    await other.stop();
  }
});

test('what is not there is said', async () => {
  const { recordings } = program();
  await expect(recordings.burst({ id: 'nothing', forMs: 1_000 })).rejects.toMatchObject({ code: 'invalid' });
  await expect(recordings.retention({ id: '../../etc' })).rejects.toMatchObject({ code: 'invalid' });
  const text = await transfers.receive(
    'not one.howdah',
    (async function* () {
      yield Buffer.from('hello');
    })(),
  );
  await expect(recordings.open({ fileToken: text.token })).rejects.toMatchObject({ code: 'invalid' });
});

test('a recording is followed by its second home, and a stretch of it comes back as one of ours', async () => {
  spec = server.spec();
  const { recordings, monitor } = program();
  const { id } = await recordings.start({ connectionId: 'c-home', everyMs: 100 });
  expect(await recordings.home({ id })).toBeNull();
  expect(await recordings.inHome({ connectionId: 'home' })).toEqual([]);
  expect(await recordings.setHome({ id, connectionId: 'home' })).toMatchObject({ connectionId: 'home', trouble: null });
  for await (const { changed } of await recordings.follow()) {
    if (changed && (await recordings.home({ id }))?.uptoMs) break;
  }
  await recordings.stop({ id });
  const [there] = await recordings.inHome({ connectionId: 'home' });
  expect(there).toMatchObject({ name: 'the shop', serverVersion: expect.stringMatching(/^16\./) });
  const { fromMs, toMs } = await monitor.span({ id });
  const back = await recordings.bringBack({
    connectionId: 'home',
    number: there?.number ?? 0,
    fromMs: fromMs ?? 0,
    toMs: (toMs ?? 0) + 1,
  });
  expect(back).toMatchObject({ state: 'stopped', name: 'the shop', toMs });
  const question = { fromMs: fromMs ?? 0, toMs: toMs ?? 0, family: 'connections' };
  expect(await monitor.table({ ...question, id: back.id })).toEqual(await monitor.table({ ...question, id }));
  // The last seconds were brought when it was stopped.
  expect(await recordings.setHome({ id, connectionId: null })).toBeNull();
  await expect(recordings.setHome({ id: back.id, connectionId: 'home' })).rejects.toMatchObject({ code: 'invalid' });
});
