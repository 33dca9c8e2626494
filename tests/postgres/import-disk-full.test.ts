/** A disk that fills up during an import: the one with the program's own files, and the server's. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverUser } from '../../electron/features/sample/server-user.ts';
import { runImport } from '../../electron/postgres/import/run-import.ts';
import { scratchFolder } from '../fixtures/row-files.ts';
import { fileOf, importFile, planFor, type Wish } from './import-world.ts';
import { startServer, type TestServer } from './servers.ts';

let server: TestServer;
const folder = scratchFolder();
beforeAll(async () => {
  // From 16 on a table may grow by fallocate, which a limit of the process refuses with another error.
  server = await startServer(15);
});
afterAll(() => server?.stop());

const countOf = async (table: string) =>
  (await server.query(`select count(*)::int as n, coalesce(sum(id), 0)::text as s from ${table}`))[0];
const stays = 'The batches before are in the table; the same import goes on from there.';

describe.skipIf(!existsSync('/dev/full'))('the disk with the file of rejected rows', () => {
  const refused = (rejectsPath: string, file: string, wish: Wish) =>
    planFor(file, wish).then((plan) =>
      runImport(
        { spec: server.spec(), from: file, plan, key: wish.table, rejectsPath },
        () => {},
        () => false,
      ),
    );

  it('is said to be full; the table is as it was, or goes on where it was when there is room again', async () => {
    await server.query('create table once (id int primary key); create table parts (id int primary key)');
    const rows = Array.from({ length: 5000 }, (_, at) => (at === 2500 ? 'x' : at));
    const file = fileOf(folder, 'rows.csv', `id\n${rows.join('\n')}\n`);
    const words = (rest: string) => ({
      kind: 'invalid',
      field: 'rejects',
      message: `The rejected rows cannot be kept: The disk with Howdah's own data is full. Make room there, then import again. (ENOSPC). ${rest}`,
    });
    expect((await refused('/dev/full', file, { table: 'once' })).failure).toEqual(words('Nothing was changed.'));
    expect(await countOf('once')).toEqual({ n: 0, s: '0' });
    const wish = { table: 'parts', transaction: 'batches', batchRows: 1000 } as const;
    expect((await refused('/dev/full', file, wish)).failure).toEqual(words(stays));
    expect(await countOf('parts')).toMatchObject({ n: 2000 });
    const path = `${file}.rejects`;
    expect(await refused(path, file, wish)).toMatchObject({
      failure: null,
      resumed: 2000,
      inserted: 4999,
      rejected: 1,
    });
    expect(await countOf('parts')).toEqual({ n: 4999, s: String((4999 * 5000) / 2 - 2500) });
    expect(readFileSync(path, 'utf8')).toMatch(/^record,line,reason,id\n2501,2502,[^\n]*,x\n$/);
  });
});

const prlimit = '/usr/bin/prlimit';

/** The server's own processes may write no file beyond this: it then says what it says of a full disk. */
async function limitFiles(bytes: number | 'unlimited'): Promise<void> {
  const [pid = ''] = readFileSync(path.join(server.dataFolder, 'postmaster.pid'), 'utf8').split('\n');
  // As whoever runs it: root in a container may not do it for others.
  const user = await serverUser();
  // The soft limit alone: who runs this may have a hard one, which only root may raise.
  await promisify(execFile)(prlimit, ['--pid', pid, `--fsize=${bytes}:`], user ?? {});
}

describe.skipIf(!existsSync(prlimit))("the server's disk", () => {
  it('is said to be full; nothing of one transaction stays, and batches go on when there is room again', async ({
    skip,
  }) => {
    const may = await limitFiles('unlimited').then(
      () => true,
      () => false,
    );
    if (!may) return skip('no limit may be set here');
    await server.query('create table once_full (id int, t text); create table parts_full (id int, t text)');
    const rows = 24_000;
    const note = 'n'.repeat(1000);
    const lines = Array.from({ length: rows }, (_, at) => `${at},${note}`).join('\n');
    const file = fileOf(folder, 'large.csv', `id,t\n${lines}\n`);
    const full = (rest: string) => ({
      kind: 'postgres',
      sqlstate: '53100',
      hint: 'Check free disk space.',
      message: expect.stringMatching(
        new RegExp(`^could not extend file .*: wrote only 4096 of 8192 bytes .* ${rest}$`),
      ),
    });
    const wish = { table: 'parts_full', transaction: 'batches' } as const;
    // Half a page over twenty megabytes: a file of the write-ahead log, of sixteen, still fits.
    await limitFiles(20 * 1024 * 1024 + 4096);
    const whole = await importFile(server.spec(), file, { table: 'once_full' });
    const parts = await importFile(server.spec(), file, wish);
    await limitFiles('unlimited');
    expect(whole.failure).toMatchObject(full('Nothing was changed.'));
    expect(await countOf('once_full')).toMatchObject({ n: 0 });
    expect(parts.failure).toMatchObject(full(stays));
    const { n } = (await countOf('parts_full')) as { n: number };
    expect(n).toBeGreaterThan(0);
    expect(n).toBeLessThan(rows);
    expect(await importFile(server.spec(), file, wish)).toMatchObject({ failure: null, resumed: n, inserted: rows });
    expect(await countOf('parts_full')).toEqual({ n: rows, s: String((rows * (rows - 1)) / 2) });
    expect(await server.query(`select to_regclass('public.howdah_import_progress') as t`)).toEqual([{ t: null }]);
  });
});
