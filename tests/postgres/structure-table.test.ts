/** A table is made from its model, changed into another, and read back: on every major. What is said of rewrites is compared with the files. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropOf } from '../../electron/features/structure/drop.ts';
import { formOf } from '../../electron/features/structure/form-values.ts';
import { tableModelOf, wholeOf } from '../../electron/features/structure/table-model.ts';
import type { ObjectRef } from '../../shared/api/objects.ts';
import type { ColumnModel, ConstraintModel, TableModel } from '../../shared/api/structure.ts';
import { chosenSteps, type Step } from '../../shared/ddl/step.ts';
import { tableSteps } from '../../shared/ddl/table-steps.ts';
import { typeChange } from '../../shared/ddl/type-change.ts';
import { type PgSource, pgSource } from './pg-source.ts';
import { majors, startServer, type TestServer } from './servers.ts';
import { column, constraint, emptyTable, index } from './structure-world.ts';

const first: TableModel = {
  ...emptyTable,
  comment: "it's",
  options: ['fillfactor=70', 'toast.autovacuum_enabled=false'],
  columns: [
    column('id', 'bigint', { notNull: true, identity: 'always', comment: 'key; of it' }),
    column('Na me', 'character varying(20)', { notNull: true, expression: "'a\\b''c'::character varying" }),
    column('n', 'integer', { expression: '7', statistics: 50 }),
    column('twice', 'integer', { generated: 'stored', expression: '(n * 2)' }),
    column('words', 'text', { storage: 'EXTERNAL', collation: '"C"' }),
    column('old', 'date'),
    column('other', 'bigint'),
  ],
  constraints: [
    constraint('primaryKey', 'the pk', 'PRIMARY KEY (id)'),
    constraint('check', 'ck', 'CHECK ((n > 0))'),
    constraint('foreignKey', 'fk', 'FOREIGN KEY (other) REFERENCES "Sch""a".parent(id) ON DELETE CASCADE'),
  ],
  indexes: [
    index('by words', 'USING btree (words, n DESC) WHERE (n > 3)'),
    index('gin ix', "USING gin (to_tsvector('simple'::regconfig, words))"),
  ],
};

const withoutKeys = (model: TableModel) => {
  const plain = <T extends { key: string; name: string }>(list: readonly T[]) =>
    list.map(({ key: _, ...rest }) => rest).sort((a, b) => a.name.localeCompare(b.name));
  return {
    ...model,
    // A new column comes last, wherever it is wanted.
    columns: plain(model.columns),
    constraints: plain(model.constraints),
    indexes: plain(model.indexes),
    options: [...model.options].sort(),
  };
};

describe.each(majors)('PostgreSQL %i', (major) => {
  let server: TestServer;
  let source: PgSource;
  beforeAll(async () => {
    server = await startServer(major);
    source = await pgSource(server);
    await source.client.query(
      'create schema "Sch""a"; create table "Sch""a".parent (id bigint primary key); create schema "Oth er"; create role new_owner',
    );
  });
  afterAll(async () => {
    await source?.close();
    await server?.stop();
  });
  const apply = async (steps: readonly Step[]) => {
    for (const { sql } of steps) await source.client.query(sql);
  };
  const oidOf = async (schema: string, name: string): Promise<number> => {
    const { rows } = await source.client.query(
      'select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2',
      [schema, name],
    );
    return Number(rows[0]?.oid);
  };
  const changed = (model: TableModel): TableModel => ({
    ...model,
    schema: 'Oth er',
    name: 'moved',
    comment: null,
    owner: 'new_owner',
    unlogged: true,
    options: ['fillfactor=90', 'autovacuum_enabled=false'],
    rowSecurity: true,
    forceRowSecurity: true,
    columns: [
      ...model.columns.flatMap((each): ColumnModel[] => {
        if (each.name === 'old') return [];
        // Two change names; one takes the name of one that goes.
        if (each.name === 'n') return [{ ...each, name: 'words', type: 'bigint', expression: '9', statistics: null }];
        if (each.name === 'words')
          return [{ ...each, name: 'n', storage: null, collation: null, notNull: true, comment: 'was words' }];
        if (each.name === 'other') return [{ ...each, name: 'old', comment: 'x' }];
        if (each.name === 'id') return [{ ...each, identity: 'byDefault', comment: null }];
        if (each.name === 'Na me') return [{ ...each, type: 'text', expression: null, notNull: false }];
        if (each.name === 'twice') return [{ ...each, generated: '', expression: null }];
        return [each];
      }),
      column('added', 'timestamp with time zone', { expression: 'now()', notNull: true, comment: 'new' }),
      column('random', 'uuid', { expression: 'gen_random_uuid()' }),
    ],
    constraints: [
      ...model.constraints.flatMap((each): ConstraintModel[] => {
        if (each.kind === 'primaryKey') return [{ ...each, name: 'key', comment: 'the key' }];
        if (each.kind === 'check') return [{ ...each, definition: 'CHECK ((words > 1))' }];
        return [];
      }),
      constraint('unique', 'uq', 'UNIQUE (words, added)'),
      constraint('foreignKey', 'fk again', 'FOREIGN KEY (old) REFERENCES "Sch""a".parent(id)'),
    ],
    indexes: [
      ...model.indexes
        .filter(({ name }) => name !== 'gin ix')
        .map((each) => ({ ...each, name: 'renamed', comment: 'an index' })),
      index('brin ix', 'USING brin (id)'),
      ...(major >= 15 ? [index('one null', 'USING btree (words) INCLUDE (id) NULLS NOT DISTINCT', true)] : []),
    ].map((each) =>
      // The predicate follows the column's new name by itself.
      each.name === 'renamed' ? each : each,
    ),
  });

  test.each([false, true])('made, changed and read back; safely: %s', async (safely) => {
    const made = tableSteps(null, first, { major });
    expect(made.problems).toEqual([]);
    await apply(made.steps);
    const before = await tableModelOf(source, await oidOf(first.schema, first.name));
    expect(withoutKeys(before)).toEqual(withoutKeys(first));
    expect(tableSteps(before, before, { major })).toEqual({ steps: [], problems: [] });
    const wanted = changed(before);
    const change = tableSteps(before, wanted, { major });
    expect(change.problems).toEqual([]);
    await apply(chosenSteps(change.steps, safely));
    const now = await tableModelOf(source, await oidOf('Oth er', 'moved'));
    const expected = withoutKeys(wanted);
    // Definitions follow renames by themselves: the index on "words, n" is one on "n, words" now.
    for (const each of expected.indexes)
      if (each.name === 'renamed') each.definition = 'USING btree (n, words DESC) WHERE (words > 3)';
    expect(withoutKeys(now)).toEqual(expected);
    expect(tableSteps(now, now, { major }).steps).toEqual([]);
    await source.client.query('drop table "Oth er".moved');
  });

  test('what is said of rewrites is so', async () => {
    const pairs = [
      ['integer', 'bigint'],
      ['character varying(10)', 'character varying(20)'],
      ['character varying(20)', 'character varying(10)'],
      ['character varying(10)', 'text'],
      ['text', 'character varying'],
      ['text', 'character varying(10)'],
      ['numeric(10,2)', 'numeric(12,2)'],
      ['numeric(10,2)', 'numeric(12,3)'],
      ['numeric(10,2)', 'numeric'],
      ['timestamp(3) without time zone', 'timestamp without time zone'],
      ['timestamp(6) with time zone', 'timestamp(3) with time zone'],
      ['bit varying(4)', 'bit varying(8)'],
      ['cidr', 'inet'],
      ['character(3)', 'character(5)'],
      ['text', 'integer'],
      ['bytea', 'text'],
      ['real', 'double precision'],
    ] as const;
    for (const [from, to] of pairs) {
      await source.client.query(`create table public.typed (a ${from})`);
      const file = async () =>
        (await source.client.query("select pg_relation_filenode('public.typed') as file")).rows[0]?.file;
      const [before, model] = [await file(), await tableModelOf(source, await oidOf('public', 'typed'))];
      const wanted = { ...model, columns: model.columns.map((each) => ({ ...each, type: to })) };
      const { steps } = tableSteps(model, wanted, { major });
      await apply(steps);
      expect(`${from} → ${to}: ${(await file()) === before ? 'catalog' : 'rewrite'}`).toBe(
        `${from} → ${to}: ${typeChange(from, to)}`,
      );
      await source.client.query('drop table public.typed');
    }
  });

  test('what is said of locks is so', async () => {
    await source.client.query('create table public.locked (id bigint primary key, a int, b text)');
    const model = await tableModelOf(source, await oidOf('public', 'locked'));
    const cases: readonly [string, TableModel][] = [
      ['column', { ...model, columns: [...model.columns, column('c', 'int')] }],
      ['statistics', { ...model, columns: model.columns.map((each) => ({ ...each, statistics: 20 })) }],
      ['options', { ...model, options: ['fillfactor=50'] }],
      ['check', { ...model, constraints: [...model.constraints, constraint('check', 'k', 'CHECK (a > 0)')] }],
      [
        'foreign key',
        {
          ...model,
          constraints: [
            ...model.constraints,
            constraint('foreignKey', 'f', 'FOREIGN KEY (id) REFERENCES "Sch""a".parent'),
          ],
        },
      ],
      ['index', { ...model, indexes: [index('ix', 'USING btree (a)')] }],
      ['not null', { ...model, columns: model.columns.map((each) => ({ ...each, notNull: true })) }],
      ['comment', { ...model, comment: 'x' }],
      ['row security', { ...model, rowSecurity: true }],
    ];
    for (const [what, wanted] of cases) {
      for (const step of tableSteps(model, wanted, { major }).steps) {
        await source.client.query('begin');
        await source.client.query(step.sql);
        const { rows } = await source.client.query(
          "select mode from pg_locks where relation = 'public.locked'::regclass and pid = pg_backend_pid() and mode <> 'AccessShareLock'",
        );
        await source.client.query('rollback');
        expect(
          rows.map(({ mode }) => mode),
          `${what}: ${step.sql}`,
        ).toContain(step.lock);
        const stronger = rows.some(({ mode }) => mode === 'AccessExclusiveLock');
        expect(stronger, `${what}: ${step.sql}`).toBe(step.lock === 'AccessExclusiveLock');
      }
    }
    await source.client.query('drop table public.locked');
  });

  test('a foreign table, its columns and what the wrapper is told of them', async () => {
    await source.client.query('create foreign data wrapper far; create server "Srv 1" foreign data wrapper far');
    const far: TableModel = {
      ...emptyTable,
      kind: 'foreignTable',
      server: 'Srv 1',
      foreignOptions: ['table_name=orders'],
      comment: 'far',
      columns: [
        column('id', 'integer', { notNull: true, foreignOptions: ['column_name=Ident', "B c=it's"] }),
        column('words', 'text', { collation: '"C"', foreignOptions: ['column_name=w'], options: ['n_distinct=-0.5'] }),
        column('n', 'integer'),
      ],
      constraints: [constraint('check', 'ck', 'CHECK ((id > 0))')],
    };
    await apply(tableSteps(null, far, { major }).steps);
    const oid = await oidOf(far.schema, far.name);
    const before = await tableModelOf(source, oid);
    expect(withoutKeys(before)).toEqual(withoutKeys(far));
    const wanted: TableModel = {
      ...before,
      foreignOptions: ['schema_name=s'],
      columns: [
        ...before.columns.map((each) => {
          if (each.name === 'id') return { ...each, name: 'key', foreignOptions: ['column_name=other', 'more=1'] };
          if (each.name === 'words') return { ...each, foreignOptions: [], options: [], statistics: 9 };
          // There is nothing of it here that would have to be cast.
          return { ...each, type: 'date', foreignOptions: ['a=b'], options: ['n_distinct=7'] };
        }),
        column('added', 'uuid', { expression: 'gen_random_uuid()', foreignOptions: ['x=y'] }),
      ],
      constraints: [
        ...before.constraints.map((each) => ({ ...each, definition: 'CHECK ((key > 0))' })),
        constraint('check', 'more', 'CHECK ((n IS NOT NULL))'),
      ],
    };
    const { steps, problems } = tableSteps(before, wanted, { major });
    expect(problems).toEqual([]);
    expect(steps.filter(({ work, safe }) => work !== 'catalog' || safe)).toEqual([]);
    await apply(steps);
    const now = await tableModelOf(source, oid);
    expect(withoutKeys(now)).toEqual(withoutKeys(wanted));
    expect(tableSteps(now, now, { major }).steps).toEqual([]);
    await source.client.query('drop foreign data wrapper far cascade');
  });

  test('parts are changed and dropped with what they are of', async () => {
    await source.client.query(`create schema parts; set search_path = parts; create table t (a int primary key); create view v as select a from t;
      create materialized view m as select a from t; create index m_ix on m (a); create type c as (x int, y text);
      create domain d as int constraint few check (value < 5); set search_path = default`);
    const oids =
      await source.client.query(`select 'parts.t'::regclass::int as t, 'parts.v'::regclass::int as v, 'parts.m_ix'::regclass::int as index,
      'parts.t_pkey'::regclass::int as key, 'parts.c'::regclass::int as c, (select oid::int from pg_constraint where conname = 'few') as few`);
    const [of] = oids.rows;
    const part = (kind: 'column' | 'constraint' | 'index', oid: number, name: string): ObjectRef => ({
      kind,
      oid,
      schema: 'parts',
      name,
      ...(kind === 'column' ? { subId: 1 } : {}),
    });
    const whole = async (ref: ObjectRef) => {
      const { kind, schema, name } = await wholeOf(source, ref);
      return `${kind} ${schema}.${name}`;
    };
    expect(await whole(part('index', of.index, 'm_ix'))).toBe('materializedView parts.m');
    expect(await whole(part('index', of.key, 't_pkey'))).toBe('table parts.t');
    expect(await whole(part('column', of.t, 'a'))).toBe('table parts.t');
    expect(await whole(part('column', of.v, 'a'))).toBe('view parts.v');
    expect(await whole(part('column', of.c, 'x'))).toBe('type parts.c');
    expect(await whole(part('constraint', of.few, 'few'))).toBe('domain parts.d');
    await expect(wholeOf(source, part('index', 1, 'gone'))).rejects.toThrow('is not there any more');
    const form = await formOf(source, await wholeOf(source, part('column', of.c, 'x')));
    expect(form.values.attributes).toEqual(['x integer', 'y text']);
    const drop = await dropOf(source, part('column', of.c, 'x'));
    expect(drop.statement).toBe('ALTER TYPE parts.c DROP ATTRIBUTE x');
    await expect(dropOf(source, part('column', of.v, 'a'))).rejects.toThrow('those of its query');
    await source.client.query('drop schema parts cascade');
  });

  test('a drop says what goes with it and what stands in the way', async () => {
    await source.client.query(`
      create table public."Base ""t""" (id serial primary key, a int);
      create view public.over as select a from public."Base ""t""";
      create view public.over_it as select a from public.over;
      create table public.refers (b int references public."Base ""t""");
      create index on public."Base ""t""" (a)`);
    const oid = await oidOf('public', 'Base "t"');
    const drop = await dropOf(source, { kind: 'table', oid, schema: 'public', name: 'Base "t"' });
    expect(drop.statement).toBe('DROP TABLE public."Base ""t"""');
    const named = (automatic: boolean) =>
      drop.dependents.filter((each) => each.automatic === automatic).map(({ identity }) => identity);
    expect(named(false)).toEqual(['refers_b_fkey on public.refers', 'public.over', 'public.over_it']);
    expect(named(true)).toContain('public."Base ""t""_id_seq"');
    await expect(source.client.query(drop.statement)).rejects.toThrow('other objects depend on it');
    await source.client.query(`${drop.statement} cascade`);
    const { rows } = await source.client.query("select from pg_class where relname in ('over', 'over_it')");
    expect(rows).toEqual([]);
    await source.client.query('drop table public.refers');
  });
});
