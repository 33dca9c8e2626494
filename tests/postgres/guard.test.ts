/** The gate of the tabs: what has to be confirmed does not run without the permit, whatever a page does. */
import { createRouterClient } from '@orpc/server';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGuard } from '../../electron/features/guard/guard.ts';
import { planProcedures } from '../../electron/features/plans/plans.ts';
import { createSessions } from '../../electron/features/sessions/sessions.ts';
import { OpenResults } from '../../electron/postgres/result/open-results.ts';
import { procedures } from '../../electron/procedures.ts';
import { OpenRecordings } from '../../electron/recorder/open/open-recordings.ts';
import { createGuardStore } from '../../electron/store/guard.ts';
import { migrate } from '../../electron/store/open.ts';
import { createPlanStore } from '../../electron/store/plans.ts';
import { type Connection, newConnection } from '../../shared/api/connections.ts';
import type { ExplainOptions } from '../../shared/api/plans.ts';
import type { RunEvent } from '../../shared/api/sessions.ts';
import { defaultPolicies } from '../../shared/guard/policies.ts';
import { noJournal } from './no-journal.ts';
import { startServer, type TestServer } from './servers.ts';
import { openWorld, type World } from './session-world.ts';

let server: TestServer;
let world: World;
const db = new Database(':memory:');
let environment: Connection['environment'] = 'production';
let readOnly = false;
let client: ReturnType<typeof clientOf>;

function clientOf() {
  const connectionOf = (id: string): Connection => ({
    ...newConnection,
    id,
    name: 'the shop',
    environment,
    readOnly,
    createdAtMs: 0,
    usedAtMs: null,
  });
  const guard = createGuard({ store: createGuardStore(db), connectionOf });
  const sessions = createSessions({
    sources: world.sources,
    journal: noJournal,
    guard,
    recordRun: () => {},
    parameters: { recall: () => null, remember: () => {} },
    connectionName: () => 'the shop',
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });
  return createRouterClient(
    {
      ...procedures.sessions.router(sessions.procedures),
      explain: planProcedures({
        local: () => null,
        recordings: new OpenRecordings(),
        sources: world.sources,
        results: new OpenResults(world.sources.results),
        store: createPlanStore(db),
        connectionName: () => 'the shop',
        guard,
      }).explain,
      guard: procedures.guard.router(guard.procedures),
    },
    { context: { role: 'admin', clientId: 'page' } },
  );
}

beforeAll(async () => {
  migrate(db);
  server = await startServer(18);
  world = await openWorld(() => server.spec());
  client = clientOf();
  await server.query(
    'create table item (id int primary key, name text); insert into item values (1, $$a$$), (2, $$b$$)',
  );
});
afterAll(async () => {
  await world?.close();
  await server?.stop();
  db.close();
});

const all = { kind: 'all' } as const;
const explainOptions: ExplainOptions = {
  ...{ analyze: false, verbose: false, buffers: true, settings: false, wal: false, timing: true, summary: true },
  ...{ genericPlan: false, memory: false, serialize: 'none' },
};
async function run(sessionId: string, text: string, permit?: string): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  const input = { sessionId, text, what: all, rowLimit: 1000, stopOnError: true, ...(permit ? { permit } : {}) };
  for await (const event of await client.run(input)) events.push(event);
  return events;
}
const count = async () => (await server.query('select count(*)::int as n from item'))[0]?.n;

async function question(sessionId: string, text: string) {
  const verdict = await client.judge({ sessionId, text, what: all });
  if (verdict.kind !== 'confirm') throw new Error(`not a question: ${verdict.kind}`);
  return verdict;
}

test('in production nothing that writes runs without its permit, which is good once and for that text only', async () => {
  const { sessionId } = await client.open({ connectionId: 'shop' });
  const other = await client.open({ connectionId: 'shop' });
  const refused = { code: 'invalid', data: { field: 'permit' } };
  const text = 'select 1; delete from item where id = 1';
  await expect(run(sessionId, text)).rejects.toMatchObject(refused);
  const asked = await question(sessionId, text);
  expect(asked).toMatchObject({ connectionName: 'the shop', environment: 'production', typeName: null });
  expect(asked.concerns).toMatchObject([{ statement: 1, class: 'write', command: 'delete', target: 'item' }]);
  await expect(run(sessionId, 'delete from item', asked.permit)).rejects.toMatchObject(refused);
  // It was spent on another text.
  await expect(run(sessionId, text, asked.permit)).rejects.toMatchObject(refused);
  const again = await question(sessionId, text);
  await expect(run(other.sessionId, text, again.permit)).rejects.toMatchObject(refused);
  expect(await count()).toBe(2);
  const { permit } = await question(sessionId, text);
  expect((await run(sessionId, text, permit)).at(-1)).toMatchObject({ kind: 'end', failed: 0 });
  expect(await count()).toBe(1);
  await expect(run(sessionId, text, permit)).rejects.toMatchObject(refused);
  expect((await run(sessionId, 'select * from item')).at(-1)).toMatchObject({ kind: 'end', failed: 0 });
  await client.close({ sessionId });
  await client.close({ sessionId: other.sessionId });
});

test('what spares no row is typed; what is asked follows the environment and the choice', async () => {
  const { sessionId } = await client.open({ connectionId: 'shop' });
  expect(await question(sessionId, 'delete from item')).toMatchObject({ typeName: 'item' });
  expect(await question(sessionId, 'drop table item; truncate other')).toMatchObject({ typeName: 'the shop' });
  const many = await question(sessionId, 'insert into item values (3); '.repeat(60));
  expect([many.concerns.length, many.more]).toEqual([50, 10]);

  environment = 'staging';
  expect(await client.judge({ sessionId, text: 'insert into item values (3)', what: all })).toEqual({ kind: 'allow' });
  expect(await question(sessionId, 'create table x ()')).toMatchObject({ typeName: null });
  environment = 'development';
  expect(await client.judge({ sessionId, text: 'drop table item', what: all })).toEqual({ kind: 'allow' });

  const policy = { ...defaultPolicies.development, destroy: 'type' } as const;
  await client.guard.savePolicy({ scope: { kind: 'environment', environment: 'development' }, policy });
  expect(await question(sessionId, 'drop table item')).toMatchObject({ typeName: 'item' });
  const scope = { kind: 'connection', connectionId: 'shop' } as const;
  await client.guard.savePolicy({ scope, policy: defaultPolicies.development });
  expect(await client.judge({ sessionId, text: 'drop table item', what: all })).toEqual({ kind: 'allow' });
  expect(await client.guard.policies()).toMatchObject({
    environments: { development: policy, production: defaultPolicies.production },
    connections: { shop: defaultPolicies.development },
  });
  await client.guard.savePolicy({ scope, policy: null });
  await client.guard.savePolicy({ scope: { kind: 'environment', environment: 'development' }, policy: null });
  expect(await client.guard.policies()).toMatchObject({ environments: { development: { destroy: 'silent' } } });
  environment = 'production';
  await client.close({ sessionId });
});

test('a read-only connection refuses a script before any of it is run, and says which statement', async () => {
  readOnly = true;
  const { sessionId } = await client.open({ connectionId: 'shop' });
  const text = 'select 1; delete from item';
  const verdict = await client.judge({ sessionId, text, what: all });
  expect(verdict).toMatchObject({ kind: 'refuse', range: { from: 10, to: text.length } });
  expect(verdict.kind === 'refuse' && verdict.why).toMatch(/DELETE is not among what only reads/);
  readOnly = false;
  await client.close({ sessionId });
});

test('a question comes with what it would touch, counted in the session itself', async () => {
  const { sessionId } = await client.open({ connectionId: 'shop' });
  await server.query(
    "truncate item; insert into item select n, 'name ' || n from generate_series(1, 40) n; analyze item",
  );
  const about = async (text: string) => (await question(sessionId, text)).concerns[0];
  expect(await about("delete from item where name like '%3%'")).toMatchObject({
    evidence: ['Exactly 13 rows now.'],
    sample: { columns: ['id', 'name'], rows: { length: 5, 0: ['3', 'name 3'] } },
  });
  expect((await about('update item set name = null from item b where b.id > item.id'))?.evidence).toEqual([
    'Exactly 39 rows now.',
  ]);
  const bound = await client.judge({
    sessionId,
    text: 'update item set name = :name where id in (:ids) or name = $1',
    values: {
      name: { kind: 'value', text: 'x' },
      ids: { kind: 'list', items: ['1', '2'] },
      1: { kind: 'value', text: 'name 7' },
    },
    what: all,
  });
  expect(bound).toMatchObject({ concerns: [{ evidence: ['Exactly 3 rows now.'], sample: { rows: { length: 3 } } }] });
  expect((await about('insert into item values (41), (42)'))?.evidence).toEqual(['2 rows to add.']);
  expect((await about('insert into item select id + 100, name from item'))?.evidence).toEqual([
    'About 40 rows, by the planner’s estimate.',
  ]);
  expect((await about('truncate item'))?.evidence[0]).toMatch(/^item: about 40 rows, \d+ kB\.$/);
  // The session's own transaction and temporary tables count, and stay as they are.
  const { permit } = await question(
    sessionId,
    'begin; delete from item where id > 10; create temp table own as select 1 as a',
  );
  await run(sessionId, 'begin; delete from item where id > 10; create temp table own as select 1 as a', permit);
  expect((await about('delete from item'))?.evidence).toEqual([
    'Exactly 10 rows now with what this transaction has changed.',
  ]);
  expect((await about('delete from own'))?.evidence[0]).toMatch(/^Exactly 1 row/);
  expect(world.sources.session(sessionId).state.transaction).toBe('open');
  // What would act in being counted is not run.
  await server.query(
    'create sequence seq; create function acts() returns int language sql as $$ select nextval($a$seq$a$)::int $$',
  );
  expect((await about('delete from item where id > acts()'))?.evidence[0]).toMatch(/could not be found out/);
  expect(await server.query('select is_called from seq')).toEqual([{ is_called: false }]);
  await run(sessionId, 'rollback');
  expect(await about('select acts()')).toMatchObject({
    class: 'write',
    command: 'select',
    what: expect.stringMatching(/acts\(\) is declared volatile/),
  });
  expect(await client.judge({ sessionId, text: 'select lower(name) from item', what: all })).toMatchObject({
    kind: 'allow',
  });
  await client.close({ sessionId });
});

test('ANALYZE passes the same gate: a permit of its own, for that statement and place', async () => {
  const { sessionId } = await client.open({ connectionId: 'shop' });
  const options = { ...explainOptions, analyze: true };
  const sql = 'delete from item where id < 4';
  const explain = (more: object) => client.explain({ connectionId: 'other', sql, options, ...more });
  const asked = await explain({ sessionId, confirmed: true });
  expect(asked).toMatchObject({ kind: 'confirm', command: 'delete', warnings: { length: 5 } });
  const { question: due } = asked as Extract<typeof asked, { kind: 'confirm' }>;
  expect(due?.concerns).toMatchObject([{ class: 'write', evidence: ['Exactly 3 rows now.'] }]);
  // It is no permit for a run, is spent by the try, and another place has to ask for itself.
  await expect(run(sessionId, sql, due?.permit)).rejects.toMatchObject({ data: { field: 'permit' } });
  expect(await explain({ sessionId, confirmed: true, permit: due?.permit })).toMatchObject({ kind: 'confirm' });
  const permitOf = async (more: object) => {
    const answer = await explain(more);
    return answer.kind === 'confirm' ? answer.question?.permit : undefined;
  };
  const elsewhere = await permitOf({ sessionId });
  expect(await explain({ confirmed: true, permit: elsewhere })).toMatchObject({ kind: 'confirm' });
  const permit = await permitOf({ sessionId });
  expect(await explain({ sessionId, permit, confirmed: true })).toMatchObject({ kind: 'plan' });
  expect(await explain({ permit: await permitOf({}), confirmed: true })).toMatchObject({ kind: 'plan' });
  expect(await count()).toBe(40);
  // What a SELECT calls counts, through Run too; plans without ANALYZE and development are as they were.
  expect(await explain({ sessionId, sql: 'select acts()' })).toMatchObject({ kind: 'confirm', command: 'select' });
  expect((await question(sessionId, 'explain analyze select acts()')).concerns).toMatchObject([{ class: 'write' }]);
  expect((await question(sessionId, `explain (analyze, buffers on) ${sql}`)).concerns).toMatchObject([
    { class: 'write', command: 'delete', evidence: ['Exactly 3 rows now.'] },
  ]);
  expect(await explain({ sessionId, options: explainOptions })).toMatchObject({ kind: 'plan' });
  environment = 'development';
  const simple = { kind: 'confirm', question: null, touches: ['Exactly 3 rows now.'] };
  expect(await explain({ sessionId })).toMatchObject(simple);
  expect(await explain({ sessionId, sql: `explain analyze ${sql}` })).toMatchObject(simple);
  expect(await explain({ sessionId, confirmed: true })).toMatchObject({ kind: 'plan' });
  environment = 'production';
  await client.close({ sessionId });
});

test('a query whose plan costs more than is wanted is asked about, with the nodes that make it so', async () => {
  const { sessionId } = await client.open({ connectionId: 'shop' });
  environment = 'development';
  const scope = { kind: 'environment', environment: 'development' } as const;
  await client.guard.savePolicy({ scope, policy: { ...defaultPolicies.development, costAbove: 500 } });
  const [concern] = (await question(sessionId, 'select count(*) from generate_series(1, 100000) a')).concerns;
  expect(concern).toMatchObject({ class: 'cost', what: expect.stringMatching(/above 500 is asked/) });
  expect(concern?.evidence.join()).toMatch(/Function Scan: cost/);
  const small = await client.judge({ sessionId, text: 'select 1', what: all });
  expect(small).toMatchObject({ kind: 'allow', permit: expect.any(String) });
  await client.guard.savePolicy({ scope, policy: null });
  environment = 'production';
  await client.close({ sessionId });
});
