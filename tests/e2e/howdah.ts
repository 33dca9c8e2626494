/** Howdah as a person starts it: its own process and data folder, a page in Chromium, and its contract for looking behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { test as base, type Locator, type Page } from '@playwright/test';
import { WebSocket } from 'ws';
import { type ConnectionDraft, newConnection } from '../../shared/api/connections.ts';
import type { Client } from '../../shared/api.ts';
import { socketPath } from '../../shared/handover.ts';
import { lag } from './lag.ts';

const root = join(import.meta.dirname, '..', '..');
const node = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');

/** A `howdah` command as its own process; resolves with the last word of the first line that has one like `wanted`. */
export async function startCommand(
  args: readonly string[],
  wanted: RegExp,
  env: NodeJS.ProcessEnv = {},
): Promise<{ child: ChildProcess; word: string }> {
  const child = spawn(existsSync(node) ? node : process.execPath, [join(root, 'electron', 'cli.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const word = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      const last = line.trim().split(/\s+/).at(-1) ?? '';
      if (wanted.test(last)) resolve(last);
    });
    child.on('exit', (code) => reject(new Error(`howdah ${args[0]} ended with ${code}: ${errors}`)));
  });
  return { child, word };
}

export const stopped = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
};

export class Howdah {
  readonly dataFolder = mkdtempSync(join(tmpdir(), 'howdah-e2e-'));
  /** No keychain in the tests unless one is asked for: secrets are kept in memory. */
  env: NodeJS.ProcessEnv = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' };
  #child: ChildProcess | undefined;
  #address = '';
  #sockets: WebSocket[] = [];

  async start(): Promise<void> {
    const { child, word } = await startCommand(['serve', '--data', this.dataFolder, '--port', '0'], /^http:/, this.env);
    this.#child = child;
    this.#address = word;
  }

  /** Opens the page with the one-time token, once; later pages of the same browser have the cookie. */
  async open(page: Page): Promise<void> {
    await lag(page);
    await page.goto(this.#address);
    await page.getByRole('navigation', { name: 'Places' }).waitFor();
  }
  get origin(): string {
    return new URL(this.#address).origin;
  }

  /** The contract over a line of the test's own. Uses up the one-time token of this start, so call it after `open` with its cookie. */
  async client(page: Page): Promise<Client> {
    const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    const socket = new WebSocket(`${this.origin.replace('http', 'ws')}${socketPath}`, {
      headers: { cookie, origin: this.origin },
    });
    await once(socket, 'open');
    this.#sockets.push(socket);
    return createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }));
  }

  /** Saves a connection as a person's paste of a URL would, and waits until the page has it: until then its list offers other things. */
  async connect(page: Page, url: string, change: Partial<ConnectionDraft> = {}): Promise<string> {
    const client = await this.client(page);
    const { draft, password } = await client.connections.parse({ text: url });
    const saved = await client.connections.create({
      draft: { ...emptyDraft, ...draft, ...change },
      secrets: { password },
    });
    await page
      .locator('[data-connection-line]')
      .filter({ hasText: change.name ?? draft.name ?? emptyDraft.name })
      .first()
      .waitFor();
    return saved.id;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    for (const socket of this.#sockets.splice(0)) socket.terminate();
    if (!this.#child) return;
    this.#child.kill(signal);
    await stopped(this.#child);
    this.#child = undefined;
  }
}

/** A draft that names nothing but the server of this machine. */
export const emptyDraft: ConnectionDraft = { ...newConnection, name: 'test', host: '127.0.0.1' };

export interface SampleServer {
  readonly url: string;
  /** Where it lies: what opens the sample there takes over the one that runs. */
  readonly folder: string;
}
/** Written by the global set-up. */
export const sampleFile = join(tmpdir(), `howdah-e2e-sample-${process.env.HOWDAH_E2E_RUN ?? 'run'}.json`);
export const sampleServer = (): SampleServer => JSON.parse(readFileSync(sampleFile, 'utf8'));

/** `howdah` is running with an empty data folder; `page` has it open; a violation of the CSP or an error in the page fails the test. */
export const test = base.extend<{ howdah: Howdah; faults: string[] }>({
  faults: async ({ page }, use) => {
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(`error in the page: ${error.message}`));
    page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) faults.push(message.text());
    });
    await use(faults);
    base.expect(faults).toEqual([]);
  },
  // The faults are watched for in every test that has a page.
  howdah: async ({ page, faults: _ }, use) => {
    const howdah = new Howdah();
    await howdah.start();
    await howdah.open(page);
    await use(howdah);
    await page.close();
    await howdah.stop();
    rmSync(howdah.dataFolder, { recursive: true, force: true, maxRetries: 5 });
  },
});
export const { expect } = base;

/** Replaces the text of the shown editor by a paste; with `into`, of the one in there. */
export async function writeSql(page: Page, sql: string, into: Page | Locator = page): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await into.locator('.sql-editor .view-lines').click();
  await page.keyboard.press('Control+a');
  await page.evaluate((text) => navigator.clipboard.writeText(text), sql);
  await page.keyboard.press('Control+v');
  if (into === page) await idle(page);
}

/** Writes into the palette once it has the focus: what is typed before that is somebody else's. */
export async function intoPalette(page: Page, words: string): Promise<Locator> {
  await page.keyboard.press('ControlOrMeta+k');
  const typed = page.getByRole('combobox', { name: 'Find a command, connection or object' });
  await base.expect(typed).toBeFocused();
  await typed.fill(words);
  return typed;
}

/** Runs a command by its words, once the palette has them chosen. */
export async function fromPalette(page: Page, words: string): Promise<void> {
  const typed = await intoPalette(page, words);
  const chosen = page.getByRole('listbox', { name: 'Choices' }).getByRole('option', { selected: true });
  await base.expect(chosen).toContainText(words, { ignoreCase: true });
  await page.keyboard.press('Enter');
  await base.expect(typed).toBeHidden();
}

/** The query tab in front runs nothing. Rows are in sight before their run has ended, and until then its keys do nothing. */
export const idle = (page: Page): Promise<void> =>
  base
    .expect(page.getByRole('group', { name: 'Run and where' }).getByRole('button', { name: /^Cancel/ }))
    .toHaveCount(0);

/** Opens a query tab on a connection of the sidebar. */
export async function openQuery(page: Page, connection: string): Promise<void> {
  await page
    .getByRole('region', { name: 'Connections', exact: true })
    .getByRole('button', { name: connection })
    .first()
    .dblclick();
  await page.locator('.sql-editor .view-lines').waitFor();
  await base.expect(page.getByRole('contentinfo')).toContainText('No transaction');
}
