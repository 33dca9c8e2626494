/** The tabs' sessions as the page calls them. */
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSessions } from '../../electron/features/sessions/sessions.ts';
import { procedures } from '../../electron/procedures.ts';
import type { HistoryEntry } from '../../shared/api/history.ts';
import type { RunEvent } from '../../shared/api/sessions.ts';
import { noJournal } from './no-journal.ts';
import { startServer, type TestServer } from './servers.ts';
import { all, cellsOf, only, openWorld, until, type World } from './session-world.ts';

let server: TestServer;
let world: World;
const recorded: Omit<HistoryEntry, 'id'>[] = [];
let sessions: ReturnType<typeof createSessions>;
/** What a run passes before it begins. */
let judged = async (): Promise<void> => {};

beforeAll(async () => {
  server = await startServer(18);
  world = await openWorld(() => server.spec());
  sessions = createSessions({
    sources: world.sources,
    journal: noJournal,
    recordRun: (entry) => void recorded.push(entry),
    connectionName: () => 'the shop',
    guard: { judge: async () => ({ kind: 'allow' }), require: () => judged() },
    parameters: { recall: () => null, remember: () => {} },
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });
});
afterAll(async () => {
  await world?.close();
  await server?.stop();
});

const clientOf = (clientId: string, role: 'viewer' | 'operator' = 'operator') =>
  createRouterClient(procedures.sessions.router(sessions.procedures), { context: { role, clientId } });
type Client = ReturnType<typeof clientOf>;
type RunInput = Parameters<Client['run']>[0];

async function run(
  client: Client,
  sessionId: string,
  text: string,
  what: RunInput['what'] = { kind: 'all' },
): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  const input: RunInput = { sessionId, text, what, rowLimit: 1000, stopOnError: true };
  for await (const event of await client.run(input)) events.push(event);
  return events;
}

test('all, a selection, or the statement at the caret; errors are placed in the whole text', async () => {
  const client = clientOf('page 1');
  const { sessionId } = await client.open({ connectionId: 'shop' });
  const text = "select 'a;b' as one;\n-- note\nselect 2 as two; select nonsense;";
  const names = (events: readonly RunEvent[]) =>
    all(events, 'result').flatMap(({ columns }) => columns.map(({ name }) => name));
  const everything = await run(client, sessionId, text);
  expect(names(everything)).toEqual(['one', 'two']);
  const { at } = only(everything, 'failed');
  expect(text.slice(at?.from, at?.to)).toBe('nonsense');
  const caret = await run(client, sessionId, text, { kind: 'caret', caret: text.indexOf('two') });
  expect(names(caret)).toEqual(['two']);
  const from = text.indexOf('select nonsense');
  const selection = await run(client, sessionId, text, { kind: 'range', range: { from, to: text.length } });
  expect(text.slice(only(selection, 'failed').at?.from, only(selection, 'failed').at?.to)).toBe('nonsense');
  const part = await run(client, sessionId, text, { kind: 'range', range: { from: 0, to: 'select 1'.length - 1 } });
  expect(only(part, 'complete').command).toBe('SELECT 1');
  await expect(run(client, sessionId, ' -- nothing')).rejects.toMatchObject({
    code: 'invalid',
    data: { field: 'text' },
  });
  await expect(run(client, sessionId, 'select 1;\n\\d t')).rejects.toMatchObject({
    code: 'invalid',
    data: { field: 'text', at: 10, certainTo: 9 },
  });
  // What stands before a psql command runs with the caret in it; the caret elsewhere means what is refused.
  const mixed = 'select 1 as one;\nselect 2 as two;\n\\d t\nselect 3;';
  expect(names(await run(client, sessionId, mixed, { kind: 'caret', caret: 20 }))).toEqual(['two']);
  for (const caret of [mixed.indexOf('\\d'), mixed.length])
    await expect(run(client, sessionId, mixed, { kind: 'caret', caret })).rejects.toMatchObject({ code: 'invalid' });
  const range = { from: 17, to: mixed.length };
  await expect(run(client, sessionId, mixed, { kind: 'range', range })).rejects.toMatchObject({
    data: { at: mixed.indexOf('\\d'), certainTo: 33 },
  });
  await client.close({ sessionId });
  await client.close({ sessionId });
  await expect(run(client, sessionId, 'select 1')).rejects.toMatchObject({ code: 'invalid' });
});

test('a result’s first rows come with the news of them, once', async () => {
  const client = clientOf('page 1');
  const { sessionId } = await client.open({ connectionId: 'shop' });
  const text = "select i, repeat('x', 5000) as long from generate_series(1, 1000) i; select where false";
  const said = all(await run(client, sessionId, text), 'progress').flatMap(({ first }) => first ?? []);
  expect(said).toHaveLength(1);
  const [first] = said;
  expect(first?.from).toBe(0);
  expect(first?.rows.map(([i]) => i)).toEqual(first?.rows.map((_, at) => String(at + 1)));
  expect(first?.cut[0]).toEqual([0, 1, 5000]);
  await client.close({ sessionId });
});

test('each run is recorded once, without its passwords, also when nobody listens to its end', async () => {
  recorded.length = 0;
  const client = clientOf('page 1');
  const { sessionId } = await client.open({ connectionId: 'shop' });
  await run(client, sessionId, '  select generate_series(1, 3);  ');
  expect(recorded).toEqual([
    expect.objectContaining({
      text: 'select generate_series(1, 3);',
      connectionId: 'shop',
      connectionName: 'the shop',
      database: 'postgres',
      user: 'postgres',
      rows: 3,
      failure: null,
    }),
  ]);
  await run(client, sessionId, "create role ann password 'secret'; select 1/0");
  expect(recorded[1]).toMatchObject({
    text: "create role ann password '***'; select 1/0",
    failure: { sqlstate: '22012' },
  });
  const input: RunInput = {
    sessionId,
    text: 'select pg_sleep(0.1)',
    what: { kind: 'all' },
    rowLimit: null,
    stopOnError: true,
  };
  for await (const _ of await client.run(input)) break;
  await until(() => recorded.length === 3, 'recorded');
  expect(recorded[2]).toMatchObject({ rows: 1, failure: null });
  await client.close({ sessionId });
});

test('the state is told now and after every change, until the session is closed', async () => {
  const client = clientOf('page 1');
  const { sessionId } = await client.open({ connectionId: 'shop' });
  const states: string[] = [];
  const watching = (async () => {
    for await (const { transaction, running } of await client.state({ sessionId }))
      states.push(`${transaction}${running ? ' running' : ''}`);
  })();
  await until(() => states.length === 1, 'the first');
  await server.query('select pg_advisory_lock(1)');
  const running = run(client, sessionId, 'begin; select pg_advisory_lock(1)');
  await until(() => states.at(-1) === 'open running', 'open running');
  await server.query('select pg_advisory_unlock(1)');
  await running;
  await until(() => states.at(-1) === 'open', 'open');
  await client.close({ sessionId });
  await watching;
  expect(states[0]).toBe('idle');
});

test('the next run may begin as soon as the end of the last is heard of', async () => {
  const client = clientOf('page 1');
  const { sessionId } = await client.open({ connectionId: 'shop' });
  for (let round = 0; round < 200; round++) {
    for await (const event of await client.run({
      sessionId,
      text: 'select 1',
      what: { kind: 'all' },
      rowLimit: null,
      stopOnError: true,
    })) {
      if (event.kind === 'state' && !event.state.running) break;
    }
  }
  await client.close({ sessionId });
});

test('closing while it runs ends the run, and says so', async () => {
  const client = clientOf('page 1');
  const { sessionId, state } = await client.open({ connectionId: 'shop' });
  const running = run(client, sessionId, 'select pg_sleep(60); select 1');
  await until(
    async () =>
      (
        await server.query("select 1 from pg_stat_activity where pid = $1 and wait_event = 'PgSleep'", [
          state.backendPid,
        ])
      ).length > 0,
    'sleeps',
  );
  await client.close({ sessionId });
  expect(only(await running, 'end')).toMatchObject({ failed: 1 });
  await until(
    async () => (await server.query('select 1 from pg_stat_activity where pid = $1', [state.backendPid])).length === 0,
    'the backend is gone',
  );
});

test('a page that is gone: its sessions end, its results are removed, its transaction is rolled back', async () => {
  await server.query('create table kept (a int)');
  const client = clientOf('page 2');
  const { sessionId } = await client.open({ connectionId: 'shop' });
  const events = await run(client, sessionId, 'begin; insert into kept values (1); table kept');
  const { resultId } = only(events, 'result');
  expect(await cellsOf(world.sources.results.resultFile(resultId))).toEqual([['1']]);
  await sessions.pageGone('page 2');
  expect(world.sources.results.has(resultId)).toBe(false);
  expect(() => world.sources.session(sessionId)).toThrow(/not open/);
  await until(
    async () => (await server.query("select 1 from pg_stat_activity where state like 'idle in%'")).length === 0,
    'rolled back',
  );
  expect(await server.query('select * from kept')).toEqual([]);
});

test('a cancel that comes while a run is still judged stops it before anything is sent', async () => {
  const client = clientOf('page early');
  const { sessionId } = await client.open({ connectionId: 'shop' });
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  judged = () => {
    asked.resolve();
    return answer.promise;
  };
  try {
    const running = run(client, sessionId, 'create table must_not_be (n int)');
    const refused = expect(running).rejects.toMatchObject({ code: 'cancelled' });
    await asked.promise;
    expect(await client.cancel({ sessionId })).toMatchObject({ outcome: 'cancelled' });
    answer.resolve();
    await refused;
  } finally {
    judged = async () => {};
  }
  const after = await run(client, sessionId, "select to_regclass('must_not_be') is null as it");
  const { resultId } = only(after, 'result');
  expect(await cellsOf(world.sources.results.resultFile(resultId))).toEqual([['t']]);
});

test('split, cancel without a run, and the role', async () => {
  const client = clientOf('page 3');
  expect((await client.split({ text: 'select 1; select 2' })).map(({ command }) => command)).toEqual([
    'select',
    'select',
  ]);
  const { sessionId } = await client.open({ connectionId: 'shop' });
  expect(await client.cancel({ sessionId })).toMatchObject({ outcome: 'notRunning' });
  await expect(clientOf('page 3', 'viewer').open({ connectionId: 'shop' })).rejects.toMatchObject({
    code: 'FORBIDDEN',
  });
  await client.close({ sessionId });
});
