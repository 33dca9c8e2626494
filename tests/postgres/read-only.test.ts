/** A read-only connection against everything that could make it act, on old and new servers, as superuser. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../shared/api/sessions.ts';
import { escapes } from '../fixtures/guard/escapes.ts';
import { openReadOnlyWorld, type ReadOnlyWorld } from './read-only-world.ts';
import { all, openWorld, run, type World } from './session-world.ts';

const reading: readonly (readonly [text: string, rows: number])[] = [
  ['select count(*), max(id), lower(min(t)) from kept', 1],
  ['table kept', 5],
  ['select * from good_view order by 1 limit 2', 2],
  ['with recursive n(i) as (values (1) union all select i + 1 from n where i < 3) select * from n', 3],
  ['select reads(3), random(), clock_timestamp(), gen_random_uuid(), mine($$x$$)', 1],
  ['select k.id, row_number() over (order by k.t) from kept k join kept j using (id) where k.t ~ $$[1-3]$$', 3],
  [
    "select x, jsonb_path_query('[1,2]'::jsonb, '$[*]'), (array[1,2])[1], (date '2026-01-02')::text from generate_series(1,1) x",
    2,
  ],
  [
    "select pg_size_pretty(pg_total_relation_size('kept')), pg_is_in_recovery(), currval('s') is null from kept where false",
    0,
  ],
  ['select * from pg_stat_activity where false', 0],
  ['select * from pg_locks where false', 0],
  [
    "select xmlelement(name a, 'b')::text, case when 1 = 1 then extract(year from now()) end, interval '1 day' + now()",
    1,
  ],
  ['show work_mem', 1],
  ['copy kept to stdout', 5],
  ['copy (select 1) to stdout', 1],
  ['explain select * from good_view', 1],
  ['explain (analyze) select 1', 2],
  ['explain delete from kept where id = 1', 2],
  ['explain insert into kept values (9) on conflict (id) do update set t = excluded.t', 1],
];

// The oldest, the newest, and one between.
describe.each([13, 16, 18] as const)('PostgreSQL %i', (major) => {
  let server: ReadOnlyWorld;
  let world: World;
  beforeAll(async () => {
    server = await openReadOnlyWorld(major);
    world = await openWorld(() => server.server.spec({ readOnly: true }));
  });
  afterAll(async () => {
    await world?.close();
    await server?.close();
  });

  const inSession = async (statements: readonly string[]): Promise<RunEvent[]> => {
    const session = await world.session();
    const filled = statements.map((text) =>
      text.replaceAll('VICTIM', String(server.victim)).replaceAll('FILE', server.file),
    );
    const events = await run(session, filled, { stopOnError: false });
    expect(session.state.transaction === 'idle' || statements.some((text) => /^(begin|rollback)/.test(text))).toBe(
      true,
    );
    await session.close();
    return events;
  };

  it('nothing of it has an effect', async () => {
    let last = await server.fingerprint();
    const escaped: unknown[] = [];
    const silent: string[] = [];
    for (const [name, ...statements] of escapes) {
      const events = await inSession(statements);
      if (all(events, 'failed').length === 0) silent.push(name);
      const now = await server.fingerprint();
      const changed = Object.keys(now).filter((key) => JSON.stringify(now[key]) !== JSON.stringify(last[key]));
      if (changed.length > 0) escaped.push([name, ...changed]);
      last = now;
    }
    expect(escaped).toEqual([]);
    expect(silent).toEqual([]);
    expect(escapes.length).toBeGreaterThan(100);
  });

  it('what reads goes through, leaves no transaction, and keeps the session’s settings', async () => {
    const session = await world.session();
    for (const [text, rows] of reading) {
      const events = await run(session, text);
      const failed = all(events, 'failed')[0];
      expect({ text, failure: failed?.failure.message }).toEqual({ text, failure: undefined });
      expect({ text, enough: (all(events, 'resultEnd')[0]?.rows ?? 0) >= rows }).toEqual({ text, enough: true });
      const states = all(events, 'state').map(({ state }) => state.transaction);
      expect(new Set(states)).toEqual(new Set(['idle']));
    }
    const scripts = [
      ["set work_mem = '7MB'", 'show work_mem'],
      [
        'begin isolation level repeatable read',
        'set local search_path = shadow',
        'select 1',
        'savepoint a',
        'release a',
        'commit',
      ],
      [
        'begin',
        'set transaction isolation level serializable',
        'declare c cursor for select * from kept',
        'fetch 2 from c',
        'close c',
        'rollback',
      ],
      ['prepare q(int) as select $1 + 1', 'execute q(1)', 'explain execute q(1)', 'deallocate q'],
      ['begin', 'select 1/0', 'rollback', 'select 1'],
    ];
    for (const script of scripts) {
      const failed = all(await run(session, script, { stopOnError: false }), 'failed').map(
        ({ failure }) => failure.message,
      );
      expect({ script, failed }).toEqual({ script, failed: script.includes('select 1/0') ? ['division by zero'] : [] });
    }
    expect(session.state.transaction).toBe('idle');
    await session.close();
  });
});
