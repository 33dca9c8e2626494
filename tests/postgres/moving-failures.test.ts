/**
 * What breaks while data moves, at the worst moment: each ends in a true word, an untouched target and no half file under
 * a final name. What else goes wrong is in backup-failures, backup-tools, transfer-import, transfer-script and full-disk.
 */
import { existsSync, readFileSync } from 'node:fs';
import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everything } from '../../electron/postgres/backup/dump/choice.ts';
import { nothingSpecial, type RestoreChoice } from '../../electron/postgres/backup/restore/request.ts';
import { runRestore } from '../../electron/postgres/backup/restore/run-restore.ts';
import { runScriptRestore } from '../../electron/postgres/backup/restore/run-script-restore.ts';
import { runBackup } from '../../electron/postgres/backup/run-backup.ts';
import { runDumpDrill } from '../../electron/postgres/backup/tools/run-dump-drill.ts';
import { runImport } from '../../electron/postgres/import/run-import.ts';
import { examineScript } from '../../electron/postgres/import/sql/examine-script.ts';
import type { ConnectSpec } from '../../electron/postgres/source.ts';
import { failureOf } from '../../shared/failure.ts';
import { scratchFolder } from '../fixtures/row-files.ts';
import { type CutProxy, cutProxy, type SeenMessage } from './cut-proxy.ts';
import { fileOf, importFile, planFor } from './import-world.ts';
import { exportQuery, openResultsWorld, outcome, type ResultsWorld } from './results-world.ts';
import { startServer, type TestServer, uniqueName } from './servers.ts';

let server: TestServer;
let world: ResultsWorld;
const folder = scratchFolder();
const oddTable = `"line\nbreak""'quote'"`;
beforeAll(async () => {
  server = await startServer(18);
  world = await openResultsWorld(() => server.spec());
  await server.query('create database whole');
  await inDatabase('whole', [
    `create table large as select i, repeat('x', 100) as text from generate_series(1, 5000) i`,
    `create table ${oddTable} as select i as "a\n""b" from generate_series(1, 3) i`,
  ]);
});
afterAll(async () => {
  await world?.close();
  await server?.stop();
});

async function inDatabase(database: string, statements: readonly string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ ...connectionOf(server), database });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const sql of statements) rows = (await client.query(sql)).rows;
    return rows;
  } finally {
    await client.end();
  }
}
const connectionOf = ({ host, port, user, password }: TestServer) => ({ host, port, user, password });
const failing = (work: Promise<unknown>) =>
  work.then(
    () => ({ kind: 'none', message: 'it did not fail' }),
    (thrown) => failureOf(thrown),
  );
/** Through a way that is cut at that message. */
async function cutAt<T>(at: (message: SeenMessage) => boolean, work: (proxy: CutProxy) => Promise<T>): Promise<T> {
  const proxy = await cutProxy(server.port, at);
  try {
    return await work(proxy);
  } finally {
    await proxy.close();
    expect(proxy.cuts).toBe(1);
  }
}
const backUp = (path: string, spec: ConnectSpec) =>
  runBackup({ spec, path, choice: everything, jobs: 1, level: 1, lockTimeoutMs: 5_000, program: 'test' });
const into = (target: RestoreChoice['target']): RestoreChoice => ({ ...nothingSpecial, target, jobs: 1 });
/** Who is told of no progress, and does not cancel. */
const nobody = [() => {}, () => false] as const;
const left = async (prefix: string) => (await readdir(folder)).filter((name) => name.includes(prefix));

describe('a link that is cut at the last byte', () => {
  test.each([
    ['the last row of the first table', 'c', 1],
    ['the end of the last table', 'C', 2],
  ] as const)('of %s: there is no backup', async (_, type, count) => {
    let seen = 0;
    const isIt = (message: SeenMessage) =>
      message.type === type && (type === 'c' || message.tag.startsWith('COPY')) && ++seen === count;
    const failure = await cutAt(isIt, (proxy) =>
      failing(backUp(join(folder, 'cut.hbk'), proxy.spec(server.spec({ database: 'whole' })))),
    );
    expect(failure).toMatchObject({ kind: 'connection', reason: 'lost' });
    expect(await left('cut')).toEqual([]);
  });

  test('of an export: there is no file', async () => {
    const path = join(folder, 'cut.csv');
    const end = await cutAt(
      ({ tag }) => /^(SELECT|COPY) 20000$/.test(tag),
      (proxy) =>
        outcome(
          exportQuery(world.results, proxy.spec(server.spec()), 'select i from generate_series(1, 20000) i', {
            format: 'csv',
            path,
          }),
        ),
    );
    expect(end).toMatchObject({ kind: 'failed', failure: { kind: 'connection' } });
    expect(await left('cut')).toEqual([]);
  });

  test('of a restore’s COMMIT: what became of it is called unknown, and can be asked', async () => {
    const path = join(folder, 'whole.hbk');
    await backUp(path, server.spec({ database: 'whole' }));
    await server.query('create database calm');
    const target = { kind: 'existing', database: 'calm', onExisting: 'refuse' } as const;
    const restore = (proxy: CutProxy, choice: RestoreChoice) =>
      failing(runRestore({ spec: proxy.spec(server.spec()), path, choice }));
    const isCopy = ({ tag }: SeenMessage) => tag.startsWith('COPY');
    const lost = await cutAt(isCopy, (proxy) => restore(proxy, into(target)));
    expect(lost).toMatchObject({ kind: 'connection', reason: 'lost' });
    const counted = `select count(*)::int as n from pg_class where relnamespace = 'public'::regnamespace`;
    expect(await inDatabase('calm', [counted])).toEqual([{ n: 0 }]);

    const unknown = await cutAt(
      ({ tag }) => tag === 'COMMIT',
      (proxy) => restore(proxy, into(target)),
    );
    expect(unknown).toMatchObject({ kind: 'outcomeUnknown', xid: expect.stringMatching(/^\d+$/) });
    const { xid } = unknown as { xid: string };
    expect(await inDatabase('calm', [`select pg_xact_status('${xid}') as is`])).toEqual([{ is: 'committed' }]);
    expect(await inDatabase('calm', [`select count(*)::int as n from ${oddTable}`])).toEqual([{ n: 3 }]);

    // Nobody can be reached to take the new database back: it is said, and which.
    const halfway = await cutAt(isCopy, (proxy) => restore(proxy, into({ kind: 'new', database: 'half' })));
    expect(halfway).toMatchObject({
      kind: 'outcomeUnknown',
      message: expect.stringMatching(
        /^The connection to the server was lost\. The database half_restoring is half restored/,
      ),
    });
    expect(await server.query(`select from pg_database where datname = 'half_restoring'`)).toHaveLength(1);
  });
});

test('a wrong password, and a folder that is not there, leave no backup', async () => {
  const spec = server.spec({ database: 'whole', password: 'wrong' });
  expect(await failing(backUp(join(folder, 'no.hbk'), spec))).toMatchObject({
    kind: 'connection',
    reason: 'passwordWrong',
  });
  expect(await left('no.')).toEqual([]);
  expect(await failing(backUp(join(folder, 'nowhere', 'no.hbk'), server.spec()))).toMatchObject({
    kind: 'invalid',
    message: expect.stringContaining('is not there'),
  });
});

test('what is left out is said of this database, not of the server’s others', async () => {
  const subscribe = `create subscription elsewhere connection 'host=nowhere' publication p with (connect = false)`;
  await inDatabase('whole', [subscribe]);
  const warned = async (database: string) =>
    (await backUp(join(folder, `${database}.warned`), server.spec({ database }))).manifest.warnings;
  expect(await warned('whole')).toEqual([expect.stringContaining('Subscriptions are not in the backup')]);
  expect(await warned('template1')).toEqual([]);
});

test('a file that is gone, is a folder or may not be read is said to be that', async () => {
  const [gone, locked] = [join(folder, 'gone.csv'), fileOf(folder, 'locked.csv', 'a\n1\n')];
  await chmod(locked, 0);
  const cases: [string, RegExp][] = [
    [gone, /^The file is not there any more\. Choose it again\. \(ENOENT\)$/],
    [folder, /^This is a folder, and a file is wanted\. \(EISDIR\)$/],
  ];
  // The superuser of a machine may read it all the same.
  if (process.getuid?.() !== 0)
    cases.push([locked, /^The user that Howdah runs as may not read this file\. \(EACCES\)$/]);
  const name = uniqueName('t');
  await server.query(`create table ${name} (a int)`);
  const plan = await planFor(fileOf(folder, 'there.csv', 'a\n1\n'), { table: name });
  const target = { kind: 'new', database: 'never' } as const;
  for (const [path, message] of cases) {
    const words = { kind: 'invalid', field: 'file', message: expect.stringMatching(message) };
    const task = { spec: server.spec(), from: path, plan, key: 'gone', rejectsPath: join(folder, 'rejects') };
    const stopped = { message: expect.stringContaining('Nothing was changed.') };
    expect(await failing(planFor(path, { table: 'never' }))).toMatchObject(words);
    expect((await runImport(task, ...nobody)).failure).toMatchObject({ ...words, ...stopped });
    expect(await failing(examineScript({ path, encoding: null }, ...nobody))).toMatchObject(words);
    expect(await failing(runScriptRestore({ spec: server.spec(), path, choice: into(target) }))).toMatchObject(words);
  }
  expect(await server.query(`select from pg_database where datname ~ 'never'`)).toEqual([]);
});

describe('a drill of a dump', () => {
  const drill = async (text: string) => {
    try {
      return await runDumpDrill(server.spec(), fileOf(folder, 'drill.sql', text), 'plain');
    } finally {
      await server.query('drop database if exists drill');
    }
  };
  /** As pg_dump writes it on a server of another time zone: an instant there is another text here. */
  const dumped = (last: string) => `--
-- PostgreSQL database dump
--

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.moment (id integer, at timestamp with time zone, twice integer GENERATED ALWAYS AS ((id * 2)) STORED);
CREATE TABLE public.word (a text);
CREATE TABLE public."t""x" (id integer GENERATED ALWAYS AS IDENTITY, b text, c integer GENERATED ALWAYS AS (1) STORED);
COPY public.moment (id, at) FROM stdin;
1\t2024-01-01 01:00:00+01
2\t\\N
\\.

COPY public.word (a) FROM stdin;
é
\\.

INSERT INTO public."t""x" OVERRIDING SYSTEM VALUE VALUES
\t(1, 'it''s ),(', DEFAULT),
\t(2, E'b\\\\', DEFAULT);
INSERT INTO public."t""x" (id, b) OVERRIDING SYSTEM VALUE VALUES (3, NULL);
${last}
--
-- PostgreSQL database dump complete
--
`;

  test('compares rows, of COPY and of INSERTs, whatever words the other server has for them', async () => {
    const done = await drill(dumped(''));
    expect(done).toMatchObject({ tables: 3, rows: 6, differences: [] });
    expect(done.notes).toEqual([
      'Compared with the dump: the rows of 3 tables, their number and their values.',
      expect.stringMatching(/^Not compared/),
    ]);
  });

  test('tells which are others, or others in number, than the dump has', async () => {
    const changes = `UPDATE public.moment SET at = at + '1 second'; UPDATE public.word SET a = 'e';
      UPDATE public."t""x" SET b = '' WHERE id = 3; `;
    expect((await drill(dumped(changes))).differences).toEqual(
      ['moment', 'word', '"t""x"'].map((name) => `The rows of public.${name} are not those of the dump.`),
    );
    const gone = await drill(dumped('DELETE FROM public."t""x" WHERE id = 2; DROP TABLE public.word;'));
    expect(gone.differences).toEqual([
      'Missing after the restore: table public.word.',
      'public."t""x" has 2 rows; the dump has 3.',
    ]);
  });

  test('is refused for a whole server, with the way out', async () => {
    const roles = dumped('CREATE ROLE never;').replace('database dump', 'database cluster dump');
    await expect(drill(roles)).rejects.toThrow(/^A dump of pg_dumpall .*Dump each database by itself/);
    expect(await server.query(`select from pg_roles where rolname = 'never'`)).toEqual([]);
  });
});

describe('a packed file', () => {
  const rows = Buffer.from(`a\n${Array.from({ length: 30_000 }, (_, at) => at * 7919).join('\n')}\n`);
  const zstd = (bytes: Buffer) => zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
  const changed = (bytes: Buffer): Buffer => {
    const copy = Buffer.from(bytes);
    const at = Math.floor(copy.length * 0.8);
    copy[at] = (copy[at] as number) ^ 0x10;
    return copy;
  };
  test('of several frames is imported to its end, as it was exported', async () => {
    const name = uniqueName('t');
    await server.query(`create table ${name} (a bigint)`);
    const path = fileOf(folder, 'rows.csv.zst', '');
    const sql = `select i::bigint * 1000000007 as a from generate_series(1, 200000) i`;
    await outcome(exportQuery(world.results, server.spec(), sql, { format: 'csv', compression: 'zstd', path }));
    expect(await importFile(server.spec(), path, { table: name })).toMatchObject({ read: 200_000, failure: null });
    const [sum] = await server.query(`select count(distinct a)::int as n from ${name}`);
    expect(sum).toEqual({ n: 200_000 });
  });

  test.each([
    ['gzip', 'gz', gzipSync],
    ['zstd', 'zst', zstd],
  ] as const)('of %s with a byte changed, or cut off, imports nothing and runs nothing', async (_, ending, pack) => {
    const name = uniqueName('t');
    await server.query(`create table ${name} (a bigint)`);
    const script = Buffer.concat([Buffer.from(`copy ${name} from stdin;\n`), rows.subarray(2), Buffer.from('\\.\n')]);
    for (const spoil of [changed, (bytes: Buffer) => bytes.subarray(0, -9)]) {
      const file = fileOf(folder, `rows.csv.${ending}`, spoil(pack(rows)));
      // A small one is known when it is looked at already.
      const failure = await importFile(server.spec(), file, { table: name }).then((done) => done.failure, failureOf);
      expect(failure).toMatchObject({ kind: 'invalid', message: expect.stringContaining('damaged or cut off') });
      const dump = fileOf(folder, `dump.sql.${ending}`, spoil(pack(script)));
      const examined = examineScript({ path: dump, encoding: null }, ...nobody);
      expect(await failing(examined)).toMatchObject({ message: expect.stringContaining('damaged or cut off') });
    }
    expect(await server.query(`select from ${name}`)).toEqual([]);
  });
});

test('what comes out of a damaged file is nonsense, and is not tried row by row', async () => {
  const name = uniqueName('t');
  await server.query(`create table ${name} (a bigint, b text)`);
  const lines = Array.from({ length: 100_000 }, (_, at) => `x${at * 7919},some text ${at}`);
  const bytes = gzipSync(`a,b\n${lines.join('\n')}\n`);
  // Of its checksum.
  bytes.writeUInt32LE(0, bytes.length - 8);
  const rules = { trim: true, nullWords: [], replace: [], dateFormat: null, expression: null };
  const columns = ['a', 'b'].map((target, source) => ({ source, target, rules }));
  for (const onError of ['reject', 'stop'] as const) {
    const wish = { table: name, columns, batchRows: 1000, onError };
    const done = await importFile(server.spec(), fileOf(folder, 'rows.csv.gz', bytes), wish);
    expect(done.failure).toMatchObject({ field: 'file', message: expect.stringContaining('damaged or cut off') });
    expect(done.rejects.length).toBeLessThan(50);
  }
  expect(await server.query(`select from ${name}`)).toEqual([]);
});

test('an archive whose entries lie outside of it is read by its directory alone: nothing is unpacked', async () => {
  const book = join(folder, 'book.xlsx');
  await outcome(exportQuery(world.results, server.spec(), 'select 1 as a', { format: 'xlsx', path: book }));
  const [sheet, outside] = ['xl/worksheets/sheet1.xml', '../../howdah-outside.xml'];
  const bytes = readFileSync(book).toString('latin1');
  expect(bytes.split(sheet).length).toBeGreaterThan(2);
  const path = fileOf(folder, 'slip.xlsx', Buffer.from(bytes.replaceAll(sheet, outside), 'latin1'));
  await expect(planFor(path, { table: 'never' })).rejects.toThrow('The workbook has no sheet.');
  // An archive of another kind, with such names in it.
  const other = bytes.replaceAll('xl/workbook.xml', '../workbook.xml');
  const archive = fileOf(folder, 'slip.zip', Buffer.from(other, 'latin1'));
  await expect(planFor(archive, { table: 'never' })).rejects.toThrow('no workbook');
  for (const from of [path, archive]) {
    expect(await readdir(join(from, '..'))).toHaveLength(1);
    expect(existsSync(join(from, '..', outside))).toBe(false);
  }
});

test('a bare quote is one row’s trouble, and a table dropped meanwhile is named', async () => {
  const name = uniqueName('t');
  await server.query(`create table ${name} (a text, b int)`);
  const file = fileOf(folder, 'bare.csv', 'a,b\n5" disk,1\nit\'s,2\nplain,3\n');
  const done = await importFile(server.spec(), file, { table: name });
  expect(done.inserted + done.updated + done.rejected).toBe(done.read);
  expect(done).toMatchObject({ inserted: 0, rejected: 1, failure: null });
  expect(done.rejects[0]?.reason).toBe('A quote is opened and not closed.');
  const plain = await importFile(server.spec(), file, { table: name, dialect: { quote: '~', escape: '~' } as never });
  expect(plain).toMatchObject({ inserted: 3, rejected: 0, failure: null });
  await server.query(`drop table ${name}`);
  const gone = await importFile(server.spec(), file, { table: name });
  expect(gone.failure).toMatchObject({ kind: 'postgres', sqlstate: '42P01', message: expect.stringContaining(name) });
});
