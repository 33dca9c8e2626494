/** `howdah serve` as a person starts it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'howdah-serve-'));
const data = join(folder, 'data');
let child: ChildProcess;
let address: URL;

const start = (args: readonly string[], env: Record<string, string> = {}) =>
  spawn(process.execPath, [join(root, 'electron', 'cli.ts'), 'serve', ...args], { env: { ...process.env, ...env } });

async function addressOf(served: ChildProcess): Promise<URL> {
  for await (const chunk of served.stdout ?? []) {
    const word = String(chunk).trim().split('\n')[0]?.split(' ').at(-1);
    if (word) return new URL(word);
  }
  throw new Error('it ended without an address');
}

beforeAll(async () => {
  if (!existsSync(join(root, 'out', 'renderer', 'index.html'))) throw new Error('Bundle the page first: npm run build');
  child = start([], { HOWDAH_DATA: data });
  address = await addressOf(child);
});
afterAll(() => {
  child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

it('prints an address with its token as the last word, and serves the page there', async () => {
  expect(address.hostname).toBe('127.0.0.1');
  expect(address.searchParams.get('token')).toMatch(/^[\w-]{43}$/);
  const letIn = await fetch(address, { redirect: 'manual' });
  const cookie = letIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const page = await fetch(new URL('/', address), { headers: { cookie } });
  expect(page.status).toBe(200);
  const html = await page.text();
  const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(html)?.[1];
  expect((await fetch(new URL(`/${script}`, address), { headers: { cookie } })).status).toBe(200);
  expect(html).not.toMatch(/<script>|onload=|https?:\/\//);
});

it('keeps its data to this user', () => {
  expect(statSync(data).mode & 0o777).toBe(0o700);
});

it('says plainly that a port is taken', async () => {
  const second = start(['--port', address.port, '--data', join(folder, 'other')]);
  const said: Buffer[] = [];
  second.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const [code] = await once(second, 'close');
  expect(code).toBe(1);
  expect(Buffer.concat(said).toString()).toMatch(new RegExp(`^howdah: .*${address.port}`));
});

it('ends at once when asked to, although someone does not hang up, and leaves nothing half done', async () => {
  const held = connect({ port: Number(address.port), host: '127.0.0.1', allowHalfOpen: true }).resume();
  held.on('error', () => undefined);
  held.write(`GET /rpc HTTP/1.1\r\nHost: ${address.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
  await once(held, 'end');
  child.kill('SIGTERM');
  expect((await once(child, 'exit'))[0]).toBe(0);
  await expect(fetch(address)).rejects.toThrow();
  const left = readdirSync(data);
  expect(left).toContain('howdah.db');
  expect(left.filter((name) => name.includes('-wal'))).toEqual([]);
});
