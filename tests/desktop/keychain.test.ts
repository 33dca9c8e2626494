/**
 * The real keychain of a Linux desktop: gnome-keyring on a private D-Bus with a home folder of its own, so that the
 * person's keychain is not touched. Left out, with a word, where these programs are not installed.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

const run = promisify(execFile);
const found = await Promise.all(
  ['dbus-run-session', 'gnome-keyring-daemon'].map((name) =>
    run('sh', ['-c', `command -v ${name}`]).then(
      () => true,
      () => false,
    ),
  ),
);
const there = process.platform === 'linux' && found.every(Boolean);
if (!there) console.log('Not tested here: the keychain (needs dbus-run-session and gnome-keyring-daemon).');

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'howdah-keychain-'));
});
afterEach(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));

const module = JSON.stringify(join(import.meta.dirname, '../../electron/secrets/create-secrets.ts'));
/** Runs lines of a script with `secrets` inside a session whose keyring is open, locked or missing; answers its JSON. */
async function inSession(keyring: 'open' | 'locked', script: string): Promise<unknown> {
  const code = `
    const { createSecrets } = await import(${module});
    const log = { info() {}, warn() {}, error() {} };
    const secrets = createSecrets({ dataFolder: ${JSON.stringify(home)}, log });
    const failing = (call) => call.then(() => 'no failure', (thrown) => thrown.failure?.reason ?? thrown.failure?.kind ?? String(thrown));
    const answer = await (async () => { ${script} })();
    console.log('ANSWER' + JSON.stringify(answer));
    process.exit(0);`;
  const start =
    keyring === 'open'
      ? 'printf test | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null 2>&1'
      : 'gnome-keyring-daemon --start --components=secrets --daemonize >/dev/null 2>&1';
  const node = JSON.stringify(process.execPath);
  const { stdout } = await run(
    'dbus-run-session',
    ['--', 'sh', '-c', `${start}; ${node} --input-type=module-typescript -e "$SCRIPT"`],
    {
      env: {
        PATH: process.env.PATH,
        HOME: home,
        XDG_RUNTIME_DIR: home,
        XDG_DATA_HOME: join(home, 'data'),
        SCRIPT: code,
      },
    },
  );
  const answer = /ANSWER(.*)/.exec(stdout)?.[1];
  if (answer === undefined) throw new Error(stdout);
  return JSON.parse(answer);
}

it.runIf(there)('keeps secrets, also long ones, and forgets them', async () => {
  const answer = await inSession(
    'open',
    `const long = 'k'.repeat(5000);
     const before = await secrets.state();
     await secrets.set('a/password', 'findme ü');
     await secrets.set('a/sslKey', long);
     const got = [await secrets.get('a/password'), (await secrets.get('a/sslKey')) === long];
     const keys = await secrets.savedKeys();
     await secrets.remove('a/password');
     return [before, got, keys, await secrets.get('a/password'), await secrets.savedKeys()];`,
  );
  expect(answer).toEqual(['keychain', ['findme ü', true], ['a/password', 'a/sslKey'], null, ['a/sslKey']]);
  for (const name of await readdir(home)) {
    if (name.endsWith('.json')) expect(await readFile(join(home, name), 'utf8')).not.toContain('findme');
  }
});
it.runIf(there)('says that a keychain is locked, which answers like an empty one', async () => {
  await inSession('open', `await secrets.set('a/password', 'x'); return null;`);
  const locked = await inSession(
    'locked',
    `return [await secrets.state(), await failing(secrets.get('a/password')), await failing(secrets.set('b/password', 'y')), await secrets.savedKeys()];`,
  );
  expect(locked).toEqual(['keychain', 'secretsLocked', 'secretsLocked', ['a/password']]);
  expect(await inSession('open', `return await secrets.get('a/password');`)).toBe('x');
});
it.runIf(there)('offers the vault where there is a keychain that nobody can open', async () => {
  const answer = await inSession(
    'locked',
    `const first = await failing(secrets.set('a/password', 'x'));
     return [first, await secrets.state()];`,
  );
  expect(answer).toEqual(['unsupported', 'none']);
});
