/** pg_dump and pg_restore where they are installed: the right one chosen, nothing secret among arguments, nothing half. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everything } from '../../electron/postgres/backup/dump/choice.ts';
import type { BackupProgress } from '../../electron/postgres/backup/progress.ts';
import { nothingSpecial, type RestoreChoice } from '../../electron/postgres/backup/restore/request.ts';
import { runScriptRestore } from '../../electron/postgres/backup/restore/run-script-restore.ts';
import { entriesOf, listArchive } from '../../electron/postgres/backup/tools/archive-list.ts';
import { dumpArguments } from '../../electron/postgres/backup/tools/dump-arguments.ts';
import { findTools, fittingTools, type PgTools } from '../../electron/postgres/backup/tools/find-tools.ts';
import { chosenEntries, planPgRestore } from '../../electron/postgres/backup/tools/plan-pg-restore.ts';
import { runDumpDrill } from '../../electron/postgres/backup/tools/run-dump-drill.ts';
import { dumpCommand, runPgDump, verifyDump } from '../../electron/postgres/backup/tools/run-pg-dump.ts';
import {
  dumpFormOf,
  restoreArguments,
  restoreCommand,
  runPgRestore,
} from '../../electron/postgres/backup/tools/run-pg-restore.ts';
import { commandWords, runTool } from '../../electron/postgres/backup/tools/run-tool.ts';
import { connectionWords, toolPlace } from '../../electron/postgres/backup/tools/tool-place.ts';
import { type DumpTool, isOfServer, subjectOf } from '../../shared/api/dump-tool.ts';
import { failureOf } from '../../shared/failure.ts';
import { plainSpec, startServer, type TestServer } from './servers.ts';

const asDump = {
  program: 'pg_dump',
  format: 'custom',
  sections: [],
  tables: [],
  compression: 'gzip',
  level: 6,
  owners: true,
  grants: true,
  clean: false,
} as Extract<DumpTool, { program: 'pg_dump' }>;
const at = { ...plainSpec, host: '::1', port: 5433, database: 'd', user: 'ann o’hara', password: 'secret' };
const tools = (version: string): PgTools => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return {
    folder: `/pg/${version}`,
    pgDump: 'pg_dump',
    pgDumpAll: 'pg_dumpall',
    pgRestore: 'pg_restore',
    version,
    major,
    minor,
  };
};

test('the nearest that is not older than the server is chosen; else all that were found are named', () => {
  const found = {
    usable: [tools('13.9'), tools('15.8'), tools('15.2'), tools('17.0')],
    broken: [{ folder: '/bad', why: 'libpq.so.5: not found' }],
  };
  expect(fittingTools(found, 140_005).version).toBe('15.8');
  expect(fittingTools(found, 130_001).version).toBe('13.9');
  expect(fittingTools(found, 170_001).version).toBe('17.0');
  expect(() => fittingTools(found, 180_001)).toThrow(
    /server is PostgreSQL 18, and there is 13\.9 in .*17\.0 in .*Not usable: \/bad \(libpq/,
  );
  expect(() => fittingTools({ usable: [], broken: [] }, 180_001)).toThrow(/No pg_dump was found.*built-in/);
});

test('a command is shown as one would type it', () => {
  expect(commandWords('/usr/bin/pg_dump', ['--file=/a b/c', `--schema="it's"`])).toBe(
    `/usr/bin/pg_dump '--file=/a b/c' '--schema="it'\\''s"'`,
  );
});

test('a program is told where to connect by words, and a name stays a name', () => {
  const words = ['--host=::1', '--port=5433', '--username=ann o’hara'];
  expect(connectionWords(at, 'shop_2')).toEqual([...words, '--dbname=shop_2']);
  expect(connectionWords(at, null)).toEqual(words);
  expect(connectionWords({ ...at, sslMode: 'require' }, null)).toEqual([...words, '--dbname=sslmode=require']);
  expect(connectionWords({ ...at, sslMode: 'verify-full' }, `o'd\\=x`).at(-1)).toBe(
    `--dbname=dbname='o\\'d\\\\=x' sslmode=verify-full`,
  );
  const made = { program: 'pg_dumpall', what: 'globals', rolePasswords: false } as const;
  expect(subjectOf(made, 'd')).toBe('roles and tablespaces');
  // Where programs lie in a folder with a space, as they do on Windows.
  const request = { spec: at, path: 'p', tool: made, choice: everything, jobs: 1 };
  const command = dumpCommand({ ...tools('15.2'), pgDumpAll: 'C:\\Program Files\\pg_dumpall.exe' }, request);
  expect(isOfServer({ command })).toBe(true);
  expect(isOfServer({ command: dumpCommand(tools('15.2'), { ...request, tool: asDump }) })).toBe(false);
});

test.skipIf(process.platform === 'win32')(
  'programs that are no use, or are killed half way, are told as that',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'howdah-tools-'));
    const program = async (name: string, text: string) => {
      await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`);
      await chmod(join(folder, name), 0o755);
      return join(folder, name);
    };
    await program('pg_dump', 'echo "error while loading shared libraries: libpq.so.5" >&2; exit 127');
    const { broken } = await findTools({ PATH: folder });
    expect(broken).toContainEqual({ folder, why: 'error while loading shared libraries: libpq.so.5' });
    const said = (text: string) =>
      program('tool', text)
        .then((path) => runTool({ program: path, args: [], env: {} }))
        .catch((thrown) => failureOf(thrown).message);
    expect(await said('echo "disk full" >&2; exit 3')).toMatch(/ended with 3\. disk full/);
    expect(await said('kill -9 $$')).toMatch(/was ended by SIGKILL/);
    await rm(folder, { recursive: true });
  },
);

test('what a version or a format does not know is not asked of it', () => {
  const words = (tool: Partial<typeof asDump>, major = 15) =>
    dumpArguments({ ...asDump, ...tool }, everything, { path: 'p', jobs: 4 }, { major, version: `${major}.1` }).join(
      ' ',
    );
  expect(words({})).toBe('--format=custom --file=p --no-password --verbose --compress=6');
  expect(words({ format: 'directory', compression: 'zstd', level: 3 }, 16)).toContain('--jobs=4 --compress=zstd:3');
  expect(() => words({ compression: 'zstd' })).toThrow(/pg_dump 15\.1 does not know zstd/);
  expect(words({ format: 'tar', sections: ['data'], grants: false })).toBe(
    '--format=tar --file=p --no-password --verbose --section=data --no-privileges',
  );
  expect(words({ tables: ['shop.orders', '"a.b"."c""d\n"'] })).toContain(
    '--table="shop"."orders" --table="a.b"."c""d\n"',
  );
  expect(
    restoreArguments(
      { spec: at, path: 'p', choice: { ...nothingSpecial, target: { kind: 'new', database: 'd' } } },
      'custom',
      null,
    ),
  ).toEqual(expect.arrayContaining(['--dbname=d_restoring', '--jobs=2']));
});

test('the list of an archive: kinds of several words, names with spaces, and what each needs', () => {
  const entries = entriesOf([
    ';     dbname: shop',
    '3; 3079 1 EXTENSION - pgcrypto ',
    '9; 2615 5 SCHEMA - sales admin',
    '214; 1259 16385 TABLE sales my orders admin',
    ';\tdepends on: 9 999',
    '3300; 0 16385 TABLE DATA sales my orders admin',
    ';\tdepends on: 214',
    '3200; 0 0 ENCODING - ENCODING ',
  ]);
  expect(entries).toMatchObject([
    { id: 3, kind: 'extension', schema: null, name: 'pgcrypto', owner: '' },
    { id: 9, kind: 'schema', schema: 'sales', name: 'sales', owner: 'admin' },
    { id: 214, kind: 'table', schema: 'sales', name: 'my orders', section: 'before', needs: [9] },
    { id: 3300, kind: 'rows', schema: 'sales', name: 'my orders', section: 'data', needs: [214] },
  ]);
});

test('a picked table of an archive comes with its rows, keys and default, and without a key to another table', () => {
  const entries = entriesOf([
    '1; 1259 1 TABLE s orders me',
    '2; 1259 2 TABLE s people me',
    '3; 1259 3 SEQUENCE s orders_id_seq me',
    '4; 0 0 SEQUENCE OWNED BY s orders_id_seq me',
    ';\tdepends on: 3 1',
    '5; 2604 5 DEFAULT s orders id me',
    ';\tdepends on: 3 1',
    '6; 0 1 TABLE DATA s orders me',
    ';\tdepends on: 1',
    '7; 2606 7 CONSTRAINT s orders orders_pkey me',
    ';\tdepends on: 1',
    '8; 2606 8 FK CONSTRAINT s orders orders_person me',
    ';\tdepends on: 1 2',
    '9; 0 0 COMMENT s CONSTRAINT orders_pkey ON orders me',
    ';\tdepends on: 7',
  ]);
  const choice = { ...nothingSpecial, target: { kind: 'new', database: 'd' }, items: [1] } as const;
  expect(chosenEntries(entries, choice).map(({ id }) => id)).toEqual([1, 3, 4, 5, 6, 7, 9]);
});

const installed = (() => {
  try {
    return Number(/ (\d+)/.exec(execFileSync('pg_dump', ['--version'], { encoding: 'utf8' }))?.[1]) === 15;
  } catch {
    return false;
  }
})();

describe.skipIf(!installed)('with pg_dump 15', () => {
  let server: TestServer;
  let folder: string;
  beforeAll(async () => {
    server = await startServer(15);
    folder = await mkdtemp(join(tmpdir(), 'howdah-tools-'));
    await server.query(
      'create table t as select i from generate_series(1, 1000) i; create view seen as select * from t; create table other (a int)',
    );
    await server.query(`create database "od'd=x"`);
  });
  const urlOf = (name: string) => server.url.replace(/\/[^/]*$/, `/${name}`);
  const inDatabase = async (name: string, sql: string): Promise<Record<string, unknown>[]> => {
    const { host, port, user, password } = server;
    const client = new pg.Client({ host, port, user, password, database: name });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };
  afterAll(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const dump = (path: string, more: Partial<typeof asDump> = {}, spec = server.spec()) =>
    runPgDump({ spec, path, tool: { ...asDump, ...more }, choice: everything, jobs: 2 });
  const into = (target: RestoreChoice['target'], more: Partial<RestoreChoice> = {}): RestoreChoice => ({
    ...nothingSpecial,
    target,
    ...more,
  });
  const there = { kind: 'existing', database: `od'd=x`, onExisting: 'refuse' } as const;

  test.each(['custom', 'directory', 'tar'] as const)('%s: out and back, whole or in parts', async (format) => {
    const path = join(folder, `a"; touch x #.${format}`);
    const progress: BackupProgress[] = [];
    const lines: string[] = [];
    const told = {
      onProgress: (now: BackupProgress) => void progress.push(now),
      onLine: (line: string) => void lines.push(line),
    };
    const { command, sha256 } = await runPgDump(
      { spec: server.spec(), path, tool: { ...asDump, format }, choice: everything, jobs: 2 },
      told,
    );
    expect(command).not.toContain(server.password);
    expect(lines[0]).toContain(command);
    expect(progress.at(-1)).toMatchObject({ step: 'copying', all: 2, allBytes: expect.any(Number) });
    expect(await dumpFormOf(path)).toBe(format);
    await verifyDump(path, format, sha256);

    const { entries } = await listArchive(path);
    const view = entries.find(({ kind }) => kind === 'view')?.id ?? 0;
    const table = entries.find(({ kind, name }) => kind === 'table' && name === 't')?.id ?? 0;
    expect(chosenEntries(entries, into(there, { items: [view] })).map(({ id }) => id)).toContain(table);
    const part = into({ kind: 'new', database: `part_${format}` }, { items: [view] });
    await runPgRestore({ spec: server.spec(), path, choice: part });
    const names = await inDatabase(
      `part_${format}`,
      "select relname from pg_class where relnamespace = 'public'::regnamespace order by 1",
    );
    expect(names).toEqual([{ relname: 'seen' }, { relname: 't' }]);

    const whole = into({ kind: 'new', database: `whole_${format}` }, { jobs: 2 });
    await runPgRestore({ spec: server.spec(), path, choice: whole });
    expect(await inDatabase(`whole_${format}`, 'select count(*)::int as n from t')).toEqual([{ n: 1000 }]);
    // It is in the way there: nothing changes, unless it is to be replaced.
    const again = {
      ...whole,
      target: { kind: 'existing', database: `whole_${format}`, onExisting: 'refuse' } as const,
    };
    await expect(runPgRestore({ spec: server.spec(), path, choice: again })).rejects.toThrow(/public\.t/);
    await inDatabase(`whole_${format}`, 'delete from t');
    const over = { ...again, target: { ...again.target, onExisting: 'replace' as const } };
    await runPgRestore({ spec: server.spec(), path, choice: over });
    expect(await inDatabase(`whole_${format}`, 'select count(*)::int as n from t')).toEqual([{ n: 1000 }]);

    // A byte of it changed.
    const file = format === 'directory' ? join(path, 'toc.dat') : path;
    const handle = await open(file, 'r+');
    await handle.write(Buffer.from([0xff]), 0, 1, 300);
    await handle.close();
    await expect(verifyDump(path, format, sha256)).rejects.toThrow(/damaged/);
    await rm(path, { recursive: true });
  });

  test.skipIf(process.platform === 'win32')('the commands that are shown do it too, pasted into a shell', async () => {
    const odd = `it's "$(odd)" = 1`;
    await server.query(`create database ${pg.escapeIdentifier(odd)}`);
    await inDatabase(
      odd,
      `create role "keeper's"; create table "T 1" as select i from generate_series(1, 30) i; alter table "T 1" owner to "keeper's"; create table other ()`,
    );
    const pasted = (command: string) =>
      execFileSync('/bin/sh', ['-c', command], {
        env: { PATH: process.env.PATH, PGPASSWORD: server.password },
        stdio: ['ignore', 'pipe', 'ignore'],
        encoding: 'utf8',
      });
    const path = join(folder, `it's $HOME.dump`);
    const spec = server.spec({ database: odd });
    const found = fittingTools(await findTools(), 150_000);
    pasted(
      dumpCommand(found, { spec, path, tool: { ...asDump, tables: ['public."T 1"'] }, choice: everything, jobs: 1 }),
    );
    // Roles that are not there, the database and its name at the end: what Howdah does itself is done by psql.
    await inDatabase(odd, `alter table "T 1" owner to postgres; drop role "keeper's"`);
    const { entries } = await listArchive(path);
    const items = entries.filter(({ kind }) => kind === 'table').map(({ id }) => id);
    const choice = into({ kind: 'new', database: `${odd} again` }, { items });
    pasted(restoreCommand(await planPgRestore(spec, path, choice), { spec, path, choice }, 'custom'));
    expect(
      await inDatabase(
        `${odd} again`,
        `select tableowner, (select count(*)::int from "T 1") as n from pg_tables where tablename = 'T 1'`,
      ),
    ).toEqual([{ tableowner: "keeper's", n: 30 }]);
    const all = join(folder, 'roles here.sql');
    const roles = { program: 'pg_dumpall', what: 'roles', rolePasswords: false } as const;
    pasted(dumpCommand(found, { spec, path: all, tool: roles, choice: everything, jobs: 1 }));
    expect(await readFile(all, 'utf8')).toContain(`CREATE ROLE "keeper's"`);
    await rm(all);
    await rm(path);
  });

  test('plain text, and roles with all databases, are read to their last line; a wrong password leaves nothing', async () => {
    const plain = join(folder, 'plain.sql');
    const { command } = await dump(plain, { format: 'plain', clean: true, owners: false });
    expect(command).toMatch(/--format=plain.*--no-owner --clean --if-exists$/);
    expect(await dumpFormOf(plain)).toBe('plain');
    const again = into({ kind: 'new', database: 'from_text' });
    expect(await runScriptRestore({ spec: server.spec(), path: plain, choice: again })).toMatchObject({ rows: 1000 });
    expect(await inDatabase('from_text', 'select count(*)::int as n from seen')).toEqual([{ n: 1000 }]);
    // What only psql understands is refused by name, and no database is made for it.
    const text = await readFile(plain, 'utf8');
    await writeFile(plain, text.replace('SET row_security', '\\! touch /tmp/never\nSET row_security'));
    const never = into({ kind: 'new', database: 'never' });
    await expect(runScriptRestore({ spec: server.spec(), path: plain, choice: never })).rejects.toThrow(
      /Line \d+: \\!.*psql/,
    );
    // Its last statement fails: all of it is undone, and the database goes again.
    await writeFile(plain, text.replace(/(-- PostgreSQL database dump complete)/, 'select 1/0;\n$1'));
    await expect(runScriptRestore({ spec: server.spec(), path: plain, choice: never })).rejects.toThrow(
      /division by zero/,
    );
    const kept = { kind: 'existing', database: 'kept', onExisting: 'refuse' } as const;
    await server.query('create database kept');
    await expect(runScriptRestore({ spec: server.spec(), path: plain, choice: into(kept) })).rejects.toThrow(
      /Nothing was changed/,
    );
    expect(await inDatabase('kept', "select from pg_class where relnamespace = 'public'::regnamespace")).toEqual([]);
    expect(await server.query("select from pg_database where datname = 'never'")).toEqual([]);
    await writeFile(plain, text);
    const roles = join(folder, 'roles.sql');
    const tool = { program: 'pg_dumpall', what: 'globals', rolePasswords: false } as const;
    await runPgDump({ spec: server.spec(), path: roles, tool, choice: everything, jobs: 1 });
    expect(await readFile(roles, 'utf8')).toMatch(/CREATE ROLE[\s\S]*cluster dump complete/);
    await truncate(plain, 2000);
    await expect(verifyDump(plain, 'plain', '')).rejects.toThrow(/no end/);
    expect((await readdir(folder)).sort()).toEqual(['plain.sql', 'roles.sql']);
    const wrong = server.spec({ password: 'wrong' });
    await expect(dump(join(folder, 'no.dump'), {}, wrong)).rejects.toThrow(/password/);
    expect(await readdir(folder)).toHaveLength(2);
  });

  test('a drill restores it into a server of its own, with the roles it names, and counts its rows', async () => {
    const scratch = await startServer(18);
    try {
      await server.query('create database drilled');
      await server.query(`create role "seller's"; create role buyer`);
      await inDatabase(
        'drilled',
        `create schema "odd one"; create table whole (a int, b text) partition by range (a); create table part partition of whole default;
        create table "odd one"."t""b\n" as select i, E'line\n\\.' as b from generate_series(1, 50) i;
        insert into whole select i, 'x' from generate_series(1, 70) i;
        alter table whole owner to "seller's"; grant select on whole to buyer; create policy p on whole to buyer using (true)`,
      );
      const spec = server.spec({ database: 'drilled' });
      for (const format of ['custom', 'plain'] as const) {
        const path = join(folder, `drilled.${format}`);
        await dump(path, { format }, spec);
        const drill = await runDumpDrill(scratch.spec(), path, format);
        expect(drill).toMatchObject({ against: 'dump', tables: 2, rows: 120, differences: [] });
        await scratch.query('drop database drill');
      }
      const inserts = join(folder, 'drilled.inserts');
      const words = ['--inserts', '--rows-per-insert=7', `--file=${inserts}`, `--dbname=${urlOf('drilled')}`];
      execFileSync('pg_dump', words);
      const drill = await runDumpDrill(scratch.spec(), inserts, 'plain');
      expect(drill).toMatchObject({ tables: 2, rows: 120, differences: [] });
      await scratch.query('drop database drill');
      await rm(inserts);
      const plain = join(folder, 'drilled.plain');
      const text = await readFile(plain, 'utf8');
      await writeFile(
        plain,
        text.replace(/(?=--\n-- PostgreSQL database dump complete)/, 'delete from public.part where a = 3;\n\n'),
      );
      expect((await runDumpDrill(scratch.spec(), plain, 'plain')).differences).toEqual([
        'public.part has 69 rows; the dump has 70.',
      ]);
      await rm(plain);
      await rm(join(folder, 'drilled.custom'));
    } finally {
      await scratch.stop();
    }
  });

  test('its last statement fails: nothing has changed, and a database made for it is gone', async () => {
    const path = join(folder, 'failing.dump');
    await dump(path);
    await inDatabase(
      `od'd=x`,
      "create function no() returns event_trigger language plpgsql as $$ begin raise exception 'not here'; end $$; create event trigger no on ddl_command_end when tag in ('CREATE VIEW') execute function no()",
    );
    await expect(runPgRestore({ spec: server.spec(), path, choice: into(there) })).rejects.toThrow(/not here/);
    expect(
      await inDatabase(`od'd=x`, "select relname from pg_class where relnamespace = 'public'::regnamespace"),
    ).toEqual([]);
    const on = await runPgRestore({ spec: server.spec(), path, choice: into(there, { errors: 'continue', jobs: 1 }) });
    // The view, and then its owner.
    expect(on.failed).toBe(2);
    const stop = new AbortController();
    const brief = into({ kind: 'new', database: 'brief' });
    const cancelled = runPgRestore(
      { spec: server.spec(), path, choice: brief },
      { signal: stop.signal, onLine: () => stop.abort() },
    );
    await expect(cancelled).rejects.toThrow(/brief dropped again/);
    expect(await server.query("select from pg_database where datname = 'brief'")).toEqual([]);
    await rm(path);
  });

  test('one that dies, or ends well without a whole file, leaves nothing and is no backup', async () => {
    const programs = await mkdtemp(join(tmpdir(), 'howdah-false-'));
    const before = process.env.PATH;
    const program = async (name: string, text: string) => {
      await writeFile(join(programs, name), `#!/bin/sh\n${text}\n`);
      await chmod(join(programs, name), 0o755);
    };
    const real = (name: string) => execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
    const [realDump, realRestore] = [real('pg_dump'), real('pg_restore')];
    await program('pg_restore', `exec '${realRestore}' "$@"`);
    process.env.PATH = `${programs}:${before}`;
    try {
      const failed = async (format: 'custom' | 'plain', text: string) => {
        await program(
          'pg_dump',
          `case "$1" in --version) echo "pg_dump (PostgreSQL) 15.99"; exit 0;; esac
for word in "$@"; do case "$word" in --file=*) file="\${word#--file=}";; esac; done
${text}`,
        );
        return dump(join(folder, 'false.dump'), { format }).then(
          () => 'it did not fail',
          (thrown) => failureOf(thrown).message,
        );
      };
      expect(await failed('custom', 'echo PGDMP > "$file"; kill -9 $$')).toMatch(/was ended by SIGKILL/);
      // What compresses fails, and what writes finds the disk full: both inside of pg_dump.
      const squeezed = 'echo PGDMP > "$file"; echo "pg_dump: error: could not compress data: stream error" >&2; exit 1';
      expect(await failed('custom', squeezed)).toMatch(/ended with 1\. pg_dump: error: could not compress data/);
      const full = `ulimit -f 1; exec '${realDump}' "$@" --compress=0`;
      expect(await failed('plain', full)).toMatch(/SIGXFSZ|File too large|could not write/i);
      expect(await failed('custom', ': > "$file"')).toMatch(/pg_restore cannot read it to its end/);
      expect(await failed('plain', 'echo "-- PostgreSQL database dump" > "$file"')).toMatch(/no end/);
      expect(await failed('custom', 'echo "libpq.so.5: cannot open shared object file" >&2; exit 127')).toMatch(
        /a library that it needs, is missing\)\. libpq/,
      );
      expect((await readdir(folder)).filter((name) => name.includes('false'))).toEqual([]);
    } finally {
      process.env.PATH = before;
      await rm(programs, { recursive: true });
    }
  });

  test('nothing of the person’s environment reaches it', async () => {
    process.env.PGOPTIONS = '-c statement_timeout=1';
    const place = await toolPlace(server.spec());
    delete process.env.PGOPTIONS;
    expect(Object.keys(place.env)).not.toContain('PGOPTIONS');
    expect(JSON.stringify(place.env)).not.toContain(server.password);
    await place.close();
  });
});

test('the command line lists them', async () => {
  const cli = join(import.meta.dirname, '..', '..', 'electron', 'cli.ts');
  const child = spawn(process.execPath, [cli, 'backup', 'tools', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk;
  });
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(JSON.parse(out)).toMatchObject({ usable: expect.any(Array), broken: expect.any(Array) });
});
