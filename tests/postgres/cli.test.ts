/** The command line as scripts use it: what it writes where, and how it ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from './servers.ts';

const cli = join(import.meta.dirname, '..', '..', 'electron', 'cli.ts');
let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startServer(18);
  folder = await mkdtemp(join(tmpdir(), 'howdah-cli-'));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** In the select list, where the server does not put the rows together first. */
const endlessSql = 'select generate_series(1, 1000000000000) as n';

/** Nothing of this machine's own connection settings. */
const bare = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PG')));
const start = (args: readonly string[], env: Record<string, string> = {}) =>
  spawn(process.execPath, [cli, ...args], {
    env: { ...bare, HOME: folder, HOWDAH_DATA: join(folder, 'data'), ...env },
  });

async function howdah(args: readonly string[], env: Record<string, string> = {}) {
  const child = start(args, env);
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const [code] = await once(child, 'close');
  return { code, stdout: Buffer.concat(output).toString(), stderr: Buffer.concat(errors).toString() };
}
const query = (sql: string, format = 'csv') => howdah(['query', '--url', server.url, '--format', format, sql]);

describe('query', () => {
  it('writes csv, json, ndjson and a table', async () => {
    const sql = `select 1 as a, 'x,"y' as b, null as c, '' as d, 1.50::numeric as e`;
    expect(await query(sql)).toEqual({ code: 0, stdout: 'a,b,c,d,e\n1,"x,""y",,"",1.50\n', stderr: '' });
    expect(JSON.parse((await query(sql, 'json')).stdout)).toEqual([{ a: 1, b: 'x,"y', c: null, d: '', e: 1.5 }]);
    expect((await query(sql, 'ndjson')).stdout).toBe('{"a":1,"b":"x,\\"y","c":null,"d":"","e":1.50}\n');
    const table = await query(`select 1 as number, E'\\x1b[31mred\\n' as text union all select 20, null`, 'table');
    expect(table.stdout).toBe(
      'number | text\n-------+----------------\n     1 | \\u{1b}[31mred\\n\n    20 | ∅\n(2 rows)\n',
    );
  });
  it('--read-only runs what only reads, and sends nothing else', async () => {
    await server.query('create table kept (a int); insert into kept values (1); create sequence numbers');
    const careful = (sql: string) => howdah(['query', '--url', server.url, '--format', 'csv', '--read-only', sql]);
    expect(await careful('select a from kept')).toEqual({ code: 0, stdout: 'a\n1\n', stderr: '' });
    expect(await careful('show transaction_read_only')).toMatchObject({ stdout: 'transaction_read_only\non\n' });
    for (const sql of [
      'delete from kept',
      "select nextval('numbers')",
      'set transaction read write',
      'select 1; select 2',
    ]) {
      const { code, stdout, stderr } = await careful(sql);
      expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(/^howdah: .*read-only/)]);
    }
    expect(await server.query('select (select count(*)::int from kept) as n, is_called from numbers')).toEqual([
      { n: 1, is_called: false },
    ]);
  });
  it('says what a statement without rows did, on standard error', async () => {
    expect(await query('create temp table t (a int)')).toEqual({ code: 0, stdout: '', stderr: 'CREATE TABLE\n' });
    expect((await query(`do $$ begin raise notice 'hello'; end $$`)).stderr).toBe('NOTICE: hello\nDO\n');
    expect(await query('select 1 as a where false')).toMatchObject({ code: 0, stdout: 'a\n' });
    expect(await query('copy (values (1, null), (2, $q$a\tb$q$)) to stdout')).toMatchObject({
      stdout: '1\t\\N\n2\ta\\tb\n',
    });
  });
  it('ends with 1 and says the SQLSTATE, the place and the message', async () => {
    const failed = await query('select *\nfrom nothing_here');
    expect(failed).toEqual({
      code: 1,
      stdout: '',
      stderr: 'ERROR 42P01 at 15: relation "nothing_here" does not exist\n',
    });
    expect((await query('select 1; select 2')).stderr).toMatch(/^ERROR 42601: cannot insert multiple commands/);
    expect((await query('copy pg_class from stdin')).code).toBe(1);
    const late = await query('select 1 / (3 - n) as a from generate_series(1, 5) n');
    expect(late).toMatchObject({ code: 1, stderr: 'ERROR 22012: division by zero\n' });
  });
  it('takes what the URL leaves open from the variables and the password file', async () => {
    const { host, port, user, password } = server;
    const variables = {
      PGHOST: host,
      PGPORT: String(port),
      PGUSER: user,
      PGPASSWORD: password,
      PGDATABASE: 'postgres',
    };
    const args = ['query', '--format', 'csv', 'select current_database() as d'];
    expect(await howdah(args, variables)).toMatchObject({ code: 0, stdout: 'd\npostgres\n' });
    const url = `postgres://${user}@${host}:${port}/template1`;
    const withUrl = [...args.slice(0, 1), '--url', url, ...args.slice(1)];
    expect(await howdah(withUrl, { PGPASSWORD: password, PGHOST: 'elsewhere.invalid' })).toMatchObject({
      stdout: 'd\ntemplate1\n',
    });
    const passfile = join(folder, '.pgpass');
    await writeFile(passfile, `${host}:${port}:*:${user}:${password.replace(/[\\:]/g, '\\$&')}\n`);
    await chmod(passfile, 0o600);
    expect(await howdah(withUrl)).toMatchObject({ code: 0, stdout: 'd\ntemplate1\n' });
    await chmod(passfile, 0o644);
    expect(await howdah(withUrl)).toMatchObject({ code: 1 });
  });
  it('never says a password', async () => {
    const wrong = new URL(server.url);
    wrong.password = 'wrong-secret-word';
    const failed = await howdah(['query', '--url', wrong.href, 'select 1']);
    expect(failed.code).toBe(1);
    expect(failed.stderr).not.toContain('wrong-secret-word');
    expect(failed.stderr).toMatch(/password/i);
  });
  it('streams a million rows in little memory, and is quiet when the reader goes', async () => {
    const sql = `select n, repeat('x', 100) as t from generate_series(1, 1000000) n`;
    const child = start(['query', '--url', server.url, '--format', 'csv', sql]);
    let bytes = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    expect((await once(child, 'close'))[0]).toBe(0);
    expect(bytes).toBe('n,t\n'.length + 5_888_896 + 1_000_000 * 102);

    const endless = start(['query', '--url', server.url, '--format', 'csv', endlessSql]);
    let said = '';
    endless.stderr.on('data', (chunk) => {
      said += chunk;
    });
    await once(endless.stdout, 'data');
    endless.stdout.destroy();
    expect((await once(endless, 'close'))[0]).toBe(0);
    expect(said).toBe('');
    await expectNothingRuns();
  });
  it('cancels at the server when interrupted, also while the reader sleeps', async () => {
    const child = start(['query', '--url', server.url, '--format', 'csv', endlessSql]);
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    await once(child.stdout, 'readable');
    child.kill('SIGINT');
    // Then all that it said has been heard, too.
    const closed = once(child, 'close');
    // The rest of what was under way.
    child.stdout.resume();
    expect((await closed)[0]).toBe(1);
    expect(said).toBe('ERROR 57014: canceling statement due to user request\n');
    await expectNothingRuns();
  });

  async function expectNothingRuns() {
    const running = `select count(*)::int as n from pg_stat_activity where state = 'active' and query like '%1000000000000%' and pid <> pg_backend_pid()`;
    await expect.poll(async () => (await server.query<{ n: number }>(running))[0]?.n).toBe(0);
  }
});

describe('test', () => {
  it('prints the check as JSON', async () => {
    const { code, stdout } = await howdah(['test', '--url', server.url]);
    expect(code).toBe(0);
    const { ok, steps, check } = JSON.parse(stdout);
    expect(ok).toBe(true);
    expect(steps.map((step: { step: string }) => step.step)).toEqual(expect.arrayContaining(['tcp', 'auth', 'query']));
    expect(check).toMatchObject({ role: 'postgres', standby: false, database: 'postgres' });
    expect(check.roundTripsMs.all).toHaveLength(5);
    expect(stdout).not.toContain(server.password);
  });
  it('prints what failed and ends with 1', async () => {
    const { code, stdout } = await howdah(['test', '--url', 'postgres://a@127.0.0.1:1/b']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, failure: { kind: 'connection', reason: 'refused' } });
  });
});

describe('how it is called', () => {
  it.each([
    [['nope']],
    [['query', '--what', 'select 1']],
    [['query', '--format', 'xml', 'select 1']],
    [['query']],
    [['query', 'select', '1']],
    [['query', 'select 1']],
    [['test']],
    [['test', '--url', '']],
    [['serve', '--port', '99999']],
    [['serve', '--port', 'x']],
  ])('%j is refused with the usage', async (args) => {
    const { code, stdout, stderr } = await howdah(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('Usage: howdah <command>');
  });
  it('explains itself', async () => {
    expect(await howdah(['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage: howdah') });
    expect((await howdah(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('export and import', () => {
  it('carry a table over, refuse a second time, and update by a key', async () => {
    await server.query(`create table carried (id int primary key, note text);
      insert into carried select i, 'n,' || i from generate_series(1, 1000) i; create table there (like carried including all)`);
    const file = join(folder, 'carried.csv.gz');
    const url = ['--url', server.url];
    const gone = await howdah(['export', ...url, '--table', 'carried', '--compression', 'gzip', file]);
    expect(gone).toMatchObject({ code: 0, stderr: expect.stringMatching(/^1000 rows, \d+ bytes\n$/) });
    const into = ['import', ...url, '--table', 'there'];
    const counts = (words: string) => ({ code: 0, stderr: `${words}\n` });
    expect(await howdah([...into, file])).toMatchObject(counts('1000 read, 1000 inserted, 0 updated, 0 rejected'));
    expect(await howdah([...into, file])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ERROR 23505: Line 2'),
    });
    expect(await howdah([...into, '--key', 'id', file])).toMatchObject(
      counts('1000 read, 0 inserted, 1000 updated, 0 rejected'),
    );
    const [same] = await server.query('select count(*)::int as n from carried c join there t using (id, note)');
    expect(same).toEqual({ n: 1000 });
    expect((await howdah(['export', ...url, file])).code).toBe(2);
    const asCopy = ['--no-header', '--delimiter', ';', '--null', '-', '--quote', "'", '--force-quote', 'b', '--crlf'];
    const written = ['export', ...url, '--query', "select 1 as a, 'it''s' as b, null as c", ...asCopy, file];
    expect((await howdah(written)).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe("1;'it''s';-\r\n");
    expect(await howdah(['export', ...url, '--query', 'select 1', '--delimiter', 'ab', file])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('delimiter'),
    });
    const copied = ['copy', '--from', server.url, '--to', server.url, '--table', 'carried', '--into', 'copied'];
    expect(await howdah([...copied, '--create'])).toMatchObject(
      counts('1000 read, 1000 inserted, 0 updated, 0 rejected\nboth sides have the same 1000 rows'),
    );
    expect((await howdah(copied.slice(0, -2))).code).toBe(1);
  });

  it('run a script, and say what is in one', async () => {
    const file = join(folder, 'script.sql');
    await writeFile(file, 'create table scripted (id int);\ncopy scripted from stdin;\n1\n2\n\\.\n');
    const url = ['--url', server.url];
    const tried = await howdah(['import', ...url, '--dry-run', file]);
    expect(tried).toMatchObject({ code: 0, stdout: '        1  create table\n        1  copy\n' });
    expect(await howdah(['import', ...url, file])).toMatchObject({
      code: 0,
      stderr: '2 statements, 0 failed, 2 rows\n',
    });
    await writeFile(file, 'drop table scripted;\n\\! echo here\n');
    const refused = await howdah(['import', ...url, '--each', file]);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('Line 2: \\! is a command of psql') });
    expect(await server.query('select count(*)::int as n from scripted')).toEqual([{ n: 2 }]);
  });
});
