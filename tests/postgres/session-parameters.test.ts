/** Parameters, manual commit and timeouts, as the page asks for them, on real servers. */
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSessions } from '../../electron/features/sessions/sessions.ts';
import { procedures } from '../../electron/procedures.ts';
import type { RunEvent } from '../../shared/api/sessions.ts';
import type { ParameterValue } from '../../shared/sql/parameters.ts';
import { noJournal } from './no-journal.ts';
import { startServer, type TestServer } from './servers.ts';
import { all, cellsOf, only, openWorld, until, type World } from './session-world.ts';

const both = (...texts: string[]) => texts.map((text) => ({ text, range: { from: 0, to: text.length } }));
const value = (text: string): ParameterValue => ({ kind: 'value', text });

describe.each([13, 18] as const)('PostgreSQL %i', (major) => {
  let server: TestServer;
  let world: World;
  const remembered = new Map<string, ParameterValue>();
  let client: ReturnType<typeof open>;
  let sessionId = '';

  const open = () => {
    const sessions = createSessions({
      sources: world.sources,
      journal: noJournal,
      recordRun: () => {},
      connectionName: () => 'test',
      guard: { judge: async () => ({ kind: 'allow' }), require: async () => {} },
      parameters: {
        recall: (_statement, name) => remembered.get(name) ?? null,
        remember: (_statement, name, bound) => void remembered.set(name, bound),
      },
      log: { info: () => {}, warn: () => {}, error: () => {} },
    });
    return createRouterClient(procedures.sessions.router(sessions.procedures), {
      context: { role: 'operator', clientId: 'page' },
    });
  };
  beforeAll(async () => {
    server = await startServer(major);
    world = await openWorld(() => server.spec());
    client = open();
    sessionId = (await client.open({ connectionId: 'test' })).sessionId;
  });
  afterAll(async () => {
    await world?.close();
    await server?.stop();
  });

  type Input = Parameters<typeof client.run>[0];
  const run = async (text: string, more: Partial<Input> = {}): Promise<RunEvent[]> => {
    const events: RunEvent[] = [];
    const input = { sessionId, text, what: { kind: 'all' as const }, rowLimit: null, stopOnError: true, ...more };
    for await (const event of await client.run(input)) events.push(event);
    return events;
  };
  const cells = async (text: string, values: Record<string, ParameterValue>) => {
    const { resultId } = only(await run(text, { values }), 'result');
    return await cellsOf(world.sources.results.resultFile(resultId));
  };
  const stateNow = () => world.sources.session(sessionId).state;

  test('values are bound as the types the server infers, never as text of the statement', async () => {
    const rows = await cells(
      "select :n + 1, pg_typeof(:n), :t::text, $1::date, relname from pg_class where oid in (:oids) and relname = any(:names) and ':n' = ':n'",
      {
        n: value('41'),
        t: value("'; drop table pg_class; --"),
        1: value('2026-02-28'),
        oids: { kind: 'list', items: ['1259', '1249'] },
        names: { kind: 'list', items: ['pg_class', 'a"b'] },
      },
    );
    expect(rows).toEqual([['42', 'integer', "'; drop table pg_class; --", '2026-02-28', 'pg_class']]);
    expect(await cells('select :x::int is null, :y', { x: { kind: 'null' }, y: value('') })).toEqual([['t', '']]);
    expect(await cells('select (array[1,2,3])[1:2], (array[1,2,3])[:i]', { i: value('3') })).toEqual([['{1,2}', '3']]);
    expect(remembered.get('n')).toEqual(value('41'));
  });

  test('an error is at its place in what was written', async () => {
    const text = 'select :first_name::text, :second::text,\n  nonsense';
    const { at } = only(await run(text, { values: { first_name: value('a'), second: value('b') } }), 'failed');
    expect(text.slice(at?.from, at?.to)).toBe('nonsense');
    const bad = 'select 1 + :number';
    const failed = only(await run(bad, { values: { number: value('many') } }), 'failed');
    expect(failed.failure).toMatchObject({ kind: 'postgres', sqlstate: '22P02' });
  });

  test('the form is told which there are and what the server takes them for', async () => {
    const text =
      'create temp table p as select 1 as a;\nselect * from pg_class where oid = :id and relkind in (:kinds)';
    const what = { kind: 'caret', caret: text.length } as const;
    const asked = await client.parameters({ sessionId, text, what });
    expect(asked).toMatchObject([
      { name: 'id', typeName: 'oid', category: 'N', takesList: false, remembered: null },
      { name: 'kinds', typeName: '"char"', takesList: true },
    ]);
    await run('begin');
    expect(await client.parameters({ sessionId, text: 'select :n from nowhere', what: { kind: 'all' } })).toMatchObject(
      [{ name: 'n', typeName: null, remembered: value('41') }],
    );
    // A refusal has not failed the transaction, and what the server does take has types in it as outside.
    expect(stateNow().transaction).toBe('open');
    await run('create temp table inside (a date)');
    const inside = 'select * from inside where a = :day';
    expect(await client.parameters({ sessionId, text: inside, what: { kind: 'all' } })).toMatchObject([
      { name: 'day', typeName: 'date', category: 'D' },
    ]);
    expect(stateNow().transaction).toBe('open');
    await client.endTransaction({ sessionId, how: 'rollback' });
  });

  test('a locked table does not keep the form from opening', async () => {
    await run('create table locked (a int)');
    const other = await world.session();
    for await (const _ of other.run({
      statements: both('begin', 'lock table locked'),
      rowLimit: null,
      stopOnError: true,
    }));
    const text = 'select * from locked where a = :n';
    expect(await client.parameters({ sessionId, text, what: { kind: 'all' } })).toMatchObject([{ typeName: null }]);
    await other.close();
    expect(await client.parameters({ sessionId, text, what: { kind: 'all' } })).toMatchObject([
      { typeName: 'integer' },
    ]);
  });

  test("a statement's own parameters are left alone, and one without a value is refused before anything is sent", async () => {
    const own = 'prepare q as select $1::int; execute q(7); deallocate q';
    expect(await client.parameters({ sessionId, text: own, what: { kind: 'all' } })).toEqual([]);
    expect(only(await run(own), 'end')).toMatchObject({ ran: 3, failed: 0 });
    await expect(run('create table never (a int); select :a')).rejects.toMatchObject({
      code: 'invalid',
      data: { field: 'values', at: 35 },
    });
    await expect(run('set work_mem = :m', { values: { m: value('4MB') } })).rejects.toMatchObject({
      data: { field: 'text', message: expect.stringContaining('SET') },
    });
    expect(await server.query("select to_regclass('never') as it")).toMatchObject([{ it: null }]);
  });

  test('with manual commit a transaction opens before the first statement and waits', async () => {
    const manual = { commit: 'manual' } as const;
    await run('create table kept (a int)');
    const events = await run('insert into kept values (1); select count(*) from kept, pg_class', manual);
    expect(only(events, 'end')).toMatchObject({ ran: 2, failed: 0 });
    expect(stateNow()).toMatchObject({ transaction: 'open', transactionSinceMs: expect.any(Number) });
    const { locks, strongest, blocked } = await client.locks({ sessionId });
    expect(locks).toContainEqual({
      locktype: 'relation',
      object: 'public.kept',
      mode: 'RowExclusiveLock',
      granted: true,
    });
    // That the catalog is being read is no news.
    expect(locks.filter(({ object }) => object.startsWith('pg_'))).toEqual([]);
    expect({ strongest, blocked }).toEqual({ strongest: 'RowExclusiveLock', blocked: [] });
    const waiting = server.query('alter table kept add b int');
    await until(async () => (await client.locks({ sessionId })).blocked.length > 0, 'somebody waits');
    expect((await client.locks({ sessionId })).blocked[0]?.query).toContain('alter table kept');
    await client.endTransaction({ sessionId, how: 'rollback' });
    await waiting;
    await run('create table fresh (a int)', manual);
    const names = (await client.locks({ sessionId })).locks.map(({ object }) => object);
    expect(names).toContainEqual(expect.stringMatching(/^number \d+, new in this transaction$/));
    expect(names).toContainEqual('schema public');
    await client.endTransaction({ sessionId, how: 'rollback' });
    expect(await server.query('select count(*)::int as n from kept')).toMatchObject([{ n: 0 }]);
    await run('insert into kept values (2)', manual);
    await client.endTransaction({ sessionId, how: 'commit' });
    expect(stateNow().transaction).toBe('idle');
    expect(await server.query('select a from kept')).toMatchObject([{ a: 2 }]);
  });

  test('with manual commit, what cannot be in a transaction is not sent', async () => {
    const { failure } = only(await run('vacuum kept', { commit: 'manual' }), 'failed');
    expect(failure).toMatchObject({ kind: 'unsupported', needs: 'autoCommit' });
    expect(stateNow().transaction).toBe('idle');
    expect(all(await run('vacuum kept', { commit: 'auto' }), 'failed')).toEqual([]);
    await run('begin; commit', { commit: 'manual' });
    expect(stateNow().transaction).toBe('idle');
  });

  test('timeouts hold for the run, over a rollback, and end when they are taken away', async () => {
    const timeouts = { statementMs: 60_000, lockMs: 1234 };
    const shown = async (more: Partial<Input>) => {
      const { resultId } = only(
        await run("select current_setting('statement_timeout'), current_setting('lock_timeout')", more),
        'result',
      );
      return (await cellsOf(world.sources.results.resultFile(resultId)))[0];
    };
    const { failure } = only(
      await run('select pg_sleep(600)', { timeouts: { ...timeouts, statementMs: 50 } }),
      'failed',
    );
    expect(failure).toMatchObject({ kind: 'postgres', sqlstate: '57014' });
    expect(await shown({ timeouts })).toEqual(['1min', '1234ms']);
    await run('begin', { timeouts });
    await run('select 1', { timeouts: { statementMs: 70_000, lockMs: null } });
    await run('rollback', { timeouts: { statementMs: 70_000, lockMs: null } });
    expect(await shown({ timeouts: { statementMs: 70_000, lockMs: null } })).toEqual(['70s', '0']);
    expect(await shown({ timeouts: { statementMs: null, lockMs: null } })).toEqual(['0', '0']);
  });
});
