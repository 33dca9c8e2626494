/** The browser entry: createCore -> HTTP + WebSocket on this machine only. The same page, the same contract. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
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
  const endAll = remembered(server);
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
      // First nobody else comes in: what came between the ends of the lines and of the server would keep it open.
      const closed = new Promise((resolve) => server.close(resolve));
      await sockets.close();
      endAll();
      await closed;
      await core.close();
      await transfers.close();
    },
  };
}

/**
 * Ends every connection that is open. `closeAllConnections` knows only those that still speak HTTP: one whose upgrade
 * was refused stays for as long as the other side does not hang up, and `close` waits for it.
 */
function remembered(server: Server): () => void {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return () => {
    for (const socket of open) socket.destroy();
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
