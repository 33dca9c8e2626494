/** The browser entry: createCore -> HTTP + WebSocket on this machine only. The same page, the same contract. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCore } from './core.ts';
import type { Platform } from './platform.ts';
import { createAccess } from './web/access.ts';
import type { Transfers } from './web/chosen-files.ts';
import { createRequestListener } from './web/requests.ts';
import { serveSockets } from './web/socket.ts';

export interface ServeOptions {
  readonly platform: Platform;
  readonly transfers: Transfers;
  /** The bundled page. */
  readonly pageFolder: string;
  /** 0: any free one. */
  readonly port: number;
}

export interface RunningServer {
  readonly port: number;
  /** A new address that lets one browser in, once. */
  newAddress(): string;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1. Rejects with the system's error where the port is taken. */
export async function serve({ platform, transfers, pageFolder, port }: ServeOptions): Promise<RunningServer> {
  const core = await createCore(platform);
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 0, maxHeaderSize: 16_384 });
  try {
    await listen(server, port);
  } catch (error) {
    await core.close();
    throw error;
  }
  const listening = (server.address() as AddressInfo).port;
  const access = createAccess(listening);
  const sockets = serveSockets(server, core, access);
  const answer = createRequestListener({ access, transfers, pageFolder, log: platform.log });
  server.on('request', (request, response) => void answer(request, response));

  return {
    port: listening,
    newAddress: () => `http://127.0.0.1:${listening}/?token=${access.newToken()}`,
    async close() {
      await sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await core.close();
      await transfers.close();
    },
  };
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
