/** A recording is enough to complete from and to plan with: its server is gone. Statistics are of all rows, not of a sample by chance. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoryProcedures } from '../../electron/features/memory/memory.ts';
import { planProcedures } from '../../electron/features/plans/plans.ts';
import { OpenResults } from '../../electron/postgres/result/open-results.ts';
import { procedures } from '../../electron/procedures.ts';
import { openWriter } from '../../electron/recorder/file/writer.ts';
import { OpenRecordings } from '../../electron/recorder/open/open-recordings.ts';
import { type OpenedStore, openStore } from '../../electron/store/open.ts';
import { createPlanStore } from '../../electron/store/plans.ts';
import type { ExplainOptions } from '../../shared/api/plans.ts';
import { Catalog } from '../../shared/complete/catalog.ts';
import { complete } from '../../shared/complete/complete.ts';
import { hoverAt } from '../../shared/complete/look/hover.ts';
import { readPlan } from '../../shared/plan/read/read-plan.ts';
import { recordInMemory } from './recorder-world.ts';
import { type Major, startServer, type TestServer } from './servers.ts';
import { openWorld, type World } from './session-world.ts';

let local: TestServer;
beforeAll(async () => {
  local = await startServer(18);
});
afterAll(() => local?.stop());

const options: ExplainOptions = {
  ...{ analyze: false, verbose: false, buffers: false, settings: false, wal: false, timing: false, summary: false },
  ...{ genericPlan: false, memory: false, serialize: 'none' },
};
const schema = `create schema "Sh op"; create type "Sh op".word as enum ('small', 'large');
  create domain "Sh op".amount as numeric(8, 2);
  create function "Sh op".discount(amount numeric, percent int default 10) returns numeric language sql as 'select $1';
  create table "Sh op".orders (id int primary key, customer int not null, total "Sh op".amount, kind "Sh op".word,
    kinds "Sh op".word[], note text);
  insert into "Sh op".orders select i, i % 5000, i, case when i % 100 = 0 then 'small' else 'large' end::"Sh op".word,
    null, repeat('x', 100) from generate_series(1, 100000) i;
  alter table "Sh op".orders alter customer set statistics 400;
  create foreign data wrapper none; create server far foreign data wrapper none;
  create foreign table "Sh op".elsewhere (id int) server far;
  create aggregate "Sh op".middle(int) (sfunc = int4pl, stype = int, initcond = '0');
  create function "Sh op".key(text) returns text language sql immutable as 'select lower($1)';
  create table "Sh op".sale (id int, customer int, state "Sh op".word, at date, label text, primary key (id, state, at))
    partition by list (state);
  create table "Sh op".sale_small partition of "Sh op".sale for values in ('small') partition by range (at);
  create table "Sh op".sale_small_1 partition of "Sh op".sale_small for values from ('2026-01-01') to ('2026-06-01');
  create table "Sh op".sale_small_2 partition of "Sh op".sale_small default;
  create table "Sh op".sale_rest partition of "Sh op".sale default;
  create index on "Sh op".sale ("Sh op".key(label));
  insert into "Sh op".sale select i, i % 2000, (array['small', 'large'])[1 + i % 2]::"Sh op".word, '2026-01-01'::date + i % 300, 'L' || i
    from generate_series(1, 40000) i;
  create view "Sh op".small_sales as select id, customer, at from "Sh op".sale where state = 'small';
  create table "Sh op".note (id int, text text); create table "Sh op".memo (check (id > 1000)) inherits ("Sh op".note);
  insert into "Sh op".memo select i, repeat('y', 80) from generate_series(1001, 20000) i;
  create view "Sh op".all_notes as select * from "Sh op".note where text <> '';
  analyze "Sh op".orders, "Sh op".sale, "Sh op".note, "Sh op".memo`;

describe.each([13, 18] as Major[])('PostgreSQL %i', (major) => {
  let folder: string;
  let store: OpenedStore;
  let world: World;
  const recordings = new OpenRecordings();
  let realCost = 0;
  const context = { role: 'admin', clientId: 'test' } as const;
  const plans = () => {
    const { sources } = world;
    const router = planProcedures({
      ...{ sources, recordings, results: new OpenResults(sources.results), store: createPlanStore(store.db) },
      connectionName: () => 'test',
      guard: { beforeAnalyze: async () => null, touches: async () => [] },
      local: () => ({ ...local.spec(), database: 'postgres', password: local.password }),
    });
    return createRouterClient(router, { context });
  };

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'howdah-recorded-plans-'));
    store = openStore(folder);
    const server = await startServer(major);
    await server.query(schema);
    const [row] = await server.query('explain (format json) select * from "Sh op".orders where customer = 17');
    realCost = Number(row?.['QUERY PLAN'][0].Plan['Total Cost']);
    const recorder = recordInMemory(server.spec());
    const wanted = ['builtins', 'columnStatistics', 'catalog', 'settings', 'table', 'index'];
    const { kept } = recorder;
    await recorder.until(({ runs }) => wanted.every((id) => runs.some(({ collector }) => collector === id)));
    await recorder.stop();
    await server.stop();
    world = await openWorld(() => server.spec());
    const writer = openWriter({ file: path.join(folder, 'gone.howdah'), name: 'gone' });
    for (const each of kept.ticks) writer.tick(each);
    for (const each of kept.snapshots) writer.snapshot(each);
    for (const each of kept.families) writer.family(each);
    writer.close();
    recordings.set('gone', { file: writer.file, live: false });
  });
  afterAll(async () => {
    await recordings.close();
    await world?.close();
    store?.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  test('completion knows functions, the labels of enums, and how big a table is', async () => {
    const client = createRouterClient(
      procedures.memory.router(memoryProcedures({ recordings, store: createPlanStore(store.db) })),
      { context },
    );
    let catalog: Catalog | null = null;
    for await (const event of await client.catalog({ recordingId: 'gone', database: null })) {
      if (event.kind === 'begin') catalog = new Catalog(event);
      else catalog?.take(event);
    }
    const known = catalog as Catalog;
    expect(known.missing).toEqual([]);
    const offered = (text: string) =>
      complete({ text, caret: text.length, catalog: known })
        .suggestions.slice(0, 5)
        .map(({ label }) => label);
    expect(offered('select * from "Sh op".orders where kind = ')).toEqual(
      expect.arrayContaining(["'small'", "'large'"]),
    );
    expect(offered('select "Sh op".disc').join()).toContain('discount');
    expect(offered('select string_ag').join()).toContain('string_agg');
    expect(known.type(known.relation('Sh op', 'orders')?.columns[2]?.typeOid ?? 0)?.kind).toBe('domain');
    expect(hoverAt(known, 'select * from "Sh op".orders', 24)?.facts).toMatch(/100.*MB/);
  });

  test('a statement is planned from it, near to what the server made of it', async () => {
    const sql = 'select * from orders where customer = 17';
    const answer = await plans().explain({ recordingId: 'gone', sql, options });
    if (answer.kind !== 'plan') throw new Error('asked');
    expect(answer.plan).toMatchObject({ recordingId: 'gone', connectionId: null, connectionName: 'gone' });
    expect(answer.plan.text).toMatch(/Seq Scan on "?Sh op"?\.orders/);
    expect(answer.plan.totalCost ?? 0).toBeGreaterThan(realCost * 0.8);
    expect(answer.plan.totalCost ?? 0).toBeLessThan(realCost * 1.2);
    const rows = readPlan(answer.plan.text).root.planRows ?? 0;
    expect(rows).toBeGreaterThan(10);
    expect(rows).toBeLessThan(40);
  });

  test('an index that is not there is planned with, and types of one’s own with it', async () => {
    const found = await plans().whatIf({
      recordingId: 'gone',
      sql: `with orders as (select * from orders) select * from orders where customer = $1 and kind = 'small'::"Sh op".word and kinds is null`,
      indexes: ['create index orders_customer on orders (customer)'],
    });
    expect(found).toMatchObject({ means: 'copy', indexes: [{ used: true }], after: { recordingId: 'gone' } });
    expect(found.after.totalCost ?? 0).toBeLessThan((found.before.totalCost ?? 0) / 5);
    expect(await local.query("select 1 from pg_database where datname like 'howdah_what_if%'")).toEqual([]);
  });

  test('partitions, children, views and functions of one’s own are planned from it, too', async () => {
    const ask = (sql: string, index: string) => plans().whatIf({ recordingId: 'gone', sql, indexes: [index] });
    const sale = await ask(
      'select v.customer, n.text from small_sales v left join all_notes n using (id) where v.customer = 3 and "Sh op".key(n.text) = $1',
      'create index on sale (customer)',
    );
    expect(sale.indexes).toMatchObject([{ used: true }]);
    expect(sale.notes.join(' ')).toContain('what it gives is a guess');
    expect(sale.before.text).toMatch(/Seq Scan on "Sh op"\.sale_small_1/);
    expect(sale.before.text).not.toContain('sale_rest');
    const pruned = await ask(
      "select max(id) from sale where state = 'small' and at between '2026-02-01' and '2026-03-01' and customer = 7 group by state",
      'create index on sale (customer)',
    );
    expect(pruned.after.text).toContain('sale_small_1_customer_idx');
    expect(pruned.after.text).not.toContain('small_2');
    expect(
      (await ask('select * from note where id = 5 and text is not null', 'create index on memo (id)')).before.text,
    ).not.toContain('memo');
  });

  test('what it cannot plan is said: a table that is not there, a foreign one, an aggregate of one’s own, ANALYZE', async () => {
    const explain = (sql: string, more: Partial<ExplainOptions> = {}) =>
      plans().explain({ recordingId: 'gone', sql, options: { ...options, ...more } });
    await expect(explain('select * from nowhere')).rejects.toThrow('The recording has no table nowhere');
    await expect(explain('select * from elsewhere')).rejects.toThrow('is a foreign table');
    await expect(explain('select middle(id) from orders')).rejects.toThrow('no bodies of functions');
    await expect(explain('select 1', { analyze: true })).rejects.toThrow('has no rows');
    await expect(plans().explain({ sql: 'select 1', options })).rejects.toMatchObject({ code: 'invalid' });
  });
});
