/** Backups as the page calls them: made, read back, drilled, restored, by hand and by a schedule. */
import { existsSync } from 'node:fs';
import { mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBackups } from '../../electron/features/backups/backups.ts';
import { isDue } from '../../electron/features/backups/schedules.ts';
import { serverState } from '../../electron/features/backups/server-state.ts';
import { startScratchServer } from '../../electron/features/sample/scratch/scratch-server.ts';
import { procedures } from '../../electron/procedures.ts';
import { type BackupStore, createBackupStore } from '../../electron/store/backups.ts';
import { type OpenedStore, openStore } from '../../electron/store/open.ts';
import type { BackupChoice, BackupJob, RestoreChoice } from '../../shared/api/backups.ts';
import { type Connection, newConnection } from '../../shared/api/connections.ts';
import { invalid } from '../../shared/failure.ts';
import { type PgSource, pgSource } from './pg-source.ts';
import { startServer, type TestServer } from './servers.ts';

let server: TestServer;
let folder: string;
let opened: OpenedStore;
let store: BackupStore;
const sources: PgSource[] = [];
let backups: ReturnType<typeof createBackups>;
let scratch: typeof startScratchServer = startScratchServer;
const told: { title: string; body: string }[] = [];
const noticed: string[] = [];
const letters: { subject: string; text: string }[] = [];
const connection = {
  ...newConnection,
  id: 'shop',
  name: 'The shop',
  environment: 'production',
} as unknown as Connection;
const choice: BackupChoice = { rows: 'all', jobs: 2, level: 1 };
const restoreChoice: RestoreChoice = {
  target: { kind: 'new', database: 'restored' },
  what: 'all',
  errors: 'single',
  owners: true,
  grants: true,
  missingRoles: 'create',
  roles: {},
  tablespaces: {},
  jobs: 2,
};

beforeAll(async () => {
  server = await startServer(18);
  folder = await mkdtemp(join(tmpdir(), 'howdah-backups-'));
  await server.query('create database shop');
  const { host, port, user, password } = server;
  const client = new pg.Client({ host, port, user, password, database: 'shop' });
  await client.connect();
  await client.query(
    'create schema s; create table s.item (id serial primary key, name text); insert into s.item (name) select md5(i::text) from generate_series(1, 1000) i; create materialized view s.m as select count(*) from s.item',
  );
  await client.end();
  opened = openStore(folder);
  store = createBackupStore(opened.db);
  backups = createBackups({
    store,
    folder: join(folder, 'backups'),
    files: {
      chooseSave: async () => null,
      chooseOpen: async () => null,
      path: (token) => join(folder, token),
      finished: () => {},
      release: async () => {},
      reveal: async () => {},
    },
    notify: (message) => void told.push(message),
    notice: (level, message) => void noticed.push(`${level}: ${message}`),
    sendMail: async (letter) => {
      letters.push(letter);
    },
    program: 'test',
    specOf: async (_, database) => server.spec(database ? { database } : {}),
    find: (id) => {
      if (id !== 'shop') throw new Error('gone');
      return connection;
    },
    source: async (_, database) => {
      const source = await pgSource(server, database);
      sources.push(source);
      return { ...source } as never;
    },
    scratch: () => scratch(),
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });
});
afterAll(async () => {
  await backups?.close();
  opened?.close();
  for (const source of sources) await source.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});
const client = () =>
  createRouterClient(procedures.backups.router(backups.procedures), { context: { role: 'admin', clientId: 'page' } });

/** The job as it ended. */
async function ended(jobId: string): Promise<BackupJob> {
  const stop = new AbortController();
  try {
    for await (const event of await client().follow(undefined, { signal: stop.signal }))
      if (event.kind === 'job' && event.job.id === jobId && event.job.state !== 'running') return event.job;
  } finally {
    stop.abort();
  }
  throw new Error('the line ended first');
}
const only = async () => {
  const [backup] = (await client().list()).backups;
  if (!backup) throw new Error('no backup is listed');
  return backup;
};

test('a backup is made, listed, read back, drilled, planned and restored', async () => {
  const job = await ended((await client().start({ connectionId: 'shop', database: 'shop', choice })).jobId);
  expect(job).toMatchObject({ state: 'done', summary: expect.stringContaining('1,000 rows') });
  const made = await only();
  expect(made).toMatchObject({ state: 'good', rows: 1000, database: 'shop', connectionName: 'The shop', drill: null });
  expect(await ended((await client().verify({ id: made.id })).jobId)).toMatchObject({ state: 'done' });
  expect(await ended((await client().drill({ id: made.id })).jobId)).toMatchObject({
    state: 'done',
    summary: 'Restored, and equal to the snapshot.',
  });
  expect((await only()).drill).toMatchObject({ rows: 1000, differences: [], failure: null });
  const { items } = await client().contents({ id: made.id });
  expect(items.filter(({ kind }) => kind === 'rows')).toMatchObject([{ schema: 's', name: 'item', rows: 1000 }]);

  const asked = { id: made.id, connectionId: 'shop', choice: restoreChoice };
  expect(await client().plan(asked)).toMatchObject({ obstacles: [], confirm: null, rows: 1000 });
  const long = { ...restoreChoice, target: { kind: 'new', database: 'ü'.repeat(32) } as const };
  expect((await client().plan({ ...asked, choice: long })).obstacles).toEqual([
    expect.stringMatching(/has 64 bytes; PostgreSQL keeps 63\. Choose a shorter one/),
  ]);
  expect(await ended((await client().restore({ ...asked, confirm: '' })).jobId)).toMatchObject({ state: 'done' });
  // Over what is there: the plan says so, and it has to be meant.
  const over = {
    ...asked,
    choice: { ...restoreChoice, target: { kind: 'existing', database: 'restored', onExisting: 'replace' } as const },
  };
  const plan = await client().plan(over);
  expect(plan.existing).toContainEqual({ kind: 'table', name: 's.item', rows: expect.any(Number) });
  expect(plan.confirm).toBe('restored');
  await expect(client().restore({ ...over, confirm: 'yes' })).rejects.toMatchObject({ code: 'invalid' });
  expect(await ended((await client().restore({ ...over, confirm: 'restored' })).jobId)).toMatchObject({
    state: 'done',
  });

  await writeFile(join(folder, 'copy.sql'), '');
  await client().saveCopy({ id: made.id, fileToken: 'copy.sql', form: 'sql' });
  const path = store.get(made.id)?.path ?? '';
  const file = await open(path, 'r+');
  await file.write(Buffer.from([0]), 0, 1, 60);
  await file.close();
  expect(await ended((await client().verify({ id: made.id })).jobId)).toMatchObject({ state: 'failed' });
  expect(await only()).toMatchObject({ state: 'damaged' });
  await client().remove({ id: made.id });
  expect(existsSync(path)).toBe(false);
});

test('a drill that finds another row than the file has is no success', async () => {
  const lines = [
    '--\n-- PostgreSQL database dump\n--\n',
    'CREATE TABLE public.part (a integer, b text);\nCREATE TABLE public.whole (a integer);\n',
    'COPY public.part (a, b) FROM stdin;\n1\tone\n2\ttwo\n\\.\n\nCOPY public.whole (a) FROM stdin;\n1\n2\n\\.\n',
    "UPDATE public.part SET b = 'zwei' WHERE a = 2;\nDELETE FROM public.whole WHERE a = 1;\n",
    '--\n-- PostgreSQL database dump complete\n--\n',
  ];
  await writeFile(join(folder, 'elsewhere.sql'), lines.join('\n'));
  const { id } = await client().open({ fileToken: 'elsewhere.sql' });
  scratch = async () => ({ spec: server.spec(), stop: async () => {} });
  const job = await ended((await client().drill({ id })).jobId);
  scratch = startScratchServer;
  expect(job).toMatchObject({ state: 'failed', summary: expect.stringContaining('Restored with 2 differences: ') });
  expect((await only()).drill).toMatchObject({
    failure: null,
    differences: ['public.whole has 1 rows; the dump has 2.', 'The rows of public.part are not those of the dump.'],
  });
  // The file of somebody else stays where it is.
  await client().remove({ id });
  expect(existsSync(join(folder, 'elsewhere.sql'))).toBe(true);
});

test('what no installed pg_dump fits is said, with what would do', async () => {
  const tool: BackupChoice['tool'] = {
    program: 'pg_dump',
    format: 'directory',
    sections: [],
    tables: [],
    compression: 'gzip',
    level: 6,
    owners: true,
    grants: true,
    clean: false,
  };
  const found = await client().tools({ connectionId: 'shop', database: 'shop', choice: { ...choice, tool } });
  // With a pg_dump as new as the server the command is there, without one the reason.
  if (found.fitting) expect(found.command).toMatch(/pg_dump.* --format=directory .*--jobs=2/);
  else expect(found).toMatchObject({ command: null, why: expect.stringMatching(/pg_dump.*built-in backup/s) });
  const job = await ended(
    (await client().start({ connectionId: 'shop', database: 'shop', choice: { ...choice, tool } })).jobId,
  );
  expect(job.state).toBe(found.fitting ? 'done' : 'failed');
  const made = await only();
  expect(made).toMatchObject({ form: 'directory', state: found.fitting ? 'good' : 'failed' });
  await client().remove({ id: made.id });
  expect(await readdir(join(folder, 'backups'))).toEqual([]);
});

test('a schedule makes backups, removes what its rules do not keep, and tells of failures', async () => {
  const heard: unknown[] = [];
  const web = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk;
    });
    request.on('end', () => {
      heard.push(JSON.parse(body));
      response.end();
    });
  });
  await new Promise<void>((done) => web.listen(0, '127.0.0.1', done));
  // Half a day away: it must not begin by itself while it is looked at.
  const hour = (new Date().getHours() + 12) % 24;
  const schedule = {
    id: null,
    name: 'Nightly',
    connectionId: 'shop',
    database: 'shop',
    cron: `0 ${hour} * * *`,
    choice,
    keep: { last: 2, days: 0, weeks: 0, months: 0 },
    enabled: true,
    drill: false,
    notify: 'failures' as const,
    email: true,
    webhook: `http://127.0.0.1:${(web.address() as AddressInfo).port}/told`,
  };
  await expect(client().saveSchedule({ ...schedule, cron: 'at night' })).rejects.toMatchObject({ code: 'invalid' });
  const { id } = await client().saveSchedule(schedule);
  const [now] = await client().schedules();
  expect((now?.nextMs ?? 0) - Date.now()).toBeGreaterThan(9 * 3_600_000);
  for (let time = 0; time < 3; time++) await ended((await client().runSchedule({ id })).jobId);
  await expect
    .poll(async () => (await client().list()).backups.filter(({ state }) => state === 'good'))
    .toHaveLength(2);
  expect(await readdir(join(folder, 'backups'))).toHaveLength(2);
  expect(told).toEqual([]);
  // A failure removes nothing, and is told of.
  await client().saveSchedule({ ...schedule, id, database: 'nowhere' });
  expect(await ended((await client().runSchedule({ id })).jobId)).toMatchObject({ state: 'failed' });
  await expect.poll(() => heard).toMatchObject([{ schedule: 'Nightly', state: 'failed', database: 'nowhere' }]);
  await expect.poll(() => told).toMatchObject([{ title: 'Nightly: the backup FAILED' }]);
  await expect.poll(() => noticed).toEqual([expect.stringContaining('error: Nightly: the backup FAILED. ')]);
  await expect
    .poll(() => letters)
    .toMatchObject([
      { subject: 'Howdah: Nightly: the backup FAILED', text: expect.stringContaining('Database: nowhere of The shop') },
    ]);
  expect(await readdir(join(folder, 'backups'))).toHaveLength(2);
  // A drill that cannot be made takes nothing from the backup before it; nor is another removed for it.
  scratch = () => Promise.reject(invalid('drill', 'There is no PostgreSQL for it here.'));
  await client().saveSchedule({ ...schedule, id, drill: true, keep: { ...schedule.keep, last: 1 } });
  const drilled = await ended((await client().runSchedule({ id })).jobId);
  expect(drilled).toMatchObject({ state: 'failed', summary: 'There is no PostgreSQL for it here.' });
  await expect.poll(() => told).toMatchObject([{}, { title: 'Nightly: the restore drill FAILED' }]);
  expect(await only()).toMatchObject({ state: 'good', rows: 1000, drill: { failure: { kind: 'invalid' } } });
  expect((await client().schedules())[0]?.lastState).toBe('drillFailed');
  expect(await readdir(join(folder, 'backups'))).toHaveLength(3);
  scratch = startScratchServer;
  web.close();
});

test.each([13, 18] as const)('what runs on a server %i, and its archiving', async (major) => {
  const other = await startServer(major, { settings: { archive_mode: 'on', archive_command: 'exit 1' } });
  const source = await pgSource(other);
  const { host, port, user, password } = other;
  const dumping = new pg.Client({ host, port, user, password, application_name: 'pg_dump' });
  await dumping.connect();
  const state = await serverState(source);
  expect(state.running).toMatchObject([
    { application: 'pg_dump', user: 'postgres', database: 'postgres', doing: 'idle' },
  ]);
  expect(state.archiver).toMatchObject({ mode: 'on', lastArchived: null });
  // A segment that nothing was written to is not ended.
  await other.query('create table written (); select pg_switch_wal()');
  await expect.poll(async () => (await serverState(source)).archiver.failed).toBeGreaterThan(0);
  await dumping.end();
  await source.close();
  await other.stop();
});

test('what was missed is made up for once; a clock set back makes nothing twice', () => {
  const at = (text: string) => new Date(text).getTime();
  const nightly = { cron: '0 3 * * *', enabled: true, lastMs: at('2026-03-01T03:00:01') } as Parameters<
    typeof isDue
  >[0];
  expect(isDue(nightly, at('2026-03-02T02:59:00'))).toBe(false);
  expect(isDue(nightly, at('2026-03-02T03:00:00'))).toBe(true);
  expect(isDue(nightly, at('2026-03-05T12:00:00'))).toBe(true);
  expect(isDue({ ...nightly, lastMs: at('2026-03-05T12:00:00') }, at('2026-03-05T12:00:20'))).toBe(false);
  expect(isDue(nightly, at('2026-02-28T12:00:00'))).toBe(false);
  expect(isDue({ ...nightly, enabled: false }, at('2026-03-05T12:00:00'))).toBe(false);
});
