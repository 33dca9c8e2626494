/** The second home: what is brought there is whole, comes once whatever happens on the way, and can be had back. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RecordingFile } from '../../electron/recorder/file/recording-file.ts';
import { openWriter } from '../../electron/recorder/file/writer.ts';
import { bringBack } from '../../electron/recorder/home/bring-back.ts';
import { Follower, type FollowState } from '../../electron/recorder/home/follow.ts';
import { Home } from '../../electron/recorder/home/home.ts';
import { answer, type QuestionInput, type QuestionName } from '../../electron/recorder/read/questions.ts';
import { generateRecording } from '../fixtures/generate-recording.ts';
import { eventually } from './recorder-world.ts';
import { startServer, type TestServer } from './servers.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const folder = mkdtempSync(join(tmpdir(), 'howdah-home-'));
const toMs = Math.floor(Date.now() / 60_000) * 60_000;
const file = join(folder, 'shop.howdah');
let span = { fromMs: 0, toMs };
let server: TestServer;

beforeAll(async () => {
  server = await startServer(18);
  span = generateRecording(file, { toMs, hours: 1.5, statements: 40, tables: 12 });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

let made = 0;
async function emptyHome(): Promise<ReturnType<TestServer['spec']>> {
  const database = `home_${++made}`;
  await server.query(`create database ${database}`);
  return server.spec({ database });
}
const bring = (spec: ReturnType<TestServer['spec']>, from = file) =>
  new Follower({ file: from, specOf: async () => spec, onState: () => {} }).once();

function ask<Name extends QuestionName>(path: string, name: Name, input: QuestionInput<Name>) {
  const reader = new RecordingFile(path);
  try {
    return reader.atOnce(() => answer(reader, name, input));
  } finally {
    reader.close();
  }
}

/** Polls and rows of the file, and of the home, by family and instant. */
async function rowsThere(home: Home) {
  return home.transaction(() =>
    home.link.query<{ family: string; at: number; rows: number }>(
      `select f.name as family, (extract(epoch from p.at) * 1000)::float8 as at,
        (select count(*) from sample s where s.recording = p.recording and s.family = p.family and s.at = p.at)::int4 as rows
       from poll p join family f on f.recording = p.recording and f.id = p.family order by 1, 2`,
    ),
  );
}
function rowsHere(path: string) {
  const reader = new RecordingFile(path);
  const found = reader.families().flatMap((family) =>
    [...reader.blocks(family, family.grain, { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }, [])].flatMap((block) =>
      block.polls.map(({ atMs }, place) => ({
        family: family.name,
        at: atMs,
        rows: block.rowPoll.reduce((sum, poll) => sum + (poll === place ? 1 : 0), 0),
      })),
    ),
  );
  const minutes = new Set([...reader.coverage({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER })].map((each) => each.toMs));
  reader.close();
  return { polls: found.sort((a, b) => (a.family < b.family ? -1 : a.family > b.family ? 1 : a.at - b.at)), minutes };
}

test('what was brought there and back answers every question as the file does', async () => {
  const spec = await emptyHome();
  await bring(spec);
  const home = await Home.open(spec);
  const [recording] = await home.recordings();
  expect(recording).toMatchObject({ name: 'shop-db-1', serverVersion: '17.4' });
  const back = join(folder, 'back.howdah');
  await bringBack(home, recording?.number ?? 0, span, back);
  expect(await rowsThere(home)).toEqual(rowsHere(file).polls);
  await home.close();

  const range = { fromMs: span.fromMs, toMs: span.toMs };
  const narrow = { ...range, filters: [], background: true };
  const same = <Name extends QuestionName>(name: Name, input: QuestionInput<Name>) => {
    const expected = ask(file, name, input);
    expect(ask(back, name, input)).toEqual(expected);
    return expected;
  };
  const activity = same('activity', { ...narrow, by: 'class', buckets: 60, top: 8 });
  expect(activity.series.length).toBeGreaterThan(3);
  same('activity', { ...narrow, by: 'query', buckets: 2, top: 20 });
  same('shares', { ...narrow, by: 'user', limit: 10 });
  same('events', range);
  same('locks', { atMs: span.toMs - 40 * 60_000 });
  same('sessions', { atMs: span.toMs - 40 * 60_000, idle: true });
  expect(same('blocked', { ...range, buckets: 30 })).toBeTruthy();
  for (const family of ['database', 'table', 'statement', 'connections']) same('table', { ...range, family });
  same('series', { ...range, family: 'database', metrics: ['xact_commit', 'numbackends'], keys: [], buckets: 90 });
  for (const kind of ['catalog', 'settings', 'server', 'roles'])
    same('snapshot', { kind, database: kind === 'catalog' ? 'shop' : null, atMs: span.toMs });
});

test('a stretch comes back as a stretch, and what held when it began with it', async () => {
  const spec = await emptyHome();
  await bring(spec);
  const home = await Home.open(spec);
  const back = join(folder, 'stretch.howdah');
  const part = { fromMs: span.toMs - 30 * 60_000, toMs: span.toMs - 10 * 60_000 };
  await bringBack(home, 1, part, back);
  const whole = ask(back, 'span', {});
  expect(whole.fromMs).toBeGreaterThanOrEqual(part.fromMs - 70_000);
  expect(whole.toMs).toBeLessThanOrEqual(part.toMs + 60_000);
  expect(ask(back, 'snapshot', { kind: 'settings', database: null, atMs: part.fromMs })).not.toBeNull();
  const absent = bringBack(home, 999, part, join(folder, 'absent.howdah'));
  await expect(absent).rejects.toThrow('There is no such recording');
  await home.close();
});

test('killed and cut off on the way, nothing comes twice and nothing is left out', async () => {
  const spec = await emptyHome();
  const script = join(import.meta.dirname, '../fixtures/follow-until-killed.ts');
  let kills = 0;
  // The first as soon as its session is seen: nobody has brought everything by then.
  for (const [round, afterMs] of [0, 20, 60, 120, 240, 400].entries()) {
    const child = spawn(process.execPath, ['--no-warnings', script, file, JSON.stringify(spec)], { stdio: 'ignore' });
    const closed = once(child, 'close');
    let isOver = false;
    const ended = closed.then(() => {
      isOver = true;
    });
    // At another moment each time: by how much has come, and whether its session or its process is ended.
    await eventually(async () => {
      if (isOver) return true;
      const [at] = await server
        .query<{ n: number }>(
          `select count(*)::int as n from pg_stat_activity where application_name = 'howdah history'`,
        )
        .catch(() => []);
      return (at?.n ?? 0) > 0;
    });
    await new Promise((done) => setTimeout(done, afterMs));
    if (round % 2 === 0) child.kill('SIGKILL');
    else
      await server.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'howdah history'",
      );
    const [code, signal] = await closed;
    await ended;
    if (signal === 'SIGKILL' || code !== 0) kills++;
  }
  expect(kills).toBeGreaterThan(0);
  await bring(spec);
  const home = await Home.open(spec);
  const here = rowsHere(file);
  expect(await rowsThere(home)).toEqual(here.polls);
  const [minutes] = await home.transaction(() =>
    home.link.query<{ n: number }>('select count(*)::int4 as n from minute'),
  );
  expect(minutes?.n).toBe(here.minutes.size);
  expect(await home.recordings()).toHaveLength(1);
  await home.close();
});

test('a home that is away is waited for, and two that follow the same recording do not double it', async () => {
  const spec = await emptyHome();
  const growing = join(folder, 'growing.howdah');
  const writer = openWriter({ file: growing, name: 'growing' });
  let atMs = toMs - hourMs;
  const grow = (polls: number) => {
    for (let poll = 0; poll < polls; poll++) {
      atMs += 10_000;
      writer.tick({ atMs, plannedMs: 10_000, weightMs: 10_000, tookMs: 1, full: false, sessions: [], locks: null });
      const rows = [{ key: ['shop', '1'], values: [poll, 10] }];
      writer.family({ family: 'database', atMs, coveredMs: 10_000, flags: [], complete: true, rows });
    }
  };
  grow(30);
  const states: FollowState[] = [];
  let away = true;
  const specOf = async () => (away ? { ...spec, port: 1 } : spec);
  const followers = [0, 1].map(
    () => new Follower({ file: growing, specOf, onState: (state) => states.push(state), everyMs: 30 }),
  );
  for (const follower of followers) follower.start();
  await eventually(async () => states.some(({ trouble }) => trouble !== null));
  away = false;
  grow(30);
  await eventually(async () => states.at(-1)?.trouble === null && states.at(-1)?.uptoMs === atMs);
  grow(200);
  await eventually(async () => states.at(-1)?.uptoMs === atMs);
  await Promise.all(followers.map((follower) => follower.stop()));
  writer.close();
  await bring(spec, growing);
  const home = await Home.open(spec);
  expect(await rowsThere(home)).toEqual(rowsHere(growing).polls);
  await home.close();
});

describe('what grows with time', () => {
  const days = (home: Home) =>
    home.link.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'howdah_history'::regnamespace and relispartition and relkind = 'r' order by 1`,
    );
  test('lies in partitions by day, which are dropped when they are old', async () => {
    const spec = await emptyHome();
    const old = join(folder, 'old.howdah');
    const began = generateRecording(old, {
      toMs: toMs - 3 * dayMs,
      hours: 25,
      everyMs: 60_000,
      families: ['database'],
      quiet: true,
    });
    await bring(spec, old);
    const home = await Home.open(spec);
    const named = (await days(home)).map(({ name }) => name).filter((name) => name.startsWith('sample_'));
    const day = (ms: number) => `sample_${new Date(ms).toISOString().slice(0, 10).replaceAll('-', '')}`;
    expect(named).toContain(day(began.fromMs + 60_000));
    expect(named.length).toBeGreaterThanOrEqual(2);
    expect(home.retentionDays).toBe(90);
    const before = (await rowsThere(home)).length;
    await home.link.query('update howdah_history.about set retention_days = 4');
    await home.close();
    const shorter = await Home.open(spec);
    await shorter.forgetOld();
    const left = (await days(shorter)).map(({ name }) => name).filter((name) => name.startsWith('sample_'));
    expect(left.every((name) => name >= day(shorter.oldestMs))).toBe(true);
    expect(left.length).toBeLessThan(named.length);
    expect((await rowsThere(shorter)).length).toBeLessThan(before);
    await shorter.close();
    // What is forgotten is not brought again.
    await bring(spec, old);
    const after = await Home.open(spec);
    expect((await days(after)).filter(({ name }) => name.startsWith('sample_'))).toHaveLength(left.length);
    await after.close();
  });

  test('lies in hypertables where TimescaleDB is: its functions are called, and no partition is made', async () => {
    const spec = await emptyHome();
    // TimescaleDB cannot be had here: functions of the same names note how they are called.
    const { host, port, user, password } = server;
    const client = new pg.Client({ host, port, user, password, database: spec.database });
    await client.connect();
    await client.query(`create table called (text text);
      create function create_hypertable(t regclass, c name, chunk_time_interval interval) returns void language sql as
        $$ insert into public.called values (t || ' ' || c || ' ' || chunk_time_interval) $$;
      create function add_retention_policy(t regclass, after interval) returns void language sql as
        $$ insert into public.called values (t || ' ' || after) $$;`);
    const home = await Home.open(spec, { layout: 'hypertables' });
    await home.close();
    await bring(spec);
    const { rows } = await client.query('select text from called order by 1');
    expect(rows.map(({ text }) => text)).toEqual(
      ['minute', 'poll', 'sample'].flatMap((table) => [`${table} 90 days`, `${table} at 1 day`]),
    );
    const again = await Home.open(spec);
    expect(again.layout).toBe('hypertables');
    expect(await days(again)).toEqual([]);
    expect(await rowsThere(again)).toEqual(rowsHere(file).polls);
    await again.close();
    await client.end();
  });
});

test('is read by SQL: metrics by name, and sessions by class', async () => {
  const spec = await emptyHome();
  await bring(spec);
  const home = await Home.open(spec);
  const [load] = await home.transaction(() =>
    home.link.query<{ server: string; sessions: number }>(
      'select server, avg(total)::float8 as sessions from (select server, at, sum(sessions) as total from active_sessions group by 1, 2) m group by 1',
    ),
  );
  expect(load).toMatchObject({ server: 'shop-db-1' });
  expect(load?.sessions).toBeGreaterThan(1);
  const commits = await home.transaction(() =>
    home.link.query(
      "select 1 from metric where family = 'database' and metric = 'xact_commit' and key[1] = 'shop' and value > 0",
    ),
  );
  expect(commits.length).toBeGreaterThan(10);
  await home.close();
});

test('a schema of a newer program is left alone, and a role that may make none is told', async () => {
  const spec = await emptyHome();
  await (await Home.open(spec)).close();
  await server.query("create role guest login password 'g'");
  const elsewhere = await emptyHome();
  await expect(Home.open({ ...elsewhere, user: 'guest', password: 'g' })).rejects.toMatchObject({
    failure: { kind: 'postgres', sqlstate: '42501' },
  });
  const home = await Home.open(spec);
  await home.link.query('update howdah_history.about set version = 99');
  await home.close();
  await expect(Home.open(spec)).rejects.toThrow('newer Howdah');
});
