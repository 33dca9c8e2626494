/** Rows are kept by what runs in a tab, without its noticing; and brought back. */
import { createRouterClient } from '@orpc/server';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createJournal } from '../../electron/features/journal/journal.ts';
import { createSessions } from '../../electron/features/sessions/sessions.ts';
import { procedures } from '../../electron/procedures.ts';
import { createJournalStore, type JournalStore } from '../../electron/store/journal.ts';
import { migrate } from '../../electron/store/open.ts';
import type { GuardVerdict } from '../../shared/api/guard.ts';
import type { RunEvent } from '../../shared/api/sessions.ts';
import { startServer, type TestServer } from './servers.ts';
import { all, openWorld, type World } from './session-world.ts';

let verdict: GuardVerdict = { kind: 'allow' };
const log = { info: () => {}, warn: () => {}, error: () => {} };

describe.each([13, 18] as const)('PostgreSQL %i', (major) => {
  let server: TestServer;
  let world: World;
  let store: JournalStore;
  let journal: ReturnType<typeof createJournal>;
  let client: ReturnType<typeof clientOf>;
  const db = new Database(':memory:');

  function clientOf() {
    const sessions = createSessions({
      sources: world.sources,
      guard: { judge: async () => verdict, require: async () => {} },
      journal,
      parameters: { recall: () => null, remember: () => {} },
      recordRun: () => {},
      connectionName: () => 'shop',
      log,
    });
    return createRouterClient(procedures.sessions.router(sessions.procedures), {
      context: { role: 'operator', clientId: 'page' },
    });
  }

  beforeAll(async () => {
    migrate(db);
    server = await startServer(major);
    world = await openWorld(() => server.spec());
    store = createJournalStore(db);
    journal = createJournal({ store, sources: world.sources, connectionName: () => 'shop', wanted: () => true, log });
    client = clientOf();
  });
  beforeEach(async () => {
    store.clear();
    await server.query(`drop table if exists item, other, loose; drop table if exists parted;
      create table item (id serial primary key, name text, price numeric(8, 2), doc json, doubled numeric generated always as (price * 2) stored);
      insert into item (name, price, doc) select 'n' || n, n, '{"n": 1.0}' from generate_series(1, 20) n;
      create table other (item_id int, n int); insert into other values (1, 1), (1, 2), (2, 3);
      create table loose (a int); insert into loose values (1);
      create table parted (id int primary key, a int) partition by range (id);
      create table parted_1 partition of parted for values from (0) to (10); insert into parted values (1, 1), (2, 2)`);
  });
  afterAll(async () => {
    await world?.close();
    await server?.stop();
    db.close();
  });

  const rowsOf = (table: string) => server.query(`select t.*, t::text as all from ${table} t order by 1`);
  async function run(sessionId: string, text: string, more: object = {}): Promise<RunEvent[]> {
    const events: RunEvent[] = [];
    const input = { sessionId, text, what: { kind: 'all' } as const, rowLimit: 1000, stopOnError: false, ...more };
    for await (const event of await client.run(input)) events.push(event);
    return events;
  }
  const entries = () =>
    store.list({ limit: 100 }).entries.map(({ title, rows, notCaptured }) => [title, rows, notCaptured]);
  async function undo(): Promise<void> {
    for (const { id } of store.list({ limit: 100 }).entries) await server.query(await journal.inverse(id));
  }

  test('a run says how many rows it has kept; in a transaction, that they wait for COMMIT', async () => {
    const { sessionId } = await client.open({ connectionId: 'shop' });
    const told = async (text: string) =>
      (await run(sessionId, text)).filter(({ kind }) => kind === 'journaled' || kind === 'end');
    const change = 'update item set name = upper(name) where id in (2, 3)';
    expect(await told(`${change}; delete from item where id = 4`)).toMatchObject([
      { kind: 'journaled', rows: 3, waiting: 0 },
      { kind: 'end' },
    ]);
    expect(await told(`begin; ${change}`)).toMatchObject([{ rows: 0, waiting: 2 }, { kind: 'end' }]);
    expect(await told('commit')).toMatchObject([{ rows: 2, waiting: 0 }, { kind: 'end' }]);
    for (const text of [
      'select 1',
      `${change} and false`,
      `begin; ${change}; rollback`,
      'insert into loose values (2)',
    ])
      expect([text, await told(text)]).toMatchObject([text, [{ kind: 'end' }]]);
    await client.close({ sessionId });
  });

  test.each([
    ['item', "update item set name = upper(name), doc = '[]' where id in (2, 3)", 2],
    ['item', 'delete from item where price > 15', 5],
    ['item', 'delete from item returning id', 20],
    ['item', 'update item i set name = null from other o where o.item_id = i.id', 2],
    ['item', 'with o as (select 1 as id) update item set price = 0 where id in (select id from o)', 1],
    ['item', "insert into item (name) values ('a'), ('b')", 2],
    ['item', "insert into item (name) select 'c' from generate_series(1, 3) on conflict do nothing", 3],
    ['parted', 'update parted set a = a + 1', 2],
    ['parted', 'insert into parted values (3, 3)', 1],
    ['item', "insert into item (id, name) values (2, 'two'), (1 * 0 + 900, 'x') on conflict (id) do nothing", 1],
    [
      'item',
      `insert into item as i (name, id, price) values (upper('two'), 2, 7), ('new', '901', default), ('n5', 5::int, 0)
         on conflict (id) do update set name = excluded.name || i.id where i.id <> 5 returning (xmax = 0)`,
      2,
    ],
    ['parted', 'insert into parted (a, id) values (7, 1), (8, 4) on conflict (id) do update set a = excluded.a', 2],
    [
      'item',
      "insert into item (id, name) values (0 + 1, 'x'), (1 + 1000, 'y') on conflict (id) do update set name = 'z'",
      2,
    ],
    [
      'item',
      `with s as (select item_id, n from other) insert into item as i (name, id)
         select 'from ' || n, item_id * 20 - 19 from s where n > 1 union select 'on conflict', 22.0
         on conflict (id) do update set name = excluded.name || i.name where i.id < 21`,
      3,
    ],
    [
      'item',
      "insert into item values (1, 'x', 1), (99, 'y', 2) on conflict on constraint item_pkey do update set name = 'z'",
      2,
    ],
    [
      'parted',
      'insert into parted select id + 1, a * 10 from parted where id = 1 on conflict (id) do update set a = 9',
      1,
    ],
  ])('%s: %s is kept and undone', async (table, text, count) => {
    const { sessionId } = await client.open({ connectionId: 'shop' });
    const before = await rowsOf(table);
    const events = await run(sessionId, text);
    expect(all(events, 'failed')).toEqual([]);
    expect(all(events, 'complete')).toMatchObject([{ rows: count }]);
    expect(all(events, 'result')).toHaveLength(text.includes('returning') ? 1 : 0);
    expect(new Set(all(events, 'state').map(({ state }) => state.transaction))).toEqual(new Set(['idle']));
    expect(entries()).toEqual([[text, count, null]]);
    expect(await rowsOf(table)).not.toEqual(before);
    await undo();
    expect(await rowsOf(table)).toEqual(before);
    await client.close({ sessionId });
  });

  test('the rows of a table that is emptied come back; a row that a trigger turns into another is not taken for it', async () => {
    const { sessionId } = await client.open({ connectionId: 'shop' });
    for (const table of ['item', 'parted']) {
      const before = await rowsOf(table);
      await run(sessionId, `truncate ${table} restart identity`);
      expect(entries()).toEqual([[`truncate ${table} restart identity`, before.length, null]]);
      expect(await rowsOf(table)).toEqual([]);
      await undo();
      expect(await rowsOf(table)).toEqual(before);
      store.clear();
    }
    await server.query(`create or replace function other_row() returns trigger language plpgsql as
        'begin new.id := 5; return new; end';
      create trigger t before insert on item for each row execute function other_row()`);
    const text = "insert into item (id, name) values (1, 'x') on conflict (id) do update set name = excluded.name";
    await run(sessionId, text);
    expect(entries()).toEqual([[text, 0, expect.stringMatching(/Other rows were changed/)]]);
    await client.close({ sessionId });
  });

  test('tables that are emptied together, or by CASCADE, come back in the order that their foreign keys ask for', async () => {
    await server.query(`drop table if exists line, bill, buyer;
      create table buyer (id int primary key, name text); insert into buyer values (1, 'a'), (2, 'b');
      create table bill (id int primary key, buyer_id int references buyer) partition by range (id);
      create table bill_1 partition of bill for values from (0) to (100); insert into bill values (1, 1), (2, 2);
      create table line (bill_id int references bill, n int, primary key (bill_id, n)); insert into line values (1, 1)`);
    const { sessionId } = await client.open({ connectionId: 'shop' });
    const now = () => Promise.all(['buyer', 'bill', 'line'].map(rowsOf));
    const before = await now();
    for (const text of ['truncate bill, line, buyer', 'truncate buyer cascade']) {
      expect(all(await run(sessionId, text), 'failed')).toEqual([]);
      expect(entries()).toEqual([[text, 5, null]]);
      expect(await now()).toEqual([[], [], []]);
      await undo();
      expect(await now()).toEqual(before);
      store.clear();
    }
    // What a foreign key takes along is named, after the run and in the journal.
    await server.query(
      'alter table line drop constraint line_bill_id_fkey, add foreign key (bill_id) references bill on delete cascade',
    );
    const events = await run(sessionId, 'delete from bill where id = 1');
    const why = 'Foreign keys or triggers changed rows of line with it: those are not kept.';
    expect(all(events, 'notKept')).toEqual([{ kind: 'notKept', statement: 0, why, partly: true }]);
    expect(entries()).toEqual([['delete from bill where id = 1', 1, why]]);
    await client.close({ sessionId });
  });

  test.runIf(major >= 15).each([
    [
      'item',
      `merge into item as i using (select item_id, max(n) as n from other group by item_id) as o on i.id = o.item_id * 20 - 19
         when matched and o.n = 2 then update set name = 'merged', price = case when o.n > 1 then 1 else 2 end
         when matched then delete
         when not matched and o.item_id > 100 then do nothing
         when not matched then insert (id, name) values (900 + o.item_id, 'new')`,
      2,
    ],
    ['item', 'merge into item using other on id = item_id and n > 1 when matched then delete', 2],
    [
      'parted',
      'with s as (select 5 as id) merge into parted p using s on p.id = s.id when not matched then insert values (s.id, 0)',
      1,
    ],
  ])('%s: %s is kept and undone', async (table, text, count) => {
    const { sessionId } = await client.open({ connectionId: 'shop' });
    const before = await rowsOf(table);
    const events = await run(sessionId, text);
    expect(all(events, 'failed')).toEqual([]);
    expect(entries()).toEqual([[text, count, null]]);
    expect(all(events, 'notKept')).toEqual([]);
    await undo();
    expect(await rowsOf(table)).toEqual(before);
    await client.close({ sessionId });
  });

  test.runIf(major >= 17)(
    'MERGE: rows that its source has not; rows that are added where rows of the same transaction are',
    async () => {
      const { sessionId } = await client.open({ connectionId: 'shop' });
      const before = await rowsOf('item');
      const text = `begin; insert into item (id, name) values (500, 'mine'); update item set name = 'also' where id = 7;
      merge into item i using other o on i.id = o.item_id and o.n <> 2
        when matched then do nothing
        when not matched by source and i.id > 18 then update set name = 'gone'
        when not matched by source and i.id = 3 then delete
        when not matched then insert (id, name) values (700 + o.n, 'x');
      commit`;
      expect(all(await run(sessionId, text), 'failed')).toEqual([]);
      expect(entries().map(([, rows, why]) => [rows, why])).toEqual([
        [5, null],
        [1, null],
        [1, null],
      ]);
      await undo();
      expect(await rowsOf('item')).toEqual(before);
      await client.close({ sessionId });
    },
  );

  test('parameters: those of the rows are counted anew, and have the types that they have in the statement', async () => {
    const { sessionId } = await client.open({ connectionId: 'shop' });
    const before = await rowsOf('item');
    const value = (text: string) => ({ kind: 'value', text });
    const values = {
      name: value("it's"),
      top: value('4'),
      1: value('9.5'),
      2: value('n5'),
      ids: { kind: 'list', items: ['7', '8', null] },
      doc: { kind: 'null' },
    };
    const text = `update item set name = :name, price = :top::numeric where id < :top returning :name::text;
      with o as (select $2::text as n) update item set price = $1 where name in (select n from o);
      update item set doc = :doc where id in (:ids) and :name like 'it_s' /* $3 */;
      delete from item where price >= $1 and name <> 'n20'; insert into item (name) values (:name)`;
    const events = await run(sessionId, text, { values });
    expect(all(events, 'failed')).toEqual([]);
    expect(entries().map(([, rows, why]) => [rows, why])).toEqual([
      [1, null],
      [expect.any(Number), null],
      [2, null],
      [1, null],
      [3, null],
    ]);
    await undo();
    expect(await rowsOf('item')).toEqual(before);
    await client.close({ sessionId });
  });

  test.each([
    ['update loose set a = 2', /no primary key/],
    ['update item set id = id + 100 where id = 1', /changes the key/],
    [
      "insert into item (id, name) select nextval('item_id_seq') - 20, 'x' on conflict (id) do update set name = 'x'",
      /asked twice/,
    ],
    ["insert into item (name) select 'x' on conflict (id) do update set name = 'x'", /not among those that it fills/],
    ['insert into item (id) values (1) on conflict (id) do update set id = 77', /changes the key/],
    [
      `insert into item (id) values (1.4) on conflict (id) do update set name = 'met otherwise'`,
      /Other rows were changed/,
    ],
    [
      'with d as (delete from item where id = 1 returning *) select count(*) from d',
      /Only INSERT, UPDATE, DELETE, MERGE and TRUNCATE/,
    ],
    ["update item set name = 'x' where random() < 2 and nextval('item_id_seq') > 0", /asked twice/],
    ['truncate other', /no primary key/],
    ['truncate item, other', /The table other has no primary key/],
    ['explain analyze delete from item where id = 1', /Only INSERT/],
    ["insert into item (name) select 'x' from generate_series(1, 1001)", /More than 1,000 rows/],
  ])('%s runs as it is, and it is said why its rows are not kept', async (text, why) => {
    const { sessionId } = await client.open({ connectionId: 'shop' });
    const events = await run(sessionId, text);
    expect(all(events, 'failed')).toEqual([]);
    expect(entries()).toEqual([[text, 0, expect.stringMatching(why)]]);
    expect(all(events, 'notKept')).toEqual([{ kind: 'notKept', statement: 0, why: expect.stringMatching(why) }]);
    await client.close({ sessionId });
  });

  test('of a run of more than a hundred statements it is said that its rows are not kept', async () => {
    const { sessionId } = await client.open({ connectionId: 'shop' });
    const many = 'with a as (select 1 as n) select n from a;\n'.repeat(100);
    expect(all(await run(sessionId, `${many}select 1`), 'notKept')).toEqual([]);
    const why = expect.stringMatching(/at most 100 statements/);
    const events = await run(sessionId, `${many}-- one more\nupdate item set name = 'x' where id = 1`);
    expect(all(events, 'notKept')).toEqual([{ kind: 'notKept', statement: 100, why }]);
    expect(entries()).toEqual([[expect.stringMatching(/^update item|one more/), 0, why]]);
    await client.close({ sessionId });
  });

  test('whoever is asked before a run is told that its rows will not be kept', async () => {
    const { sessionId } = await client.open({ connectionId: 'shop' });
    const concern = {
      class: 'write' as const,
      range: { from: 0, to: 1 },
      target: null,
      command: '',
      what: '',
      sample: null,
    };
    const of = (statement: number) => ({ ...concern, statement, evidence: ['3 rows.'] });
    const about = { environment: 'production', connectionName: '', typeName: null, more: 0 } as const;
    verdict = { kind: 'confirm', permit: 'p', ...about, concerns: [of(0), of(1)] };
    const text = 'delete from item; with d as (delete from loose returning *) select * from d';
    const asked = await client.judge({ sessionId, text, what: { kind: 'all' } });
    verdict = { kind: 'allow' };
    expect(asked.kind === 'confirm' && asked.concerns.map(({ evidence }) => evidence)).toEqual([
      ['3 rows.'],
      [
        '3 rows.',
        'Its rows will not be in the undo journal. Only INSERT, UPDATE, DELETE, MERGE and TRUNCATE by themselves are followed.',
      ],
    ]);
    await client.close({ sessionId });
  });

  test('what fails leaves nothing; what is rolled back is not written; what is committed is', async () => {
    const { sessionId } = await client.open({ connectionId: 'shop' });
    const before = await rowsOf('item');
    const failing = await run(sessionId, 'update item set price = price / 0');
    expect(all(failing, 'failed')).toMatchObject([{ failure: { sqlstate: '22012' }, at: null }]);
    expect(world.sources.session(sessionId).state.transaction).toBe('idle');
    await run(sessionId, 'update item set name = name where false; begin; delete from item where id = 1; rollback');
    expect(entries()).toEqual([]);
    await run(sessionId, 'begin; delete from item where id = 1');
    expect(entries()).toEqual([]);
    await run(sessionId, "update item set name = 'x' where id = 2; savepoint a; select 1/0; rollback to a; commit");
    expect(entries().map(([title]) => title)).toEqual([
      "update item set name = 'x' where id = 2",
      'delete from item where id = 1',
    ]);
    await undo();
    expect(await rowsOf('item')).toEqual(before);
    expect(store.size()).toMatchObject({ entries: 2, bytes: expect.any(Number) });
    store.clear();
    expect(store.size()).toMatchObject({ entries: 0, bytes: 0 });
    await run(sessionId, 'delete from item where id = 1', { commit: 'manual' });
    expect(entries()).toEqual([]);
    await client.endTransaction({ sessionId, how: 'commit' });
    expect(entries()).toEqual([['delete from item where id = 1', 1, null]]);
    await client.close({ sessionId });
  });

  test('a statement timeout of the session still holds for the statement, and is as it was after it', async () => {
    const { sessionId } = await client.open({ connectionId: 'shop' });
    await run(sessionId, "set statement_timeout = '7s'; begin; update item set name = 'y' where id = 1");
    const events = await run(sessionId, "select 1 where current_setting('statement_timeout') = '7s'; commit");
    expect(all(events, 'complete')[0]?.rows).toBe(1);
    await client.close({ sessionId });
  });
});
