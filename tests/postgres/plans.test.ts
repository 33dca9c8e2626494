/** EXPLAIN through the contract's procedures, on real servers: nothing it did stays, and what it says can be read. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planProcedures } from '../../electron/features/plans/plans.ts';
import { OpenResults } from '../../electron/postgres/result/open-results.ts';
import type { Session } from '../../electron/postgres/source.ts';
import { OpenRecordings } from '../../electron/recorder/open/open-recordings.ts';
import { type OpenedStore, openStore } from '../../electron/store/open.ts';
import { createPlanStore } from '../../electron/store/plans.ts';
import type { ExplainOptions } from '../../shared/api/plans.ts';
import { figuresOf } from '../../shared/plan/figures.ts';
import { readPlan } from '../../shared/plan/read/read-plan.ts';
import { shapeOf } from '../../shared/plan/shape.ts';
import { type Major, startServer, type TestServer } from './servers.ts';
import { openWorld, run, type World } from './session-world.ts';

const plain: ExplainOptions = {
  analyze: false,
  verbose: false,
  buffers: true,
  settings: true,
  wal: false,
  timing: true,
  summary: true,
  genericPlan: false,
  memory: false,
  serialize: 'none',
};
const analyze = { ...plain, analyze: true };

function clientOf(world: World, store: OpenedStore) {
  const results = new OpenResults(world.sources.results);
  const router = planProcedures({
    sources: world.sources,
    results,
    store: createPlanStore(store.db),
    connectionName: () => 'test',
    guard: { beforeAnalyze: async () => null, touches: async () => [] },
    local: () => null,
    recordings: new OpenRecordings(),
  });
  return createRouterClient(router, { context: { role: 'admin', clientId: 'test' } });
}

describe.each([13, 18] as Major[])('PostgreSQL %i', (major) => {
  let server: TestServer;
  let world: World;
  let folder: string;
  let store: OpenedStore;
  let client: ReturnType<typeof clientOf>;
  let readOnly = false;

  beforeAll(async () => {
    server = await startServer(major);
    world = await openWorld(() => server.spec({ readOnly }));
    folder = await mkdtemp(path.join(tmpdir(), 'howdah-plans-'));
    store = openStore(folder);
    client = clientOf(world, store);
    await server.query('create table t as select i, i % 10 as k from generate_series(1, 1000) i');
    await server.query('create table log (i int)');
  });
  afterAll(async () => {
    await world?.close();
    store?.close();
    await server?.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const count = async (table: string) => Number((await server.query(`select count(*) n from ${table}`))[0]?.n);
  const explain = (sql: string, options = plain, more: { sessionId?: string; confirmed?: boolean } = {}) =>
    client.explain({ connectionId: 'test', sql, options, ...more });
  const planOf = async (...words: Parameters<typeof explain>) => {
    const answer = await explain(...words);
    if (answer.kind !== 'plan') throw new Error('asked for a confirmation');
    return answer.plan;
  };

  test('a log of auto_explain with several plans is kept whole, each with its statement', async () => {
    await server.query(`load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_analyze = on;
      set auto_explain.log_nested_statements = on; select count(*) from t where k = 1; set auto_explain.log_format = json;
      select max(i)
        from t where k = 2`);
    await expect.poll(() => readFile(server.logFile, 'utf8')).toMatch(/max\(i\)[\s\S]*"Plan"/);
    const log = await readFile(server.logFile, 'utf8');
    const kept = await client.keep({ text: log });
    expect(kept).toMatchObject({ others: 1, analyzed: true, sql: expect.stringContaining('k = 1') });
    const { entries } = await client.list({ limit: 2 });
    expect(entries.map(({ analyzed, origin }) => [analyzed, origin])).toEqual([
      [true, 'paste'],
      [true, 'paste'],
    ]);
    expect((await client.get({ id: entries[0]?.id ?? 0 })).text).toMatch(/"Alias": "t"/);
    expect((await client.get({ id: kept.id })).text).toMatch(/Seq Scan on t/);
  });

  test('explains, with and without ANALYZE, and keeps the plan by the fingerprint of its statement', async () => {
    const first = await planOf('select * from t where k = 3;');
    const second = await planOf('select * from t where k = 7', analyze);
    expect(readPlan(first.text).analyzed).toBe(false);
    expect(figuresOf(readPlan(second.text)).nodes[0]?.rowsTotal).toBe(100);
    expect(first.fingerprint).toBe(second.fingerprint);
    expect(first.shape).toBe(second.shape);
    const { entries } = await client.list({ fingerprint: first.fingerprint ?? '', limit: 10 });
    expect(entries.map(({ id }) => id)).toEqual([second.id, first.id]);
    expect((await client.get({ id: second.id })).text).toBe(second.text);
    await server.query('create index t_k on t (k); analyze t');
    expect((await planOf('select * from t where k = 9')).shape).not.toBe(first.shape);
    await server.query('drop index t_k');
  });

  test('asks before ANALYZE of a write, and takes back all that it did', async () => {
    const sql = 'with gone as (delete from t returning i) insert into log select i from gone';
    const asked = await explain(sql, analyze);
    expect(asked).toMatchObject({ kind: 'confirm', command: 'insert' });
    expect(await count('t')).toBe(1000);
    const plan = await planOf(sql, analyze, { confirmed: true });
    expect(plan.text).toMatch(/Insert on log .*actual time/);
    expect([await count('t'), await count('log')]).toEqual([1000, 0]);
    // What a SELECT's functions write goes, too.
    await server.query(
      "create or replace function writes() returns int language sql volatile as 'insert into log values (1) returning i'",
    );
    await planOf('select writes()', analyze);
    expect(await count('log')).toBe(0);
  });

  test('plans what pg_stat_statements and other sessions have written, without values', async () => {
    const plan = await planOf('select * from t where now() - interval $1 < timestamp $2 and k = $3 limit $4');
    expect(readPlan(plan.text).analyzed).toBe(false);
    expect(plan.text).toContain('$3');
    expect((await planOf('update t set k = $1 where i = $2')).text).toContain('Update on t');
    // As the recorder keeps what runs: with marks for values.
    const marked = await planOf('select * from t where k = ? and i in (?) and now() > timestamp ? limit ?');
    expect(marked.text).toMatch(/k = \$1.*i = \$2/);
    await expect(planOf('select * from t where k in (1, ')).rejects.toMatchObject({ data: { field: 'sql' } });
  });

  test('a failing statement leaves no transaction behind', async () => {
    const session = await world.session();
    await expect(explain('select 1 / (i - i) from t', analyze, { sessionId: session.id })).rejects.toMatchObject({
      data: { sqlstate: '22012' },
    });
    expect(session.state.transaction).toBe('idle');
    await session.close();
  });

  test('the tab’s own session counts: its temporary tables, its SET, its open transaction', async () => {
    const session: Session = await world.session();
    await run(session, [
      'create temp table mine (a int)',
      "set work_mem = '3MB'",
      'begin',
      'insert into mine values (1)',
    ]);
    const { id: sessionId } = session;
    const plan = await planOf('delete from mine', analyze, { sessionId, confirmed: true });
    expect(plan.settings).toContain('work_mem = 3MB');
    expect(session.state.transaction).toBe('open');
    const [row] = (await run(session, 'select 1 from mine')).filter(({ kind }) => kind === 'resultEnd');
    expect(row).toMatchObject({ rows: 1 });
    await expect(explain('select 1 / 0 from mine', analyze, { sessionId })).rejects.toThrow(/division/);
    expect(session.state.transaction).toBe('open');
    await session.close();
  });

  test('a generic plan for a statement with parameters, and nothing prepared stays', async () => {
    const session = await world.session();
    const plan = await planOf(
      'select * from t where k = $1 and i < $2',
      { ...plain, genericPlan: true },
      { sessionId: session.id },
    );
    expect(plan.text).toContain('$1');
    const left = await run(session, "select 1 from pg_prepared_statements where name like 'howdah%'");
    expect(left.find(({ kind }) => kind === 'resultEnd')).toMatchObject({ rows: 0 });
    expect(session.state.transaction).toBe('idle');
    await session.close();
  });

  test('options that this version does not know are refused with the version that does', async () => {
    const answer = planOf('select * from t', { ...analyze, memory: true, serialize: 'text' });
    if (major < 17) await expect(answer).rejects.toMatchObject({ data: { needs: 'PostgreSQL 17' } });
    else expect((await answer).text).toMatch(/Serialization: time=/);
  });

  test('of a script, the statement at the caret', async () => {
    const sql = "select 1;\nselect ';' from t;\nselect 3";
    const answer = await client.explain({ connectionId: 'test', sql, caret: 15, options: plain });
    expect(answer).toMatchObject({ plan: { sql: "select ';' from t" } });
  });

  test('refuses what is no single explainable statement', async () => {
    await expect(explain('select 1; select 2')).rejects.toThrow(/one statement/);
    await expect(explain('create index on t (i)')).rejects.toThrow(/no plan for create index/);
    await expect(explain('-- nothing')).rejects.toThrow(/no statement/);
  });

  test('an EXPLAIN in the text is run as it stands, and rolled back like ours', async () => {
    const sql = 'explain (analyze, format json) delete from t';
    expect(await explain(sql)).toMatchObject({ kind: 'confirm', command: 'delete' });
    const hidden = `explain (verbose, /* ${'-'.repeat(900)} */ analyze) delete from t`;
    expect(await explain(hidden)).toMatchObject({ kind: 'confirm', command: 'delete' });
    expect((await planOf(sql, plain, { confirmed: true })).analyzed).toBe(true);
    expect(await count('t')).toBe(1000);
  });

  test('an abort cancels on the server and rolls back', async () => {
    const session = await world.session();
    const control = new AbortController();
    const answer = client.explain(
      { connectionId: 'test', sessionId: session.id, sql: 'select pg_sleep(60) from t', options: analyze },
      { signal: control.signal },
    );
    await new Promise<void>((resolve) => {
      const unlisten = session.onState(({ transaction }) => {
        if (transaction !== 'open') return;
        unlisten();
        resolve();
      });
    });
    control.abort();
    await expect(answer).rejects.toThrow();
    await expect.poll(() => [session.state.running, session.state.transaction]).toEqual([false, 'idle']);
    await session.close();
  });

  test('a read-only connection never analyzes a write', async () => {
    readOnly = true;
    const guarded = await openWorld(() => server.spec({ readOnly: true }));
    const own = clientOf(guarded, store);
    const ask = (sql: string) => own.explain({ connectionId: 'test', sql, options: analyze, confirmed: true });
    await expect(ask('delete from t')).rejects.toMatchObject({ data: { needs: 'a connection that may write' } });
    await expect(ask('explain analyze delete from t')).rejects.toThrow(/read-only/);
    await expect(ask('select writes()')).rejects.toThrow(/writes\(\) is declared volatile/);
    expect((await ask('select * from t')).kind).toBe('plan');
    await guarded.close();
    readOnly = false;
  });

  test('the four formats of one plan are one plan', async () => {
    const sql =
      'select a.k, count(*) from t a left join t b using (i) where a.i > (select avg(i) from t) group by a.k order by 2';
    const shapes = new Set<string>();
    for (const format of ['text', 'json', 'yaml', 'xml']) {
      const rows = await server.query(`explain (verbose, format ${format}) ${sql}`);
      const lines = rows.map((row) => Object.values(row)[0]);
      const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
      shapes.add(shapeOf(readPlan(text)));
    }
    expect(shapes.size).toBe(1);
  });

  test('a pasted plan is kept; what is none is refused with its line', async () => {
    const text = 'Seq Scan on t  (cost=0.00..1.00 rows=1 width=4)\n  Filter: (k = 3)';
    const kept = await client.keep({ text, sql: 'select * from t where k = 3' });
    expect(kept).toMatchObject({ origin: 'paste', totalCost: 1, analyzed: false });
    expect(kept.fingerprint).toMatch(/^[0-9a-f]+$/);
    await expect(client.keep({ text: `${text}\n  ->  Seq` })).rejects.toThrow(/line 3/i);
    await client.remove({ ids: [kept.id] });
    await expect(client.get({ id: kept.id })).rejects.toThrow(/not kept/);
  });
});
