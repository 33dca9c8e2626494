/** What goes wrong with a backup or a restore is said as it is; nothing half stands under a name, and no target is touched. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyArchive } from '../../electron/postgres/backup/archive/verify.ts';
import { everything } from '../../electron/postgres/backup/dump/choice.ts';
import type { WorkTold } from '../../electron/postgres/backup/progress.ts';
import { nothingSpecial, type RestoreChoice } from '../../electron/postgres/backup/restore/request.ts';
import { runRestore } from '../../electron/postgres/backup/restore/run-restore.ts';
import { type BackupRequest, runBackup } from '../../electron/postgres/backup/run-backup.ts';
import { failureOf } from '../../shared/failure.ts';
import { startServer, type TestServer } from './servers.ts';

const cli = join(import.meta.dirname, '..', '..', 'electron', 'cli.ts');
let server: TestServer;
let folder: string;
/** A sound archive of the database `whole`. */
let sound: string;

beforeAll(async () => {
  server = await startServer(18);
  folder = await mkdtemp(join(tmpdir(), 'howdah-backup-'));
  await database('whole', [
    'create table first (id int primary key, text text)',
    "insert into first select i, md5(i::text) || E'\\n\\\\!\\ttab' from generate_series(1, 30000) i",
    'create table second (id int references first)',
    'insert into second select 5',
    'create view seen as select * from first',
    'grant select on seen to public',
  ]);
  sound = join(folder, 'sound.hbk');
  await backUp('whole', { path: sound });
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function client(name: string): Promise<pg.Client> {
  const { host, port, user, password } = server;
  const made = new pg.Client({ host, port, user, password, database: name });
  made.on('error', () => {});
  await made.connect();
  return made;
}
async function database(name: string, statements: readonly string[]): Promise<void> {
  await server.query(`create database ${name}`);
  const made = await client(name);
  for (const sql of statements) await made.query(sql);
  await made.end();
}
const backUp = (name: string, more: Partial<BackupRequest> = {}, told: WorkTold = {}) =>
  runBackup(
    {
      spec: server.spec({ database: name }),
      path: join(folder, `${name}.hbk`),
      choice: everything,
      jobs: 2,
      level: 1,
      lockTimeoutMs: 120_000,
      program: 'test',
      ...more,
    },
    told,
  );
const restore = (path: string, choice: Pick<RestoreChoice, 'target'> & Partial<RestoreChoice>, told: WorkTold = {}) =>
  runRestore({ spec: server.spec(), path, choice: { ...nothingSpecial, ...choice } }, told);
const refused = (promise: Promise<unknown>) =>
  promise.then(
    () => 'it did not fail',
    (thrown) => failureOf(thrown).message,
  );
const databases = async () => (await server.query('select datname from pg_database')).map(({ datname }) => datname);
const left = async (prefix: string) => (await readdir(folder)).filter((name) => name.includes(prefix));

/** A backup waits behind somebody's lock; a program of its own takes seconds to come so far. */
const waitingForLock = () =>
  expect
    .poll(() =>
      server.query(
        "select from pg_stat_activity where application_name = 'howdah: backup' and wait_event_type = 'Lock'",
      ),
    )
    .toHaveLength(1);

describe('a backup', () => {
  test('names the tables that the role may not read, and those whose rows would be hidden', async () => {
    await database('rights', [
      'create table closed (a int); create table guarded (a int); alter table guarded enable row level security',
      "create role reader login password 'x'; grant select on guarded to reader",
    ]);
    const spec = server.spec({ database: 'rights', user: 'reader', password: 'x' });
    expect(await refused(backUp('rights', { spec }))).toContain('may not read public.closed');
    await server.query('grant pg_read_all_data to reader');
    expect(await refused(backUp('rights', { spec }))).toContain('Row security would hide rows of public.guarded');
    const choice = { ...everything, withoutRowsOf: ['public.guarded'] };
    expect((await backUp('rights', { spec, choice })).manifest.whole).toBe(false);
    expect(await left('.part')).toEqual([]);
  });

  test('says that a table was dropped while it began, and which lock it could not get', async () => {
    await database('gone', ['create table vanishing (a int)']);
    const other = await client('gone');
    await other.query('begin; drop table vanishing');
    expect(await refused(backUp('gone', { lockTimeoutMs: 100 }))).toContain('locked by somebody else');
    const failing = refused(backUp('gone'));
    await waitingForLock();
    await other.query('commit');
    expect(await failing).toContain('dropped or renamed while the backup began');
    await other.end();
    expect(await left('gone')).toEqual([]);
  });

  test('cancelled or cut off half way leaves no file', async () => {
    const stop = new AbortController();
    const cancelled = backUp(
      'whole',
      { path: join(folder, 'half.hbk') },
      { signal: stop.signal, onProgress: ({ step }) => step === 'copying' && stop.abort() },
    );
    expect(await refused(cancelled)).toBe('The backup was cancelled. Nothing is left of it.');
    const other = await client('whole');
    await other.query('begin; lock table second');
    const lost = refused(backUp('whole', { path: join(folder, 'half.hbk') }));
    await waitingForLock();
    await server.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'howdah: backup'",
    );
    expect(await lost).toMatch(/terminat|lost/i);
    await other.end();
    expect(await left('half')).toEqual([]);
  });

  test.skipIf(process.platform === 'win32')('a full disk, and a kill, leave nothing under its name', async () => {
    const path = join(folder, 'full.hbk');
    const args = [cli, 'backup', 'run', '--url', server.url.replace(/\/[^/]*$/, '/whole'), '--to', path];
    const full = spawn('/bin/sh', ['-c', 'ulimit -f 200 && exec "$@"', 'sh', process.execPath, ...args]);
    let said = '';
    full.stderr.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    const [code] = await once(full, 'close');
    expect([code, said]).toEqual([1, expect.stringContaining('largest size that is allowed')]);
    expect(await left('full')).toEqual([]);

    const other = await client('whole');
    await other.query('begin; lock table second');
    const killed = spawn(process.execPath, args, { stdio: 'ignore' });
    try {
      await waitingForLock();
    } finally {
      killed.kill('SIGKILL');
      await once(killed, 'close');
      await other.end();
    }
    expect(await left('full')).toEqual([expect.stringMatching(/^\.full.*\.part$/)]);
  });
});

describe('an archive', () => {
  test('with a byte changed, cut off, or of something else is refused, and no database is made for it', async () => {
    const { size } = await stat(sound);
    for (const at of [2, 17, 40, Math.floor(size / 2), size - 200, size - 30, size - 3]) {
      const path = join(folder, `bad-${at}.hbk`);
      await copyFile(sound, path);
      const file = await open(path, 'r+');
      const byte = Buffer.alloc(1);
      await file.read(byte, 0, 1, at);
      await file.write(Buffer.from([(byte[0] as number) ^ 1]), 0, 1, at);
      await file.close();
      expect(await refused(verifyArchive(path)), `byte ${at} of ${size}`).toMatch(/damaged|not a backup/);
      expect(await refused(restore(path, { target: { kind: 'new', database: 'never' } }))).toMatch(
        /damaged|not a backup/,
      );
      await rm(path);
    }
    const short = join(folder, 'short.hbk');
    await writeFile(short, (await readFile(sound)).subarray(0, size - 1));
    expect(await refused(verifyArchive(short))).toContain('no end');
    await writeFile(short, '-- PostgreSQL database dump\n\\! touch /tmp/never\n');
    expect(await refused(verifyArchive(short))).toMatch(/not a backup of this program.*commands of psql in it \(\\!\)/);
    await writeFile(short, 'PGDMP and more');
    expect(await refused(verifyArchive(short))).toContain('archive of pg_dump');
    const newer = await readFile(sound);
    newer.writeUInt32BE(9, 8);
    await writeFile(short, newer);
    expect(await refused(verifyArchive(short))).toContain('newer Howdah');
    expect(await databases()).not.toContain('never');
  });
});

describe('a restore', () => {
  test('whose last statement fails changes nothing', async () => {
    await database('target', [
      'create table kept as select 1 as a',
      `create function no() returns event_trigger language plpgsql as $$ begin raise exception 'not here'; end $$`,
      "create event trigger no on ddl_command_end when tag in ('GRANT') execute function no()",
    ]);
    const into = { kind: 'existing', database: 'target', onExisting: 'refuse' } as const;
    expect(await refused(restore(sound, { target: into }))).toContain('not here');
    const found = await client('target');
    const tables = () =>
      found.query("select relname from pg_class where relnamespace = 'public'::regnamespace order by 1");
    expect((await tables()).rows).toEqual([{ relname: 'kept' }]);
    // Item by item, what came before stays and is counted.
    const told = await restore(sound, { target: into, errors: 'continue' });
    expect(told.failures.map(({ failure }) => failure.message)).toEqual([expect.stringContaining('not here')]);
    expect(told.rows).toBe(30_001);
    await found.end();
  });

  test('refuses what is there, leaves it, or replaces it, as chosen', async () => {
    await database('taken', ["create table first as select 'mine' as own", 'create view over as select * from first']);
    const into = (onExisting: 'refuse' | 'skip' | 'replace') =>
      ({ kind: 'existing', database: 'taken', onExisting }) as const;
    expect(await refused(restore(sound, { target: into('refuse') }))).toContain('public.first');
    const found = await client('taken');
    const count = async (table: string) => Number((await found.query(`select count(*) as n from ${table}`)).rows[0].n);
    expect(await count('first')).toBe(1);
    await restore(sound, { target: into('replace') });
    expect(await count('first')).toBe(30_000);
    expect(await refused(found.query('select from over'))).toContain('does not exist');
    await found.query('drop table second; delete from first where id <> 5');
    await restore(sound, { target: into('skip') });
    expect([await count('first'), await count('second')]).toEqual([1, 1]);
    await found.end();
  });

  test('cancelled half way drops the database it made, or rolls back', async () => {
    const stopped = (target: RestoreChoice['target']) => {
      const stop = new AbortController();
      return refused(
        restore(
          sound,
          { target },
          { signal: stop.signal, onProgress: ({ step, bytes }) => step === 'copying' && bytes > 0 && stop.abort() },
        ),
      );
    };
    expect(await stopped({ kind: 'new', database: 'brief' })).toContain('dropped again');
    expect((await databases()).filter((name) => name.startsWith('brief'))).toEqual([]);
    await database('calm', []);
    expect(await stopped({ kind: 'existing', database: 'calm', onExisting: 'refuse' })).toContain(
      'Nothing has changed',
    );
    const found = await client('calm');
    expect((await found.query("select from pg_class where relnamespace = 'public'::regnamespace")).rows).toEqual([]);
    await found.end();
  });

  test('killed half way leaves nothing under the name of its database', async () => {
    // Its index takes an hour to build wherever something is restored.
    await database('slow', [
      `create function slowly(n int) returns int immutable language plpgsql
        as $$ begin if current_database() ~ 'restoring' then perform pg_sleep(3600); end if; return n; end $$`,
      'create table thing (id int)',
      'create index on thing (slowly(id))',
      'insert into thing values (1)',
    ]);
    await backUp('slow');
    const path = join(folder, 'slow.hbk');
    const killed = spawn(process.execPath, [cli, 'backup', 'restore', path, '--url', server.url, '--new', 'killed'], {
      stdio: 'ignore',
    });
    const sleeping = () =>
      server.query(
        "select from pg_stat_activity where datname = 'killed_restoring' and wait_event = 'PgSleep' and backend_type = 'client backend'",
      );
    try {
      await expect.poll(sleeping).toHaveLength(1);
    } finally {
      killed.kill('SIGKILL');
      await once(killed, 'close');
    }
    expect((await databases()).filter((name) => name.startsWith('killed'))).toEqual(['killed_restoring']);
    const again = () => refused(restore(path, { target: { kind: 'new', database: 'killed' } }));
    expect(await again()).toContain('There is a database killed_restoring');
  });

  test('takes other roles in the place of those that are not there', async () => {
    await server.query('create role "Odd ""one"; create role reads');
    await database('owned', [
      'create table thing (a int); alter table thing owner to "Odd ""one"; grant select on thing to reads',
      'alter table thing enable row level security; create policy p on thing to reads using (true)',
      'alter default privileges for role "Odd ""one" grant select on tables to reads',
    ]);
    await backUp('owned');
    await server.query('drop owned by reads, "Odd ""one"').catch(() => {});
    const there = await client('owned');
    await there.query('drop table thing; drop owned by reads, "Odd ""one"');
    await there.end();
    await server.query('drop role "Odd ""one"; drop role reads; create role stand_in');
    const path = join(folder, 'owned.hbk');
    await restore(path, {
      target: { kind: 'new', database: 'again' },
      missingRoles: 'current',
      roles: { reads: 'stand_in' },
    });
    const found = await client('again');
    const { rows } = await found.query(
      `select pg_get_userbyid(relowner) as owner, relacl::text as acl, (select polroles::regrole[]::text from pg_policy) as policy,
        (select pg_get_userbyid(defaclrole) || defaclacl::text from pg_default_acl) as later from pg_class where relname = 'thing'`,
    );
    expect(rows).toEqual([
      {
        owner: 'postgres',
        acl: '{postgres=arwdDxtm/postgres,stand_in=r/postgres}',
        policy: '{stand_in}',
        later: 'postgres{postgres=arwdDxtm/postgres,stand_in=r/postgres}',
      },
    ]);
    await found.end();
  });
});

test('the command line: run, list, verify, restore and SQL for psql', async () => {
  const howdah = async (...args: string[]) => {
    const child = spawn(process.execPath, [cli, 'backup', ...args]);
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk;
    });
    const [code] = await once(child, 'close');
    return { code, out, err };
  };
  const url = (name: string) => server.url.replace(/\/[^/]*$/, `/${name}`);
  const place = await mkdtemp(join(folder, 'place-'));
  const ran = await howdah('run', '--url', url('whole'), '--to', place, '--json');
  expect(ran).toMatchObject({ code: 0, err: '' });
  const { file, rows } = JSON.parse(ran.out);
  expect(rows).toBe(30_001);
  expect((await howdah('list', place)).out).toContain(file);
  expect((await howdah('list', file)).out).toContain('rows public.first  30,000 rows');
  expect(await howdah('verify', file)).toMatchObject({ code: 0 });
  expect(await howdah('restore', file, '--url', url('whole'), '--into', 'whole', '--plan')).toMatchObject({
    code: 1,
    out: expect.stringContaining('CANNOT BEGIN'),
  });
  expect(await howdah('restore', file, '--url', url('postgres'), '--new', 'from_cli')).toMatchObject({
    code: 0,
    err: '',
  });
  const sql = await howdah('sql', file);
  expect(sql.out).toContain('\\set ON_ERROR_STOP on');
  expect(sql.out.split('\n').filter((line) => line.endsWith('\\n\\\\!\\ttab'))).toHaveLength(30_000);
  expect(await databases()).toContain('from_cli');
});
