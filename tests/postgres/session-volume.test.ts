/** Large and hostile: nothing crashes, and memory does not grow with what the server sends. */
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { query } from '../../electron/postgres/query.ts';
import type { Session } from '../../electron/postgres/source.ts';
import { startServer, type TestServer } from './servers.ts';
import { all, only, openWorld, run, select, type World } from './session-world.ts';

let server: TestServer;
let world: World;
let session: Session;
beforeAll(async () => {
  server = await startServer(18);
  world = await openWorld(() => server.spec());
  session = await world.session();
});
afterAll(async () => {
  await world?.close();
  await server?.stop();
});

/**
 * Growth of this process (the thread is in it) while `action` runs, from a settled start, in MB. What is held would be
 * several times what is allowed; how much waits for the collector differs with what else the machine does.
 */
async function growthMb(action: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 5);
  await action();
  clearInterval(timer);
  return (most - before) / 1e6;
}

test('a value of 600 MB goes into the file, and memory stays flat', { timeout: 600_000 }, async () => {
  await run(session, 'select 1');
  const growth = await growthMb(async () => {
    const events = await run(session, "select 1 as before, repeat('é', 300000000) as large, 2 as after");
    const { resultId } = only(events, 'result');
    const file = world.sources.results.resultFile(resultId);
    expect(file).toMatchObject({ rowCount: 1, complete: true, sizeBytes: 600_000_000 + 7 + 4 + 1 + 4 + 4 + 1 });
    const handle = await open(file.path);
    const end = Buffer.alloc(9);
    await handle.read(end, 0, 9, file.sizeBytes - 9);
    await handle.close();
    expect(end.toString('latin1')).toBe(`${Buffer.from('éé').toString('latin1')}\0\0\0\u00012`);
    await world.sources.results.closeResult(resultId);
  });
  expect(growth).toBeLessThan(300);
  expect((await select(world, session, 'select 1')).cells).toEqual([['1']]);
});

test('an error and a notice that are as long as a value', async () => {
  const long = "do $$ begin raise %s '%%', repeat('ab', 40000000) using hint = 'none'; end $$";
  const notice = only(await run(session, long.replace('%s', 'notice').replace('%%', '%')), 'notice').notice;
  expect(notice).toMatchObject({ severity: 'NOTICE', sqlstate: '00000' });
  expect(notice.message.length).toBeLessThan(200_000);
  const { failure } = only(await run(session, long.replace('%s', 'exception').replace('%%', '%')), 'failed');
  expect(failure).toMatchObject({ kind: 'postgres', sqlstate: 'P0001' });
  expect(session.state.lost).toBeNull();
});

test('a million notices: the first 1,000 are told, the others counted, and memory stays flat', async () => {
  const growth = await growthMb(async () => {
    const events = await run(session, [
      "do $$ begin for i in 1..1000000 loop raise notice 'row %', i; end loop; end $$",
      "do $$ begin raise notice 'of the next statement'; end $$",
    ]);
    expect(all(events, 'notice')).toHaveLength(1_000);
    expect(all(events, 'notice').at(-1)?.notice.message).toBe('row 1000');
    expect(only(events, 'noticesDropped').count).toBe(999_001);
    expect(all(events, 'failed')).toEqual([]);
  });
  expect(growth).toBeLessThan(150);
  expect(all(await run(session, "do $$ begin raise notice 'again'; end $$"), 'notice')).toHaveLength(1);
});

test('a million rows: memory stays flat, and the file holds them all', async () => {
  await run(
    session,
    "create temp table m as select g, g::text || ' some text' t, g * 1.5 n, now() d from generate_series(1, 1000000) g",
  );
  const warm = await run(session, 'select * from m', { rowLimit: 100_000 });
  await world.sources.results.closeResult(only(warm, 'resultEnd').resultId);
  const growth = await growthMb(async () => {
    const end = only(await run(session, 'select * from m'), 'resultEnd');
    expect(end).toMatchObject({ rows: 1_000_000, cut: false });
    const file = world.sources.results.resultFile(end.resultId);
    expect(file.index).toHaveLength(Math.ceil(1_000_000 / 256));
    expect(file.sizeBytes).toBe(end.bytes);
  });
  expect(growth).toBeLessThan(250);
});

test('the first rows can be read while the server still works on the rest', async () => {
  const streaming = session.run({
    statements: [{ text: "select generate_series(1, 5000000), repeat('x', 200)", range: { from: 0, to: 1 } }],
    rowLimit: 2_000_000,
    stopOnError: true,
  });
  let seen = false;
  for await (const event of streaming) {
    if (event.kind !== 'progress' || event.rows === 0 || seen) continue;
    seen = true;
    const file = await open(world.sources.results.resultFile(event.resultId).path);
    expect((await file.read(Buffer.alloc(1), 0, 1, 0)).buffer[0]).toBe(0x44);
    await file.close();
    await session.cancel();
  }
  expect(seen).toBe(true);
});

test('a folder that takes no more: told, the rest is not read, the session goes on', async () => {
  const other = await openWorld(() => server.spec());
  try {
    const tab = await other.session();
    await rm(path.join(other.folder, 'results'), { recursive: true });
    // Read to its end it would take longer than a test may.
    const events = await run(tab, ["select generate_series(1, 1000000000), repeat('x', 100)", 'select 1'], {
      stopOnError: false,
    });
    const [first] = all(events, 'failed');
    expect(first?.failure).toMatchObject({ kind: 'internal', message: expect.stringContaining('ENOENT') });
    expect(tab.state).toMatchObject({ lost: null, running: false });
    await mkdir(path.join(other.folder, 'results'));
    expect((await select(other, tab, 'select 1')).cells).toEqual([['1']]);
  } finally {
    await other.close();
  }
});

test('bytes that are not UTF-8 are kept as they are', async () => {
  await server.query("create database raw encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C' template template0");
  const other = await openWorld(() => server.spec({ database: 'raw' }));
  try {
    const tab = await other.session();
    const events = await run(tab, [
      "create table raw as select convert_from('\\x61fffe62', 'SQL_ASCII') as t",
      'select t, t as "n\u00e9" from raw',
      "do $$ begin raise notice '%', (select t from raw); end $$",
    ]);
    expect(all(events, 'failed')).toEqual([]);
    const { resultId, columns } = only(events, 'result');
    expect(columns[1]?.name).toBe('n\u00e9');
    const file = await readFile(other.sources.results.resultFile(resultId).path);
    expect(file.subarray(11, 15)).toEqual(Buffer.from([0x61, 0xff, 0xfe, 0x62]));
    expect(only(events, 'notice').notice.message).toBe('a\ufffd\ufffdb');
    const text = "select 'é', nonsense from raw";
    const { at } = only(await run(tab, text), 'failed');
    expect(text.slice(at?.from, at?.to)).toBe('nonsense');
    const [row] = await tab.source.ask(query<{ t: string }>('test.raw', 'select t from public.raw'));
    expect(row).toEqual({ t: 'a\ufffd\ufffdb' });
  } finally {
    await other.close();
  }
});
