/** Whether the desktop app can run here: Electron's own program is not in its npm package but fetched on first use. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.mjs';

const electron = join(root, 'node_modules', 'electron');
const failedMarker = join(root, 'node_modules', '.howdah-electron');
const tryAgainAfterMs = 24 * 3600 * 1000;
const patienceMs = 4000;

/** `{ path }` of the program, or `{ reason }` why there is none, as the end of a sentence. */
export async function electronBinary() {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return { reason: 'there is no display' };
  }
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    return { reason: 'its sandbox does not work for root' };
  }
  const there = binaryPath();
  if (there) return { path: there };
  if (failedLately()) return { reason: 'its program could not be fetched (tried again after a day)' };
  await fetchBinary();
  const fetched = binaryPath();
  if (fetched) {
    rmSync(failedMarker, { force: true });
    return { path: fetched };
  }
  try {
    writeFileSync(failedMarker, JSON.stringify({ version: version(), atMs: Date.now() }));
  } catch {
    // A checkout that may not be written to: tried again the next time.
  }
  return { reason: 'its program could not be fetched' };
}

const version = () => JSON.parse(readFileSync(join(electron, 'package.json'), 'utf8')).version;

function binaryPath() {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(electron, 'dist');
  try {
    const path = join(folder, readFileSync(join(electron, 'path.txt'), 'utf8').trim());
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

function failedLately() {
  try {
    const failed = JSON.parse(readFileSync(failedMarker, 'utf8'));
    return failed.version === version() && Date.now() - failed.atMs < tryAgainAfterMs;
  } catch {
    return false;
  }
}

/** Lets Electron fetch its program: briefly, unless the place it comes from answers; then as long as it takes. */
async function fetchBinary() {
  const child = spawn(process.execPath, [join(electron, 'install.js')], { stdio: 'ignore', cwd: electron });
  const ended = new Promise((resolve) => child.once('close', resolve).once('error', resolve));
  const patience = new Promise((resolve) => setTimeout(resolve, patienceMs, 'late'));
  if ((await Promise.race([ended, patience])) !== 'late') return;
  if (await sourceAnswers()) {
    console.log('Fetching Electron (once, some 120 MB) …');
    await ended;
  } else {
    child.kill('SIGKILL');
  }
}

async function sourceAnswers() {
  const mirror = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? 'https://github.com/';
  try {
    await fetch(mirror, { method: 'HEAD', signal: AbortSignal.timeout(2000) });
    return true;
  } catch {
    return false;
  }
}
