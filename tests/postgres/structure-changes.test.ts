/** What is changed without dropping it, and partitions: the steps are run, the catalog then is what was wanted, and the server took our CHECKs as proof. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { tableModelOf } from '../../electron/features/structure/table-model.ts';
import type { PartitionModel, TableModel } from '../../shared/api/structure.ts';
import { chosenSteps, type Step } from '../../shared/ddl/step.ts';
import { tableSteps } from '../../shared/ddl/table-steps.ts';
import { type PgSource, pgSource } from './pg-source.ts';
import { startServer, type TestServer } from './servers.ts';

const partition = (name: string, bound: string, state: PartitionModel['state'] = 'new'): PartitionModel => ({
  key: name,
  schema: 'public',
  name,
  bound,
  state,
  detachPending: false,
  partitionBy: null,
  heapBytes: 8192,
});

// Where the commands differ: 14 brought DETACH CONCURRENTLY and REINDEX with a tablespace, 18 NOT ENFORCED.
describe.each([13, 16, 18] as const)('PostgreSQL %i', (major) => {
  let server: TestServer;
  let source: PgSource;
  let said: string[] = [];
  beforeAll(async () => {
    server = await startServer(major);
    source = await pgSource(server);
    source.client.on('notice', ({ message }) => said.push(message ?? ''));
    await source.client.query('set client_min_messages = debug1');
  });
  beforeEach(async () => {
    await source.client.query('drop schema public cascade; create schema public');
  });
  afterAll(async () => {
    await source?.close();
    await server?.stop();
  });
  const run = async (steps: readonly Step[], safely: boolean): Promise<string[]> => {
    const texts = chosenSteps(steps, safely).map(({ sql }) => sql);
    for (const sql of texts) await source.client.query(sql);
    return texts;
  };
  const oidOf = async (name: string): Promise<number> =>
    Number((await source.client.query('select $1::regclass::oid::int8 as oid', [`public.${name}`])).rows[0]?.oid);
  const read = async (name: string): Promise<TableModel> => tableModelOf(source, await oidOf(name));
  /** Changes the table by way of the model; afterwards nothing is left to do. */
  const change = async (name: string, edit: (model: TableModel) => TableModel, safely: boolean): Promise<string[]> => {
    const before = await read(name);
    const wanted = edit(before);
    const { steps, problems } = tableSteps(before, wanted, { major });
    expect(problems).toEqual([]);
    said = [];
    const texts = await run(steps, safely);
    return texts;
  };
  const bounds = async (name: string) =>
    Object.fromEntries((await read(name)).partitions.map((each) => [each.name, each.bound]));

  const add =
    (...parts: PartitionModel[]) =>
    (model: TableModel) => ({
      ...model,
      partitions: [...model.partitions, ...parts],
    });
  const without = (name: string) => (model: TableModel) => ({
    ...model,
    partitions: model.partitions.filter((each) => each.name !== name),
  });

  test.each([false, true])('partitions by range are made, attached and detached; safely: %s', async (safely) => {
    await source.client.query(`
      create table public.ev (id bigint not null, at timestamptz not null, note text default 'x', primary key (id, at)) partition by range (at);
      create table public.ev_rest partition of public.ev default;
      create table public.ev_03 (like public.ev including defaults);
      insert into public.ev_03 select i, '2026-03-05Z' from generate_series(1, 50) i`);
    const texts = await change(
      'ev',
      add(
        partition('ev_02', "FOR VALUES FROM ('2026-02-01Z') TO ('2026-03-01Z')"),
        partition('ev_03', "FOR VALUES FROM ('2026-03-01Z') TO ('2026-04-01Z')", 'attached'),
      ),
      safely,
    );
    expect(Object.keys(await bounds('ev')).sort()).toEqual(['ev_02', 'ev_03', 'ev_rest']);
    const trusted = said.filter((line) => line.includes('is implied by existing constraints'));
    // The attached table's own rows, and those of the default partition, for each of the two.
    expect(trusted.length, said.join('\n')).toBe(safely ? 3 : 0);
    if (safely) expect(texts.filter((sql) => sql.includes('VALIDATE')).length).toBe(3);
    // No CHECK of ours is left behind, and the key came along.
    const { rows } = await source.client.query(
      "select contype::text as contype, count(*)::int from pg_constraint where conrelid in ('public.ev_02'::regclass, 'public.ev_03'::regclass, 'public.ev_rest'::regclass) and contype in ('c', 'p') group by 1",
    );
    expect(rows).toEqual([{ contype: 'p', count: 3 }]);
    await source.client.query("insert into public.ev (id, at) values (1, '2026-02-05Z')");
    expect((await source.client.query('select note from public.ev_02')).rows).toEqual([{ note: 'x' }]);
    // With a default partition the server refuses CONCURRENTLY.
    expect(await change('ev', without('ev_02'), safely)).toEqual([
      'ALTER TABLE public.ev DETACH PARTITION public.ev_02',
    ]);
    await change('ev', without('ev_rest'), false);
    expect(await change('ev', without('ev_03'), safely)).toEqual([
      `ALTER TABLE public.ev DETACH PARTITION public.ev_03${safely && major >= 14 ? ' CONCURRENTLY' : ''}`,
    ]);
    expect(await bounds('ev')).toEqual({});
  });

  test('lists, keys of several columns and hashes: proven where that can be', async () => {
    await source.client.query(`
      create table public.li (region varchar(10), n int) partition by list (region);
      create table public.li_a (like public.li); insert into public.li_a values ('a'), (null);
      create table public.mu (y int, m int, t text) partition by range (y, m);
      create table public.mu_a (like public.mu); insert into public.mu_a values (2026, 3, 'x');
      create table public.ha (id bigint) partition by hash (id);
      create table public.ha_0 (like public.ha)`);
    const proven = () => said.filter((line) => line.includes('is implied by existing constraints')).length;
    await change('li', add(partition('li_a', "FOR VALUES IN ('a', 'b', NULL)", 'attached')), true);
    expect(proven(), said.join('\n')).toBe(1);
    await change('mu', add(partition('mu_a', 'FOR VALUES FROM (2026, 1) TO (2026, MAXVALUE)', 'attached')), true);
    expect(proven(), said.join('\n')).toBe(1);
    await source.client.query('create table public.mu_b (like public.mu)');
    await change('mu', add(partition('mu_b', 'FOR VALUES FROM (2027, 5) TO (2028, MINVALUE)', 'attached')), true);
    expect(proven(), said.join('\n')).toBe(1);
    const texts = await change(
      'ha',
      add(partition('ha_0', 'FOR VALUES WITH (MODULUS 2, REMAINDER 0)', 'attached')),
      true,
    );
    expect(texts.length).toBe(1);
    expect((await read('ha')).partitions.length).toBe(1);
  });

  test('a table is made with its partitions', async () => {
    const { emptyTable, column } = await import('./structure-world.ts');
    const wanted: TableModel = {
      ...emptyTable,
      kind: 'partitionedTable',
      schema: 'public',
      name: 'made',
      partitionBy: 'LIST (a)',
      columns: [column('a', 'integer'), column('b', 'integer')],
      partitions: [
        { ...partition('made_1', 'FOR VALUES IN (1)'), partitionBy: 'HASH (b)' },
        partition('made_rest', 'DEFAULT'),
      ],
    };
    await run(tableSteps(null, wanted, { major }).steps, true);
    expect(await bounds('made')).toEqual({ made_1: 'FOR VALUES IN (1)', made_rest: 'DEFAULT' });
  });

  test.each([false, true])('constraints are changed; safely: %s', async (safely) => {
    await source.client.query(`
      create table public.a (id int primary key);
      create table public.b (id int primary key, a int, n int, constraint fk foreign key (a) references public.a, constraint uq unique (n));
      alter table public.b add constraint ck check (n > 0) not valid;
      insert into public.a values (1); insert into public.b values (1, 1, 5)`);
    const definition = (name: string, to: (old: string) => string) => (model: TableModel) => ({
      ...model,
      constraints: model.constraints.map((each) =>
        each.name === name ? { ...each, definition: to(each.definition) } : each,
      ),
    });
    const now = async (name: string) => (await read('b')).constraints.find((each) => each.name === name)?.definition;
    expect(
      await change(
        'b',
        definition('ck', (old) => old.replace(' NOT VALID', '')),
        safely,
      ),
    ).toEqual(['ALTER TABLE public.b VALIDATE CONSTRAINT ck']);
    expect(
      await change(
        'b',
        definition('fk', (old) => `${old} DEFERRABLE INITIALLY DEFERRED`),
        safely,
      ),
    ).toEqual(['ALTER TABLE public.b ALTER CONSTRAINT fk DEFERRABLE INITIALLY DEFERRED']);
    expect(await now('fk')).toBe('FOREIGN KEY (a) REFERENCES public.a(id) DEFERRABLE INITIALLY DEFERRED');
    const replaced = await change(
      'b',
      definition('fk', (old) => old.replace(' DEFERRABLE', ' ON DELETE CASCADE DEFERRABLE')),
      safely,
    );
    expect(replaced.length).toBe(safely ? 4 : 1);
    expect(await now('fk')).toContain('ON DELETE CASCADE DEFERRABLE');
    const key = await change(
      'b',
      definition('uq', (old) => `${old} DEFERRABLE`),
      safely,
    );
    expect(key.length).toBe(safely ? 3 : 1);
    expect(await now('uq')).toBe('UNIQUE (n) DEFERRABLE');
    await change(
      'b',
      definition('ck', () => 'CHECK (n > 1)'),
      safely,
    );
    expect(await now('ck')).toBe('CHECK ((n > 1))');
    if (major >= 18) {
      await change(
        'b',
        definition('fk', (old) => `${old} NOT ENFORCED`),
        safely,
      );
      expect(await now('fk')).toContain('NOT ENFORCED');
      await change(
        'b',
        definition('fk', (old) => old.replace(' NOT ENFORCED', '')),
        safely,
      );
      expect(await now('fk')).not.toContain('NOT');
    }
  });

  test.each([false, true])('indexes are changed, moved, rebuilt and replaced; safely: %s', async (safely) => {
    await source.client.query(`
      create table public.t (a int, b text); create index ix on public.t (a) with (fillfactor = 70) where b <> ' WITH (fillfactor=''70'')';
      comment on index public.ix is 'kept'`);
    const edit = (to: Partial<TableModel['indexes'][number]>) => (model: TableModel) => ({
      ...model,
      indexes: model.indexes.map((each) => ({ ...each, ...to })),
    });
    const [index] = (await read('t')).indexes;
    expect(index).toMatchObject({ options: ['fillfactor=70'], tablespace: null });
    expect(index?.definition).toMatch(/^USING btree \(a\) WHERE /);
    expect(await change('t', edit({ options: ['fillfactor=50', 'deduplicate_items=off'] }), safely)).toEqual([
      'ALTER INDEX public.ix SET (fillfactor = 50, deduplicate_items = off)',
    ]);
    await change('t', edit({ options: ['fillfactor=50'] }), safely);
    expect((await read('t')).indexes[0]?.options).toEqual(['fillfactor=50']);
    const file = async () =>
      (await source.client.query("select pg_relation_filenode('public.ix') as file")).rows[0]?.file;
    const before = await file();
    await change('t', edit({ rebuild: true }), safely);
    expect(await file()).not.toBe(before);
    const steps = await change('t', edit({ definition: 'USING btree (a, b)', options: ['fillfactor=60'] }), safely);
    expect(steps.map((sql) => sql.split(' ').slice(0, 2).join(' '))).toEqual([
      'CREATE INDEX',
      'DROP INDEX',
      'ALTER INDEX',
      'COMMENT ON',
    ]);
    expect((await read('t')).indexes).toMatchObject([
      { name: 'ix', definition: 'USING btree (a, b)', options: ['fillfactor=60'], comment: 'kept' },
    ]);
    if (major >= 16) {
      await source.client.query('set allow_in_place_tablespaces = on');
      await source.client.query("create tablespace beside location ''").catch(() => undefined);
      await change('t', edit({ tablespace: 'beside', rebuild: safely }), safely);
      expect((await read('t')).indexes[0]?.tablespace).toBe('beside');
    }
  });

  test('what is said of locks is so', async () => {
    await source.client.query(`
      create table public.a (id int primary key);
      create table public.b (a int); alter table public.b add constraint fk foreign key (a) references public.a not valid; create index ix on public.b (a);
      create table public.p (a int) partition by list (a); create table public.p_1 partition of public.p for values in (1); create table public.p_2 (a int)`);
    const [b, p] = [await read('b'), await read('p')];
    const fk = (to: string) => ({ ...b, constraints: b.constraints.map((each) => ({ ...each, definition: to })) });
    const cases: readonly [TableModel, TableModel][] = [
      [b, fk('FOREIGN KEY (a) REFERENCES public.a(id)')],
      [b, fk('FOREIGN KEY (a) REFERENCES public.a(id) DEFERRABLE NOT VALID')],
      [b, fk('FOREIGN KEY (a) REFERENCES public.a(id) ON DELETE CASCADE')],
      [b, { ...b, indexes: b.indexes.map((each) => ({ ...each, options: ['fillfactor=50'] })) }],
      [b, { ...b, indexes: b.indexes.map((each) => ({ ...each, rebuild: true })) }],
      [p, { ...p, partitions: [] }],
      [p, { ...p, partitions: [...p.partitions, partition('p_2', 'FOR VALUES IN (2)', 'attached')] }],
      [p, { ...p, partitions: [...p.partitions, partition('p_3', 'FOR VALUES IN (3)')] }],
    ];
    for (const [from, to] of cases) {
      for (const step of tableSteps(from, to, { major }).steps) {
        await source.client.query('begin');
        await source.client.query(step.sql);
        const { rows } = await source.client.query(
          "select mode from pg_locks where relation = $1::regclass and pid = pg_backend_pid() and mode <> 'AccessShareLock'",
          [step.on],
        );
        await source.client.query('rollback');
        const modes = rows.map(({ mode }) => mode);
        expect(modes, step.sql).toContain(step.lock);
        expect(modes.includes('AccessExclusiveLock'), step.sql).toBe(step.lock === 'AccessExclusiveLock');
      }
    }
  });
});
