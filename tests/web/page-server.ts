/** A real browser host on a free port, with a small bundle of its own and a folder that is removed afterwards. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { WebSocket } from 'ws';
import { createLog } from '../../electron/log.ts';
import { createSecrets } from '../../electron/secrets/create-secrets.ts';
import { type RunningServer, serve } from '../../electron/server.ts';
import { createTransfers, type Transfers } from '../../electron/web/chosen-files.ts';
import { createWebPlatform } from '../../electron/web/platform.ts';
import type { Client } from '../../shared/api.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface PageServer {
  readonly server: RunningServer;
  readonly transfers: Transfers;
  readonly folder: string;
  readonly origin: string;
  /** Sends exactly the path and headers given: nothing is normalised as `fetch` would. */
  ask(path: string, options?: { method?: string; headers?: Record<string, string>; body?: string }): Promise<Answer>;
  /** The Cookie header of a session. */
  signIn(): Promise<string>;
  /** A client of the contract over a WebSocket; rejects with the refusal's status. */
  connect(headers: Record<string, string>): Promise<{ client: Client; socket: WebSocket }>;
  close(): Promise<void>;
}

export async function startPageServer({ uploadLimitBytes = 1_000_000 } = {}): Promise<PageServer> {
  const folder = await mkdtemp(join(tmpdir(), 'howdah-web-'));
  const pageFolder = join(folder, 'page');
  await mkdir(join(pageFolder, 'assets'), { recursive: true });
  await writeFile(join(pageFolder, 'index.html'), '<!doctype html><title>Howdah</title>');
  await writeFile(join(pageFolder, 'assets', 'main-abc.js'), 'export {};');
  await writeFile(join(folder, 'outside.js'), 'secret');
  await symlink(join(folder, 'outside.js'), join(pageFolder, 'link.js'));
  const dataFolder = join(folder, 'data');
  await mkdir(dataFolder, { mode: 0o700 });
  const log = createLog(dataFolder);
  const transfers = createTransfers(dataFolder, uploadLimitBytes);
  const secrets = createSecrets({ dataFolder, log });
  const platform = createWebPlatform({ version: '0.0.0-test', dataFolder, secrets, files: transfers, log });
  const server = await serve({ platform, transfers, pageFolder, port: 0 });
  const origin = `http://127.0.0.1:${server.port}`;

  const ask: PageServer['ask'] = (path, { method = 'GET', headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });

  return {
    server,
    transfers,
    folder,
    origin,
    ask,
    async signIn() {
      const { headers } = await ask(new URL(server.newAddress()).search.replace(/^/, '/'));
      return String(headers['set-cookie']?.[0]).split(';')[0] as string;
    },
    connect: (headers) =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, { headers });
        socket.once('unexpected-response', (_request, response) => {
          reject(new Error(String(response.statusCode)));
          response.destroy();
        });
        socket.once('error', reject);
        socket.once('open', () => {
          // The two WebSocket types differ in methods that the link does not use.
          const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
          resolve({ client: createORPCClient(link), socket });
        });
      }),
    async close() {
      await server.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
