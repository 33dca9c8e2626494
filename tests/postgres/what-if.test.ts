/** Indexes that are not there: planned on a copy without rows, beside what the server does once they are. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planProcedures } from '../../electron/features/plans/plans.ts';
import { OpenResults } from '../../electron/postgres/result/open-results.ts';
import { OpenRecordings } from '../../electron/recorder/open/open-recordings.ts';
import { type OpenedStore, openStore } from '../../electron/store/open.ts';
import { createPlanStore } from '../../electron/store/plans.ts';
import { readPlan } from '../../shared/plan/read/read-plan.ts';
import { type Major, startServer, type TestServer } from './servers.ts';
import { openWorld, type World } from './session-world.ts';

let local: TestServer;
beforeAll(async () => {
  local = await startServer(18);
});
afterAll(() => local?.stop());

describe.each([13, 18] as Major[])('PostgreSQL %i', (major) => {
  let server: TestServer;
  let world: World;
  let folder: string;
  let store: OpenedStore;
  let running = true;
  const client = () =>
    createRouterClient(
      planProcedures({
        sources: world.sources,
        results: new OpenResults(world.sources.results),
        store: createPlanStore(store.db),
        connectionName: () => 'test',
        recordings: new OpenRecordings(),
        guard: { beforeAnalyze: async () => null, touches: async () => [] },
        local: () => (running ? { ...local.spec(), database: 'postgres', password: local.password } : null),
      }),
      { context: { role: 'admin', clientId: 'test' } },
    );
  const ask = (sql: string, ...indexes: string[]) => client().whatIf({ connectionId: 'test', sql, indexes });
  const cost = (text: string): number => readPlan(text).root.totalCost ?? 0;

  beforeAll(async () => {
    server = await startServer(major);
    world = await openWorld(() => server.spec());
    folder = await mkdtemp(path.join(tmpdir(), 'howdah-what-if-'));
    store = openStore(folder);
    await server.query(`create type word as enum ('a', 'b'); create domain amount as numeric(8, 2);
      create schema "Sh op";
      create table "Sh op".orders (id int primary key, customer int not null, total amount, kind word, note text);
      insert into "Sh op".orders
        select i, i % 5000, i, case when i % 100 = 0 then 'a' else 'b' end::word, repeat('x', 100) from generate_series(1, 100000) i;
      analyze "Sh op".orders`);
  });
  afterAll(async () => {
    await world?.close();
    store?.close();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('the plan and its cost are near to what the server makes of the real index', async () => {
    const sql = 'select * from "Sh op".orders where customer = 17';
    const index = 'create index concurrently orders_customer on "Sh op".orders (customer)';
    const found = await ask(sql, index);
    expect(found).toMatchObject({ means: 'copy', indexes: [{ used: true }] });
    expect(found.before.text).toMatch(/Seq Scan on "?Sh op"?\.orders/);
    expect(found.after.text).toMatch(/orders_customer/);
    const [plain] = await server.query(`explain (format json) ${sql}`);
    const planned = (row: typeof plain) => Number(row?.['QUERY PLAN'][0].Plan['Total Cost']);
    expect(cost(found.before.text) / planned(plain)).toBeCloseTo(1, 1);
    await server.query(index);
    const [real] = await server.query(`explain (format json) ${sql}`);
    expect(cost(found.after.text) / planned(real)).toBeCloseTo(1, 1);
    const [size] = await server.query(`select pg_relation_size('"Sh op".orders_customer') as bytes`);
    const share = (found.indexes[0]?.sizeBytes ?? 0) / Number(size?.bytes);
    // From 13 on equal keys of a B-tree are kept once, which the estimate does not know.
    expect(share).toBeGreaterThan(0.5);
    expect(share).toBeLessThan(4);
    await server.query('drop index "Sh op".orders_customer');
  });

  test('an index that does not help is said not to be used; parameters and own types are planned too', async () => {
    const found = await ask(
      'select count(*) from "Sh op".orders where kind = $1 and total > $2',
      'create index on "Sh op".orders (note)',
    );
    expect(found.indexes).toMatchObject([{ used: false }]);
    expect(cost(found.after.text)).toBe(cost(found.before.text));
    const left = await local.query("select 1 from pg_database where datname like 'howdah_what_if%'");
    expect(left).toEqual([]);
  });

  test('HypoPG is asked where the server has it', async () => {
    // It cannot be installed here: functions of its names and columns stand for it, whose indexes are real ones.
    await server.query(`create schema hypo;
      insert into pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
        values (99999, 'hypopg', 10, 'hypo'::regnamespace, false, '1.4.4');
      create function hypo.hypopg_create_index(sql_order text, out indexrelid oid, out indexname text)
        returns setof record language plpgsql as $$ begin execute sql_order;
          return query select c.oid, c.relname::text from pg_class c where c.relname ~ 'orders_.*_idx'
            order by c.oid desc limit 1; end $$;
      create function hypo.hypopg(out invalidated bool, out indexname text, out indexrelid oid)
        returns setof record language sql as $$ select false, relname::text, oid from pg_class where relname ~ 'orders_.*_idx' $$;
      create function hypo.hypopg_relation_size(oid) returns bigint language sql as 'select pg_relation_size($1)'`);
    const sql = 'select * from "Sh op".orders where customer = $1';
    const found = await ask(sql, 'create index on "Sh op".orders (customer)', 'create index on "Sh op".orders (note)');
    expect(found.means).toBe('hypopg');
    expect(found.before.text).toMatch(/Seq Scan/);
    expect(found.after.text).toMatch(/orders_customer_idx/);
    expect(found.indexes.map(({ used }) => used)).toEqual([true, false]);
    expect(found.indexes.every(({ sizeBytes }) => (sizeBytes ?? 0) > 8192)).toBe(true);
    await server.query(`delete from pg_extension where extname = 'hypopg'; drop schema hypo cascade;
      drop index "Sh op".orders_customer_idx, "Sh op".orders_note_idx`);
  });

  test('what is no index is refused, and so is planning where nothing can plan', async () => {
    const sql = 'select * from "Sh op".orders';
    await expect(ask(sql, 'drop table "Sh op".orders')).rejects.toMatchObject({ data: { field: 'indexes' } });
    await expect(ask(sql, 'create index on t (i); drop table t')).rejects.toMatchObject({ data: { field: 'indexes' } });
    running = false;
    await expect(ask(sql, 'create index on "Sh op".orders (note)')).rejects.toMatchObject({ code: 'unsupported' });
    running = true;
  });
});
