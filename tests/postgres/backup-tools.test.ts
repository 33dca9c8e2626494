/** pg_dump and pg_restore where they are installed: the right one chosen, nothing secret among arguments, nothing half. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everything } from '../../electron/postgres/backup/dump/choice.ts';
import { findTools, fittingTools, type PgTools } from '../../electron/postgres/backup/tools/find-tools.ts';
import { runPgDump } from '../../electron/postgres/backup/tools/run-pg-dump.ts';
import { isPgArchive, runPgRestore } from '../../electron/postgres/backup/tools/run-pg-restore.ts';
import { commandWords, runTool } from '../../electron/postgres/backup/tools/run-tool.ts';
import { toolPlace } from '../../electron/postgres/backup/tools/tool-place.ts';
import { failureOf } from '../../shared/failure.ts';
import { startServer, type TestServer } from './servers.ts';

const tools = (version: string): PgTools => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return { folder: `/pg/${version}`, pgDump: 'pg_dump', pgRestore: 'pg_restore', version, major, minor };
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
    await server.query('create table t as select i from generate_series(1, 1000) i');
    await server.query(`create database "od'd=x"`);
  });
  afterAll(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('a database goes out and comes back, and the password is in no argument', async () => {
    const path = join(folder, 'a"; touch x #.dump');
    const { command } = await runPgDump({ spec: server.spec(), path, format: 'custom', choice: everything, level: 1 });
    expect(command).not.toContain(server.password);
    expect(await isPgArchive(path)).toBe(true);
    const request = { spec: server.spec(), path, what: 'all', owners: true, grants: true } as const;
    await runPgRestore({ ...request, database: `od'd=x`, isNew: false });
    await runPgRestore({ ...request, database: 'fresh', isNew: true });
    // A second time it is in the way: nothing changes, and a new database goes again.
    await expect(runPgRestore({ ...request, database: `od'd=x`, isNew: false })).rejects.toThrow(/already exists/);
    const plain = join(folder, 'plain.sql');
    await runPgDump({ spec: server.spec(), path: plain, format: 'plain', choice: { rows: 'none' }, level: 0 });
    expect((await readdir(folder)).sort()).toEqual(['a"; touch x #.dump', 'plain.sql']);
    const wrong = server.spec({ password: 'wrong' });
    await expect(
      runPgDump({ spec: wrong, path: join(folder, 'no.dump'), format: 'custom', choice: everything, level: 1 }),
    ).rejects.toThrow(/password/);
    expect(await readdir(folder)).toHaveLength(2);
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
