/** A server's front door that notes when something passes it, on the clock of this process. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface WatchedServer {
  readonly port: number;
  /** Notes from now on when the server first sends these bytes. */
  watchFor(bytes: string): void;
  /** When it did; 0 where it has not. Milliseconds since the epoch, with fractions. */
  readonly passedAt: number;
  stop(): void;
}

export const now = (): number => performance.timeOrigin + performance.now();

/** Passes everything on as it comes; what is watched for must come in one piece, as a first row of a result does. */
export async function watchServer(port: number): Promise<WatchedServer> {
  const sockets = new Set<Socket>();
  let wanted: Buffer | undefined;
  let passedAt = 0;
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ host: '127.0.0.1', port, noDelay: true });
    upstream.on('data', (chunk: Buffer) => {
      if (!wanted || !chunk.includes(wanted)) return;
      passedAt = now();
      wanted = undefined;
    });
    client.pipe(upstream).pipe(client);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    watchFor(bytes) {
      wanted = Buffer.from(bytes);
      passedAt = 0;
    },
    get passedAt() {
      return passedAt;
    },
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
