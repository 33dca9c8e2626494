/** Cancelling and terminating on a real server: only who was meant, with what it costs said before. */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { previewSession, sendSignal } from '../../electron/features/signals/signals.ts';
import { type PgSource, pgSource } from './pg-source.ts';
import { startServer, type TestServer } from './servers.ts';

let server: TestServer;
let source: PgSource;
beforeAll(async () => {
  server = await startServer(15);
  await server.query('create table t (id int primary key); insert into t values (1)');
  source = await pgSource(server);
});
afterAll(async () => {
  await source?.close();
  await server?.stop();
});

/** A session of its own, and what `signals` knows it by. */
async function session() {
  const { host, port, user, password, database } = server;
  const client = new pg.Client({ host, port, user, password, database });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ pid: number; start: string }>(
    `select pid, floor(extract(epoch from backend_start) * 1000)::text as start
     from pg_stat_activity where pid = pg_backend_pid()`,
  );
  const [row] = rows;
  return { client, target: [row?.pid, Number(row?.start)] as const };
}
const waiting = async (pid: unknown, event: string) => {
  await expect
    .poll(
      async () => (await server.query(`select wait_event_type from pg_stat_activity where pid = ${Number(pid)}`))[0],
    )
    .toEqual({ wait_event_type: event });
};

test('says what would be lost and who waits, then ends the blocker and frees the waiter', async () => {
  const blocker = await session();
  const waiter = await session();
  await blocker.client.query('begin; update t set id = 2');
  const update = waiter.client.query('update t set id = 3');
  await waiting(waiter.target[0], 'Lock');
  const preview = await previewSession(source, blocker.target);
  expect(preview).toMatchObject({ there: true, state: 'idle in transaction', hasWritten: true, blocks: 1 });
  expect(preview.xactAgeMs).toBeGreaterThanOrEqual(0);
  expect(await sendSignal(source, blocker.target, 'terminate')).toMatchObject({ outcome: 'done' });
  expect((await update).rowCount).toBe(1);
  expect(await sendSignal(source, blocker.target, 'terminate')).toMatchObject({ outcome: 'gone' });
  expect(await previewSession(source, blocker.target)).toMatchObject({ there: false });
  await waiter.client.end();
});

test('cancels a statement and leaves its session', async () => {
  const { client, target } = await session();
  const sleeping = client.query('select pg_sleep(60)').catch((error: { code?: string }) => error.code);
  await waiting(target[0], 'Timeout');
  expect(await sendSignal(source, target, 'cancel')).toMatchObject({ outcome: 'done' });
  expect(await sleeping).toBe('57014');
  expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await client.end();
});

test('a pid that was given to another session meanwhile is left alone', async () => {
  const { client, target } = await session();
  expect(await sendSignal(source, [target[0], target[1] - 1000], 'terminate')).toMatchObject({ outcome: 'gone' });
  expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await client.end();
});

test('without the right the server’s own refusal comes back', async () => {
  await server.query("create role reader login password 'reader'");
  const reader = await pgSource(server, server.database, { user: 'reader', password: 'reader' });
  const { client, target } = await session();
  await expect(sendSignal(reader, target, 'terminate')).rejects.toMatchObject({ failure: { sqlstate: '42501' } });
  expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await client.end();
  await reader.close();
});
