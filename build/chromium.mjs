/** Finds a Chromium that runs here, for the browser tests; installs one where there is none. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { fail, node, root } from './setup.mjs';

/** The program's path. Ends this program with the one command that helps where there is none and none can be had. */
export function chromium() {
  const found = [process.env.HOWDAH_CHROMIUM, ...onPath(), ...usualPlaces(), playwrights()].find(works);
  if (found) return found;
  console.error('No Chromium was found; installing one (once) …');
  const playwright = join(root, 'node_modules', 'playwright', 'cli.js');
  attempt(node, [playwright, 'install', 'chromium']);
  if (works(playwrights())) return playwrights();
  if (isDebian() && process.getuid?.() === 0) {
    attempt('apt-get', ['update']);
    attempt('apt-get', ['install', '-y', '--no-install-recommends', 'chromium']);
    const installed = onPath().find(works);
    if (installed) return installed;
  }
  return fail(
    `The browser tests need a Chromium, and none could be installed. This helps: ${
      isDebian() ? 'sudo apt-get install chromium' : 'npx playwright install --with-deps chromium'
    }`,
  );
}

function onPath() {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return process.platform === 'win32' ? [] : names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

function usualPlaces() {
  if (process.platform === 'darwin') {
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    );
  }
  if (process.platform !== 'win32') return [];
  const folders = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA].filter(
    Boolean,
  );
  const programs = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];
  return folders.flatMap((folder) => programs.map((program) => join(folder, program)));
}

function playwrights() {
  try {
    return createRequire(join(root, 'package.json'))('@playwright/test').chromium.executablePath();
  } catch {
    return undefined;
  }
}

/** Some distributions put a program there that only says how to install the real one; some lack a library it needs. */
function works(path) {
  if (!path || !existsSync(path)) return false;
  // On Windows this question opens a window.
  if (process.platform === 'win32') return true;
  return (
    spawnSync(path, ['--headless', '--no-sandbox', '--version'], { stdio: 'ignore', timeout: 30_000 }).status === 0
  );
}

const attempt = (command, args) =>
  spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: 600_000, cwd: root });

const isDebian = () => existsSync('/etc/debian_version');
