/** Indexes that are not there: planned on a copy without rows, beside what the server does once they are. */
import { mkdtemp, rm, utimes } from 'node:fs/promises';
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
      create table "Sh op".other (text text); analyze "Sh op".orders`);
  });
  afterAll(async () => {
    await world?.close();
    store?.close();
    await server?.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
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

  test('of a table that was never analyzed the size is guessed by its pages', async () => {
    await server.query(`create table "Sh op".unseen (id bigint, text text) with (autovacuum_enabled = off);
      insert into "Sh op".unseen select i, repeat('x', 30) from generate_series(1, 50000) i`);
    const found = await ask('select * from "Sh op".unseen where id = 17', 'create index on "Sh op".unseen (id)');
    await server.query('create index unseen_id on "Sh op".unseen (id)');
    const [size] = await server.query(`select pg_relation_size('"Sh op".unseen_id') as bytes`);
    const share = (found.indexes[0]?.sizeBytes ?? 0) / Number(size?.bytes);
    expect(share).toBeGreaterThan(0.7);
    expect(share).toBeLessThan(1.4);
  });

  test('an index that does not help is said not to be used; parameters and own types are planned too', async () => {
    // Of a program that was killed yesterday.
    await local.query('create role howdah_what_if_0123456789ab');
    await local.query('create database howdah_what_if_0123456789ab owner howdah_what_if_0123456789ab');
    const [{ oid } = { oid: '' }] = await local.query("select oid from pg_database where datname ~ '^howdah_what_if'");
    await utimes(path.join(local.dataFolder, 'base', String(oid), 'PG_VERSION'), 1e9, 1e9);
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

  test('partitions of partitions, children, views, types, functions, collations and extensions come with it', async () => {
    await server.query(`create schema f; create extension citext schema f; create extension pg_trgm schema f;
      create type f.status as enum ('new', 'sent', 'paid'); create domain f.money as numeric(10, 2) check (value >= 0);
      create type f.place as (street text, amount f.money); create type f.span as range (subtype = float8);
      create collation f.own (provider = icu, locale = 'de');
      create function f.net(numeric) returns numeric language sql immutable as 'select $1 / 1.19';
      create function f.key(text) returns text language plpgsql immutable as $$ begin return lower($1); end $$;
      create function f.first() returns f.status language sql stable as $$ select 'new'::f.status $$;
      create function f.newest() returns setof f.status language sql stable as $$ select f.first() $$;
      create table f.sale (id bigint not null, customer int not null, state f.status not null, at date not null, total f.money,
        address f.place, open f.span, mail f.citext, label text collate f.own,
        twice int generated always as (customer * 2) ${major >= 18 ? 'virtual' : 'stored'},
        primary key (id, state, at)) partition by list (state);
      create table f.sale_new partition of f.sale for values in ('new') partition by range (at);
      create table f.sale_new_1 partition of f.sale_new for values from (minvalue) to ('2026-06-01');
      create table f.sale_new_2 partition of f.sale_new default;
      create table f.sale_sent partition of f.sale for values in ('sent') partition by hash (id, at);
      create table f.sale_sent_0 partition of f.sale_sent for values with (modulus 2, remainder 0);
      create table f.sale_sent_1 partition of f.sale_sent for values with (modulus 2, remainder 1);
      create table f.sale_rest partition of f.sale default;
      create index sale_key on f.sale (f.key(label)); create index sale_mail on f.sale using gin ((mail::text) f.gin_trgm_ops);
      insert into f.sale (id, customer, state, at, total, address, open, mail, label)
        select i, i % 2000, (array['new', 'sent', 'paid'])[1 + i % 3]::f.status, '2026-01-01'::date + i % 300, i, ('x', 1::f.money)::f.place, f.span(0, 1),
          'M' || i || '@x', 'L' || i from generate_series(1, 30000) i;
      create table f.note (id int primary key, text text); create table f.memo (extra int, check (id > 1000)) inherits (f.note);
      insert into f.note select i, repeat('x', 80) from generate_series(1, 1000) i;
      insert into f.memo select i, repeat('y', 80) from generate_series(1001, 30000) i;
      create view f.fresh with (security_barrier) as select * from f.sale where state = 'new' and f.net(total) > 10;
      create view f.fresher as select id, customer, at from f.fresh where at > '2026-08-01';
      create materialized view f.sums as select customer, sum(total) as total from f.sale group by customer;
      analyze f.sale, f.note, f.memo, f.sums`);
    const near = async (sql: string, index: string) => {
      const found = await ask(sql, index);
      const [real] = await server.query(`explain (format json) ${sql}`);
      expect(found.notes.slice(1), sql).toEqual([]);
      expect(cost(found.before.text) / Number(real?.['QUERY PLAN'][0].Plan['Total Cost']), sql).toBeCloseTo(1, 0);
      return found;
    };
    const on = 'create index on f.sale (customer)';
    const whole = await near("select * from f.sale where customer = 3 and state <> 'paid'", on);
    expect(whole.indexes).toMatchObject([{ used: true, change: 'create' }]);
    expect(whole.before.text.match(/Seq Scan on f\.sale_\w+/g)).toHaveLength(5);
    expect(whole.after.text).not.toContain('Seq Scan');
    const view = await near(
      'select * from f.newest() n, f.fresher v, f.sums s where v.customer = 7 and s.customer = v.customer',
      on,
    );
    expect(view.after.text).toContain('sale_new_2_customer_idx');
    expect(view.after.text).not.toContain('sale_new_1');
    await near(
      "select max(twice) from f.sale where f.key(label) = 'l77' and (address).street = 'x' group by customer",
      on,
    );
    await near("select * from f.sale where mail::text like '%77%'", on);
    const child = await near("select * from f.note where text = 'z' and id > 500", 'create index on f.memo (text)');
    expect(child.after.text).toMatch(/Seq Scan on f\.note.*memo_text_idx/s);
    // Of a text sorted by language no plain index finds what LIKE begins with; of one sorted by its bytes it does.
    const like = "select * from f.sale s, f.note n where s.label like 'ab%' and n.text like 'ab%'";
    const both = await ask(like, 'create index on f.sale (label)', 'create index on f.note (text)');
    expect(both.indexes).toMatchObject([{ used: false }, { used: true }]);
    const left = await local.query(`select datname::text from pg_database where datname like 'howdah_what_if%'
      union select rolname from pg_roles where rolname like 'howdah_what_if%'`);
    expect(left).toEqual([]);
  });

  test('an index is dropped, made twice, or on a table that is not read: each is said', async () => {
    const sql = 'select * from "Sh op".orders where id = 5';
    const found = await ask(sql, 'drop index "Sh op".orders_pkey');
    expect(found.indexes).toMatchObject([{ used: true, change: 'drop' }]);
    expect(found.before.text).toContain('orders_pkey');
    expect(found.after.text).toContain('Seq Scan');
    expect(found.notes.join(' ')).toContain('orders_pkey stands behind a key');
    const [again, other] = ['create index on "Sh op".orders (id)', 'create index on "Sh op".other (text)'];
    const notes = (await ask(sql, again, other)).notes.join(' ');
    expect(notes).toContain('There is such an index already, "Sh op".orders_pkey');
    expect(notes).toContain(`does not read the table of this index: ${other}`);
    await expect(ask(sql, 'drop index f.nowhere')).rejects.toThrow('No table that the statement reads has this index');
    await expect(ask(sql, 'create index on "Sh op".orders (nothing)')).rejects.toThrow(
      'column "nothing" does not exist',
    );
    await expect(ask(sql, 'create index on nowhere (id)')).rejects.toThrow('"nowhere" does not exist');
    await expect(ask('select * from nowhere', again)).rejects.toThrow('"nowhere" does not exist');
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
