/**
 * Bundles what changed since the last time, into out/. `page`: the page alone, all that the browser host and the
 * command line need (the backend runs from its sources). `all`: also the desktop's main process and preload.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';
import { fail, node, root } from './setup.mjs';

const out = join(root, 'out');
const sources = {
  page: ['renderer', 'shared', 'electron.vite.config.ts', 'package-lock.json'],
  all: ['renderer', 'shared', 'electron', 'electron.vite.config.ts', 'package.json', 'package-lock.json'],
};
const results = {
  page: ['renderer/index.html'],
  all: ['renderer/index.html', 'main/main.js', 'preload/preload.cjs'],
};

export async function ensureBundled(what) {
  if (isFresh(what)) return;
  const unlock = await lock();
  try {
    if (isFresh(what)) return;
    const before = Object.fromEntries(Object.keys(sources).map((name) => [name, fingerprint(name)]));
    process.stderr.write('Building … ');
    const startedAt = Date.now();
    const { code, output } = await run(node, commands[what], { quiet: true, env: { NODE_ENV: 'production' } });
    if (code !== 0) {
      console.error('failed.');
      fail(output);
    }
    console.error(`${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
    writeFileSync(markerOf('page'), before.page);
    if (what === 'all') writeFileSync(markerOf('all'), before.all);
  } finally {
    unlock();
  }
}

const commands = {
  page: [join(root, 'build', 'page.mjs')],
  all: [join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build'],
};

const markerOf = (what) => join(out, `.${what}`);

function isFresh(what) {
  return (
    existsSync(markerOf(what)) &&
    results[what].every((path) => existsSync(join(out, path))) &&
    readFileSync(markerOf(what), 'utf8') === fingerprint(what)
  );
}

/** Changes when a source file is added, removed or written. */
function fingerprint(what) {
  const hash = createHash('sha256');
  for (const path of sources[what]) addTo(hash, join(root, path));
  return hash.digest('hex');
}

function addTo(hash, path) {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (!facts) return;
  if (facts.isDirectory()) {
    for (const name of readdirSync(path).sort()) if (!name.startsWith('.')) addTo(hash, join(path, name));
  } else if (!path.endsWith('.test.ts')) {
    hash.update(`${path} ${facts.size} ${facts.mtimeMs}\n`);
  }
}

/** Two builds at once would empty each other's folder. */
async function lock() {
  mkdirSync(out, { recursive: true });
  const folder = join(out, '.building');
  for (;;) {
    try {
      mkdirSync(folder);
      writeFileSync(join(folder, 'pid'), String(process.pid));
      return () => rmSync(folder, { recursive: true, force: true });
    } catch {
      if (isAbandoned(folder)) rmSync(folder, { recursive: true, force: true });
      else await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function isAbandoned(folder) {
  try {
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 0);
    return false;
  } catch (error) {
    const madeAt = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    return error.code === 'ESRCH' || Date.now() - madeAt > 120_000;
  }
}
