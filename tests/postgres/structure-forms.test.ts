/** Every kind with a form is made from its values, read back, changed into others and read again: on every major. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actAs } from '../../electron/features/structure/act-as.ts';
import { formOf } from '../../electron/features/structure/form-values.ts';
import { runSteps } from '../../electron/features/structure/run-steps.ts';
import type { Log } from '../../electron/platform.ts';
import { OpenResults } from '../../electron/postgres/result/open-results.ts';
import type { Source } from '../../electron/postgres/source.ts';
import { createSources, type Sources } from '../../electron/postgres/sources.ts';
import type { ObjectKind, ObjectRef } from '../../shared/api/objects.ts';
import type { FormKind, FormValues, RunStep, StructureEvent } from '../../shared/api/structure.ts';
import { forms } from '../../shared/ddl/forms/forms.ts';
import type { Step } from '../../shared/ddl/step.ts';
import { type PgSource, pgSource } from './pg-source.ts';
import { majors, startServer, type TestServer } from './servers.ts';

interface Case {
  readonly kind: FormKind;
  readonly first: FormValues;
  /** What is changed then. */
  readonly second: FormValues;
  /** Where the object is: an SQL expression of its oid by `$1`, its name. */
  readonly oid: string;
  readonly since?: number;
  readonly object?: ObjectKind;
}
const ofClass = `(select oid from pg_class where relname = $1)`;
const ofType = `(select oid from pg_type where typname = $1)`;
const all = { owner: 'new owner', comment: "it's\nnew" };

const cases: readonly Case[] = [
  {
    kind: 'schema',
    first: { name: 'Sc "1"' },
    second: { name: 'sc 2', ...all },
    oid: '(select oid from pg_namespace where nspname = $1)',
  },
  {
    kind: 'view',
    first: {
      name: "V 'a'",
      query: ' SELECT id,\n    words\n   FROM sch.base\n  WHERE (id > 1)',
      check: 'local',
      barrier: true,
      columnComments: ['id it\'s "the" key', 'words two\\nlines, one \\\\'],
    },
    second: {
      name: 'v2',
      schema: 'other',
      query: " SELECT id,\n    words,\n    'it''s'::text AS said\n   FROM sch.base\n  WHERE (id > 2)",
      check: '',
      barrier: false,
      columnComments: ['words other', 'said new'],
      ...all,
    },
    oid: ofClass,
  },
  {
    kind: 'materializedView',
    first: {
      name: 'mv',
      query: ' SELECT id\n   FROM sch.base',
      noData: true,
      columnComments: ['id kept when it is made anew'],
      indexes: ['UNIQUE "Mv ""key" USING btree (id) WHERE (id > 0)', 'mv_ix USING btree (id)'],
    },
    second: {
      name: 'mv2',
      query: ' SELECT id,\n    words\n   FROM sch.base',
      indexes: ['mv_ix USING btree (id)', 'mv_words USING hash (words)'],
      ...all,
    },
    oid: ofClass,
  },
  {
    kind: 'sequence',
    first: {
      name: 's 1',
      type: 'integer',
      increment: '2',
      minimum: '1',
      maximum: '99',
      start: '3',
      cache: '5',
      cycle: true,
    },
    second: {
      name: 's2',
      schema: 'other',
      type: 'bigint',
      increment: '-1',
      minimum: '-5',
      maximum: '500',
      start: '7',
      cache: '1',
      cycle: false,
      comment: 'x',
    },
    oid: ofClass,
  },
  {
    kind: 'enum',
    object: 'type',
    first: { name: 'mood', labels: ['sad', "it's", 'last'] },
    second: { name: 'Mood', labels: ['first', 'sad', 'between', "it's", 'last', 'very last'], ...all },
    oid: ofType,
  },
  {
    kind: 'composite',
    object: 'type',
    first: { name: 'pair', attributes: ['a integer', '"B c" text COLLATE "C"'] },
    second: { name: 'pair', attributes: ['a bigint', 'd date'], schema: 'other', ...all },
    oid: ofType,
  },
  {
    kind: 'composite',
    object: 'type',
    first: { name: 'renamed', attributes: ['"A b" integer', 'c text'] },
    second: { attributes: ['a integer', 'c text'] },
    oid: ofType,
  },
  {
    kind: 'range',
    object: 'type',
    first: { name: 'span', subtype: 'double precision', difference: 'float8mi' },
    second: { name: 'span 2', ...all },
    oid: ofType,
  },
  {
    kind: 'domain',
    first: {
      name: 'code',
      type: 'character varying(9)',
      collation: '"C"',
      default: "'a'::character varying",
      notNull: true,
      checks: ['CONSTRAINT "Long" CHECK (((VALUE)::text <> \'\'::text))'],
    },
    second: {
      name: 'code2',
      default: '',
      notNull: false,
      checks: ["CONSTRAINT other CHECK (((VALUE)::text <> 'x'::text))"],
      ...all,
    },
    oid: ofType,
  },
  {
    kind: 'trigger',
    first: {
      table: 'sch.base',
      name: 'Tr "1"',
      timing: 'BEFORE',
      events: ['insert', 'update'],
      columns: ['words'],
      each: 'ROW',
      when: '(new.id > 1)',
      function: 'sch.touch',
      arguments: ['a', "it's\\", ''],
      enabled: 'D',
    },
    second: {
      name: 'tr2',
      timing: 'AFTER',
      events: ['delete'],
      columns: [],
      when: '',
      deferrable: 'DEFERRABLE INITIALLY DEFERRED',
      arguments: [],
      enabled: 'A',
      comment: 'late',
    },
    oid: '(select oid from pg_trigger where tgname = $1)',
  },
  {
    kind: 'policy',
    first: {
      table: 'sch.base',
      name: 'Po "1"',
      command: 'ALL',
      kind: 'PERMISSIVE',
      roles: [],
      using: '(id > 3)',
      check: "(words <> 'x'::text)",
      comment: 'one',
    },
    second: { name: 'po2', roles: ['new owner'], using: '(id > 4)' },
    oid: '(select oid from pg_policy where polname = $1)',
  },
  {
    kind: 'policy',
    first: { table: 'sch.base', name: 'po3', command: 'SELECT', kind: 'PERMISSIVE', using: '(id > 3)' },
    second: { command: 'INSERT', kind: 'RESTRICTIVE', using: '', check: '(id > 9)', comment: 'anew' },
    oid: '(select oid from pg_policy where polname = $1)',
  },
  {
    kind: 'publication',
    first: { name: 'Pub 1', tables: ['sch.base'], publish: ['insert', 'delete'], viaRoot: true },
    second: {
      name: 'pub2',
      tables: ['sch.base', 'sch.base2'],
      publish: ['insert', 'update', 'delete', 'truncate'],
      viaRoot: false,
      ...all,
    },
    oid: '(select oid from pg_publication where pubname = $1)',
  },
  {
    kind: 'publication',
    first: { name: 'pub15', tables: ['sch.base (id) WHERE ((id > 5))'], publish: ['insert'] },
    second: { tables: [], schemas: ['other'] },
    oid: '(select oid from pg_publication where pubname = $1)',
    since: 15,
  },
  {
    kind: 'eventTrigger',
    first: { name: 'Ev 1', event: 'ddl_command_end', tags: ['CREATE TABLE'], function: 'sch.logs', enabled: 'D' },
    second: { name: 'ev2', event: 'sql_drop', tags: [], enabled: 'R', comment: 'x' },
    oid: '(select oid from pg_event_trigger where evtname = $1)',
  },
  {
    kind: 'database',
    first: {
      name: 'Db "1"',
      encoding: 'UTF8',
      collate: 'C',
      ctype: 'C',
      limit: '5',
      template: '',
      tablespace: 'pg_default',
    },
    second: { name: 'db2', limit: '', isTemplate: true, tablespace: 'Space 1', ...all },
    oid: '(select oid from pg_database where datname = $1)',
  },
  {
    kind: 'foreignDataWrapper',
    first: { name: 'Wr 1', validator: 'pg_catalog.postgresql_fdw_validator', options: [] },
    second: { name: 'wr2', validator: '', options: ['a=2', "B c=it's"], ...all },
    oid: '(select oid from pg_foreign_data_wrapper where fdwname = $1)',
  },
  {
    kind: 'foreignServer',
    first: { name: 'Srv 1', wrapper: 'plain', type: 'x', version: '1', options: ['host=a b'], comment: 'far' },
    second: { name: 'srv2', version: '', options: ['Host Name=c'], ...all },
    oid: '(select oid from pg_foreign_server where srvname = $1)',
  },
  {
    kind: 'userMapping',
    first: { server: 'far', user: 'new owner', options: ['user=bob', "password=it's\\"] },
    second: { options: ['user=ann'] },
    oid: "(select umid from pg_user_mappings where usename = 'new owner' and $1::text is not null)",
  },
  {
    kind: 'userMapping',
    first: { server: 'far', user: '', options: [] },
    second: { options: ['user=all'] },
    oid: '(select umid from pg_user_mappings where umuser = 0 and $1::text is not null)',
  },
  {
    kind: 'statistics',
    first: { name: 'St 1', table: 'sch.base', kinds: ['ndistinct', 'mcv'], columns: ['id', 'words'], target: '50' },
    second: { name: 'st2', schema: 'other', target: '', ...all },
    oid: '(select oid from pg_statistic_ext where stxname = $1)',
  },
  {
    kind: 'statistics',
    first: { name: 'st14', table: 'sch.base', kinds: '', columns: ['(lower(words))'] },
    second: { comment: 'x' },
    oid: '(select oid from pg_statistic_ext where stxname = $1)',
    since: 14,
  },
  {
    kind: 'subscription',
    first: {
      name: 'Sub 1',
      publications: ['P 1'],
      connection: "host=localhost password='it\\'s'",
      connect: false,
      enabled: false,
      slot: 'held',
    },
    second: { name: 'sub2', publications: ['p2', 'P 1'], connection: 'host=127.0.0.1', slot: '', ...all },
    oid: '(select oid from pg_subscription where subname = $1)',
  },
  {
    kind: 'rule',
    first: {
      definition: 'CREATE RULE gone AS\n    ON DELETE TO sch.base2 DO INSTEAD NOTHING',
      name: 'gone',
      table: 'sch.base2',
      comment: 'first',
      enabled: 'A',
    },
    second: {
      definition: 'CREATE RULE gone AS\n    ON DELETE TO sch.base2\n   WHERE (old.id > 1) DO INSTEAD NOTHING',
      enabled: 'D',
      comment: 'kept',
    },
    oid: '(select oid from pg_rewrite where rulename = $1)',
  },
  {
    kind: 'rule',
    first: { definition: 'CREATE RULE old AS\n    ON UPDATE TO sch.base2 DO NOTHING', name: 'old' },
    second: { name: 'Now "1"', enabled: 'A', comment: 'x' },
    oid: '(select oid from pg_rewrite where rulename = $1)',
  },
];

/** Without what is said when it is made, and what is never shown again. */
const shown = ({ connect: _, connection: __, ...values }: FormValues): FormValues => values;
/** Up to 15, columns are shown with their table. */
const plain = (values: FormValues): FormValues =>
  typeof values.query === 'string' ? { ...values, query: values.query.replaceAll('base.', '') } : values;

const silent: Log = { info() {}, warn() {}, error() {} };

describe.each(majors)('PostgreSQL %i', (major) => {
  let server: TestServer;
  let source: PgSource;
  beforeAll(async () => {
    server = await startServer(major, { settings: { wal_level: 'logical' } });
    source = await pgSource(server);
    await source.client.query(`
      create schema sch; create schema other; create role "new owner" superuser; create table sch.base (id int primary key, words text); create table sch.base2 (id int);
      create foreign data wrapper plain; create server far foreign data wrapper plain;
      create function sch.touch() returns trigger language plpgsql as $$ begin return new; end $$;
      create function sch.logs() returns event_trigger language plpgsql as $$ begin end $$`);
    await source.client.query('set allow_in_place_tablespaces = on');
    await source.client.query(`create tablespace "Space 1" location ''`);
  });
  afterAll(async () => {
    await source?.close();
    await server?.stop();
  });
  const refOf = async ({ kind, object, oid }: Case, name: string): Promise<ObjectRef> => {
    const { rows } = await source.client.query(`select ${oid}::int as oid`, [name]);
    return { kind: object ?? (kind as ObjectKind), oid: rows[0]?.oid, schema: null, name };
  };
  const applied = async (kind: FormKind, before: FormValues | null, after: FormValues) => {
    const { steps, problems } = forms[kind].steps(before, after, { major });
    expect(problems).toEqual([]);
    for (const step of steps) {
      const failure = await (step.alone ? source.client.query(step.sql) : locking(step)).then(
        () => null,
        (thrown: Error) => `${thrown.message}: ${step.sql}`,
      );
      expect(failure).toBeNull();
    }
  };
  /** Runs it, and holds what is said of its lock against what the server took on the relation, where that was there. */
  const locking = async ({ sql, lock, on }: Step) => {
    const { client } = source;
    const [relation] = (await client.query('select to_regclass($1)::oid as oid', [on ?? 'no.where'])).rows;
    await client.query('begin');
    try {
      await client.query(sql);
      const { rows } = await client.query(
        "select mode from pg_locks where relation = $1 and pid = pg_backend_pid() and mode not in ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock')",
        [relation?.oid],
      );
      const modes = rows.map(({ mode }) => mode);
      if (relation?.oid) expect(modes, sql).toContain(lock);
      if (relation?.oid && lock !== 'AccessExclusiveLock') expect(modes, sql).not.toContain('AccessExclusiveLock');
      await client.query('commit');
    } catch (thrown) {
      await client.query('rollback');
      throw thrown;
    }
  };

  test.each(cases.filter(({ since }) => (since ?? 13) <= major))('$kind $first.name', async (each) => {
    const { kind } = each;
    const wanted: FormValues = { ...forms[kind].start('sch', ''), owner: 'postgres', ...each.first };
    await applied(kind, null, wanted);
    const ref = await refOf(each, String(wanted.name ?? ''));
    if (kind === 'materializedView') await source.client.query('grant select on sch.mv to public');
    const before = (await formOf(source, ref)).values;
    expect(plain(before)).toMatchObject(shown(each.first));
    expect(forms[kind].steps(before, before, { major })).toEqual({ steps: [], problems: [] });
    await applied(kind, before, { ...before, ...each.second });
    const again =
      kind === 'trigger' || kind === 'policy' || kind === 'eventTrigger' || kind === 'materializedView'
        ? await refOf(each, String(each.second.name ?? wanted.name))
        : ref;
    const now = (await formOf(source, again)).values;
    expect(plain(now)).toMatchObject(shown(each.second));
    if (kind === 'materializedView') expect((now.again as string[]).join()).toMatch(/mv_ix ON sch.mv2.*TO PUBLIC/);
    expect(forms[kind].steps(now, now, { major })).toEqual({ steps: [], problems: [] });
  });

  test('functions and procedures by their text, extensions by their name', async () => {
    for (const kind of ['function', 'procedure'] as const) {
      const written = forms[kind].start('sch', '');
      const definition = String(written.definition)
        .replace('a integer', 'a integer, c numeric(9, 2)[]')
        .replace(/(b integer)?\)\n/, (text) =>
          text.replace(')', `${kind === 'procedure' ? ', b int' : ''} default 1)`),
        );
      await applied(kind, null, { ...written, definition, owner: 'new owner', comment: 'as made' });
      const each: Case = { kind, first: {}, second: {}, oid: '(select oid from pg_proc where proname = $1)' };
      const ref = await refOf(each, `my_${kind}`);
      const before = (await formOf(source, ref)).values;
      expect(before).toMatchObject({ owner: 'new owner', comment: 'as made' });
      const wanted = {
        ...before,
        ...all,
        owner: 'postgres',
        schema: 'other',
        name: `My ${kind}`,
        definition: String(before.definition)
          .replace('select a + b', 'select a - b')
          .replace('called with', 'was called with'),
      };
      await applied(kind, before, wanted);
      const now = (await formOf(source, ref)).values;
      expect(now).toMatchObject({ ...all, owner: 'postgres', schema: 'other', name: `My ${kind}` });
      expect(String(now.definition).replace(`other."My ${kind}"`, `sch.my_${kind}`)).toBe(wanted.definition);
      expect(forms[kind].steps(now, now, { major })).toEqual({ steps: [], problems: [] });
      expect(now.definition).not.toBe(before.definition);
    }
  });
});

describe('running', () => {
  let server: TestServer;
  let sources: Sources;
  let source: Source;
  beforeAll(async () => {
    server = await startServer(18);
    await server.query(
      'create table t (id int primary key, a int); insert into t select n, n % 2 from generate_series(1, 100) n; create role sees; grant select on t to sees',
    );
    sources = await createSources({
      resultsFolder: `${server.socketFolder}/results`,
      specOf: async () => server.spec(),
      log: silent,
    });
    source = await sources.source('c');
  });
  afterAll(async () => {
    await sources?.close();
    await server?.stop();
  });
  const run = async (
    steps: readonly RunStep[],
    patience = { lockTimeoutMs: 10_000, attempts: 1 },
    onEvent?: (event: StructureEvent) => Promise<void>,
  ) => {
    const session = await source.openSession();
    const events: StructureEvent[] = [];
    try {
      for await (const event of runSteps(session, steps, patience, undefined)) {
        events.push(event);
        await onEvent?.(event);
      }
    } finally {
      await session.close();
    }
    return events;
  };
  const inOne = (sql: string): RunStep => ({ sql, alone: false });

  test('what shares a transaction is done, or none of it', async () => {
    const events = await run([inOne('alter table t add b int'), inOne('alter table t add b int')]);
    expect(events.at(-1)).toMatchObject({ kind: 'failed', step: 1, kept: 0, failure: { sqlstate: '42701' } });
    expect(await server.query("select from pg_attribute where attrelid = 't'::regclass and attname = 'b'")).toEqual([]);
    const well = await run([inOne('alter table t add b int'), inOne("comment on column t.b is 'x'")]);
    expect(well.map(({ kind }) => kind)).toEqual(['began', 'ended', 'began', 'ended', 'committed', 'done']);
  });

  test('an index that cannot be built leaves none behind; what came before it stays', async () => {
    const events = await run([
      inOne('alter table t add c int'),
      {
        sql: 'create unique index concurrently twice on t (a)',
        alone: true,
        builds: { schema: 'public', name: 'twice' },
      },
    ]);
    expect(events.at(-1)).toMatchObject({
      kind: 'failed',
      step: 1,
      kept: 1,
      failure: { sqlstate: '23505' },
      note: 'The invalid index public.twice that it left was dropped again.',
    });
    expect(await server.query("select from pg_class where relname = 'twice'")).toEqual([]);
  });

  test('a lock that is not to be had is tried for again', async () => {
    await server.query('begin; lock table t in access share mode');
    const events = await run(
      [inOne('alter table t add d int')],
      { lockTimeoutMs: 100, attempts: 5 },
      async ({ kind }) => {
        if (kind === 'again') await server.query('commit');
      },
    );
    expect(events.map(({ kind }) => kind)).toEqual(['began', 'again', 'began', 'ended', 'committed', 'done']);
    await server.query('begin; lock table t in access share mode');
    const given = await run([inOne('alter table t add e int')], { lockTimeoutMs: 50, attempts: 1 });
    await server.query('commit');
    expect(given.at(-1)).toMatchObject({ kind: 'failed', kept: 0, failure: { sqlstate: '55P03' } });
  });

  test('a policy is tried as a role, and nothing stays of it', async () => {
    const session = await source.openSession();
    const steps = [
      inOne('alter table t enable row level security'),
      inOne('create policy p on t to sees using (id <= 7)'),
    ];
    const seen = await actAs(session, new OpenResults(sources.results), {
      steps,
      role: 'sees',
      schema: 'public',
      table: 't',
    });
    await session.close();
    expect(seen).toMatchObject({ all: 100, visible: 7 });
    expect(seen.rows.map(([id]) => id)).toEqual(['1', '2', '3', '4', '5', '6', '7']);
    expect(await server.query('select from pg_policy')).toEqual([]);
  });
});
