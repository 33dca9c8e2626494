/** Scripts run from a file on a real server: dumps, what is refused, what stays after a failure, and the guard rails. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examineScript } from '../../electron/postgres/import/sql/examine-script.ts';
import { runScript, type ScriptTask } from '../../electron/postgres/import/sql/run-script.ts';
import { failureOf } from '../../shared/failure.ts';
import { scratchFolder } from '../fixtures/row-files.ts';
import { fileOf } from './import-world.ts';
import { startServer, type TestServer, uniqueName } from './servers.ts';

let server: TestServer;
const folder = scratchFolder();
beforeAll(async () => {
  server = await startServer(15);
});
afterAll(() => server?.stop());

const examine = (file: string, encoding: Parameters<typeof examineScript>[0]['encoding'] = null) =>
  examineScript(
    { path: file, encoding },
    () => {},
    () => false,
  );
const refusalOf = (file: string) => examine(file).then(() => null, failureOf);

async function run(
  script: string | Uint8Array,
  plan: ScriptTask['plan'] = { transaction: 'one', onError: 'stop' },
  aborted = () => false,
) {
  const path = fileOf(folder, 'script.sql', script);
  const { exam } = await examine(path);
  return runScript({ spec: server.spec(), path, plan, encoding: exam.encoding }, () => {}, aborted);
}
const each = { transaction: 'each', onError: 'stop' } as const;
const skip = { transaction: 'each', onError: 'skip' } as const;
const exists = async (name: string) => (await server.query(`select to_regclass('${name}') is not null as e`))[0]?.e;

/** As pg_dump 18 writes it, of a database in LATIN1. */
const dump = (schema: string) => `--
-- PostgreSQL database dump
--

\\restrict 0aZ

-- Dumped from database version 18.1

SET statement_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'LATIN1';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;

CREATE SCHEMA ${schema};
CREATE FUNCTION ${schema}.twice(n integer) RETURNS integer
    LANGUAGE sql
    BEGIN ATOMIC
 SELECT case when n > 0 then (n * 2) end;
END;
CREATE TABLE ${schema}.t (
    id integer NOT NULL,
    note text DEFAULT 'a;b'::text
);

--
-- Data for Name: t; Type: TABLE DATA; Schema: ${schema}; Owner: -
--

COPY ${schema}.t (id, note) FROM stdin;
1\tcaf\xe9; \\\\.
2\t\\N
\\.

CREATE SEQUENCE ${schema}.q;
SELECT pg_catalog.setval('${schema}.q', 7, true);
ALTER TABLE ONLY ${schema}.t
    ADD CONSTRAINT t_pkey PRIMARY KEY (id);

--
-- PostgreSQL database dump complete
--

\\unrestrict 0aZ
`;

describe('a plain dump', () => {
  it('is restored, packed and in another encoding, and settings of a newer pg_dump are passed over', async () => {
    const schema = uniqueName('s');
    const path = fileOf(folder, 'dump.sql.gz', gzipSync(Buffer.from(dump(schema), 'latin1')));
    const { exam, samples } = await examine(path);
    expect(exam).toMatchObject({ encoding: 'latin1', copyRows: 2, isDump: true, notInOne: null, statements: 13 });
    expect(exam.passedOver).toEqual(['\\restrict', '\\unrestrict']);
    expect(exam.kinds).toContainEqual({ command: 'copy', count: 1 });
    expect(exam.kinds[0]).toEqual({ command: 'set', count: 5 });
    expect(samples.some((text) => text.startsWith('CREATE TABLE'))).toBe(true);
    const task = { spec: server.spec(), path, plan: { transaction: 'one', onError: 'stop' }, encoding: exam.encoding };
    const done = await runScript(
      task as ScriptTask,
      () => {},
      () => false,
    );
    expect(done).toMatchObject({ failure: null, failed: 0, rows: 2, statements: 12 });
    expect(done.notes).toEqual(['The server does not know transaction_timeout; it was passed over.']);
    expect(await server.query(`select id, note, ${schema}.twice(id) as twice from ${schema}.t order by id`)).toEqual([
      { id: 1, note: 'café; \\.', twice: 2 },
      { id: 2, note: null, twice: 4 },
    ]);
  });

  it('that is cut off is refused before anything runs, wherever that is', async () => {
    const schema = uniqueName('s');
    const whole = dump(schema).replaceAll('é', 'e').replaceAll('\xe9', 'e');
    for (const [at, message] of [
      [whole.indexOf('2\t'), 'The file ends within the rows of the COPY of line 31: it is cut off.'],
      [
        whole.indexOf('ALTER TABLE'),
        'The dump is cut off: the line with which pg_dump ends is missing. Nothing was run.',
      ],
    ] as const)
      expect(await refusalOf(fileOf(folder, 'cut.sql', whole.slice(0, at)))).toMatchObject({
        kind: 'invalid',
        message,
      });
    const packed = gzipSync(whole).subarray(0, -40);
    expect((await refusalOf(fileOf(folder, 'cut.sql.gz', packed)))?.message).toContain('damaged or cut off');
  });
});

describe('what is not run', () => {
  it.each(['\\! touch x', '\\i x', '\\copy t from x', '\\o x', '\\connect x', '\\gexec', '\\setenv A b'])(
    '%s',
    async (command) => {
      const name = uniqueName('t');
      const file = fileOf(folder, 'bad.sql', `create table ${name} (a int);\n${command}\n`);
      const failure = await refusalOf(file);
      expect(failure).toMatchObject({ kind: 'invalid', field: 'file' });
      expect(failure?.message).toContain(`Line 2: ${command.split(' ')[0]} is a command of psql`);
      expect(await exists(name)).toBe(false);
    },
  );

  it('variables of psql, and encodings that change on the way', async () => {
    expect((await refusalOf(fileOf(folder, 'a.sql', 'select 1;\nselect :who;')))?.message).toContain(
      'Line 2: it has a variable',
    );
    expect(await refusalOf(fileOf(folder, 'b.sql', 'select (array[1,2,3])[1:2];'))).toBeNull();
    const turns = "set client_encoding to 'UTF8';\nselect 1;\nset names 'WIN1251';";
    expect((await refusalOf(fileOf(folder, 'c.sql', turns)))?.message).toContain(
      'Line 3: the file says that it is in WIN1251',
    );
    const odd = fileOf(folder, 'd.sql', "set client_encoding = 'MULE_INTERNAL';");
    expect((await refusalOf(odd))?.message).toContain('MULE_INTERNAL, which is not read here');
  });
});

describe('one transaction', () => {
  it('leaves nothing where a statement fails, and names its line', async () => {
    const name = uniqueName('t');
    const done = await run(
      `create table ${name} (a int);\ninsert into ${name} values (1);\n\ninsert into ${name}\n  values (nothing);`,
    );
    expect(done.failure).toMatchObject({ kind: 'postgres', sqlstate: '42703' });
    expect(done.failure?.message).toMatch(/^Line 5: column "nothing" does not exist.* Nothing was changed\.$/);
    expect(done.errors).toMatchObject([{ line: 5 }]);
    expect(await exists(name)).toBe(false);
  });

  it('leaves nothing where a row of COPY is refused, or it is cancelled in the middle', async () => {
    const name = uniqueName('t');
    const script = `create table ${name} (a int);\ncopy ${name} from stdin;\n1\nx\n${'2\n'.repeat(200_000)}\\.\n`;
    expect((await run(script)).failure).toMatchObject({ kind: 'postgres', sqlstate: '22P02' });
    expect(await exists(name)).toBe(false);
    let asked = 0;
    const many = `create table ${name} (a int);\ncopy ${name} from stdin;\n${'2\n'.repeat(900_000)}\\.\n`;
    const cancelled = await run(many, undefined, () => ++asked > 4);
    expect(cancelled.failure).toEqual({ kind: 'cancelled', message: 'Cancelled. Nothing was changed.' });
    expect(await exists(name)).toBe(false);
  });

  it('cannot be had with what begins one, or is refused in one', async () => {
    for (const [script, line] of [
      ['select 1;\nbegin;', 2],
      ['vacuum;', 1],
      ['select 1;\n\ncreate index concurrently i on t (a);', 3],
      ['create database x;', 1],
    ] as const)
      expect((await examine(fileOf(folder, 'a.sql', script))).exam.notInOne?.line).toBe(line);
  });
});

describe('each statement by itself', () => {
  it('keeps what was done, stops at the first failure or passes it over', async () => {
    const name = uniqueName('t');
    const script = `create table ${name} (a int);
insert into ${name} values (1), (2);
insert into missing values (1);
copy missing from stdin;
1
\\.
copy ${name} from stdin;
3
\\.
vacuum ${name};
select 1 / 0;`;
    const stopped = await run(script, each);
    expect(stopped).toMatchObject({ statements: 3, failed: 1, rows: 2 });
    expect(stopped.failure?.message).toMatch(/^Line 3: .*What the statements before it did stays/);
    await server.query(`drop table ${name}`);
    const passed = await run(script, skip);
    expect(passed).toMatchObject({ failure: null, statements: 7, failed: 3, rows: 3 });
    expect(passed.errors.map(({ line }) => line)).toEqual([3, 4, 11]);
    expect(await server.query(`select a from ${name} order by a`)).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
  });

  it('says so where the file leaves a transaction open, and follows standard_conforming_strings', async () => {
    const name = uniqueName('t');
    const open = await run(`begin;\ncreate table ${name} (a int);`, each);
    expect(open.failure).toMatchObject({ kind: 'invalid' });
    expect(open.failure?.message).toContain('a transaction that it does not end');
    expect(await exists(name)).toBe(false);
    const strings = `create table ${name} (a text);
select set_config('standard_conforming_strings', 'off', false);
insert into ${name} values ('it\\'s; one');
reset standard_conforming_strings;
insert into ${name} values ('two\\');`;
    expect(await run(strings, each)).toMatchObject({ failure: null, failed: 0, rows: 2 });
    expect((await server.query(`select a from ${name}`)).map(({ a }) => a)).toEqual(["it's; one", 'two\\']);
  });

  it('tells which statement is under way, however long it takes', async () => {
    const path = fileOf(folder, 'long.sql', 'select 1;\nselect 2;\n\nselect pg_advisory_xact_lock(7);\n');
    await server.query('select pg_advisory_lock(7)');
    const lines = new Set<number>();
    const running = runScript(
      { spec: server.spec(), path, plan: each, encoding: 'utf-8' },
      ({ line }) => void lines.add(line),
      () => false,
    );
    await expect.poll(() => [...lines]).toContain(4);
    await server.query('select pg_advisory_unlock(7)');
    expect(await running).toMatchObject({ failure: null, statements: 3 });
  });

  it('tells a lost link as it is', async () => {
    const name = uniqueName('t');
    const script = `create table ${name} (a int);\nselect pg_terminate_backend(pg_backend_pid());\nselect 1;`;
    const lost = await run(script, each);
    expect(lost.failure).toMatchObject({ kind: 'outcomeUnknown' });
    expect(lost.failure?.message).toContain('lost at line 2');
    expect(await exists(name)).toBe(true);
    const other = uniqueName('t');
    const whole = await run(script.replace(name, other));
    expect(whole.failure?.message).toContain('The connection was lost at line 2. Nothing was changed.');
    expect(await exists(other)).toBe(false);
  });
});
