/** The contract over a WebSocket: only for pages this server served, in a session, from the first byte on. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocketServer } from 'ws';
import { socketPath } from '../../shared/handover.ts';
import type { Core } from '../core.ts';
import type { CallContext } from '../procedures.ts';
import type { Access } from './access.ts';

/** One message carries at most a 64,000,000 character script, escaped. */
const largestMessageBytes = 256 * 2 ** 20;
const aliveEveryMs = 30_000;

export function serveSockets(server: Server, core: Core, access: Access): { close(): Promise<void> } {
  const handler = new RPCHandler<CallContext>(core.router);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessageBytes, perMessageDeflate: false });

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refusal = refusalOf(request, access);
    if (refusal) {
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      // Without a listener a broken frame would end the process; the socket closes itself.
      webSocket.on('error', () => {});
      const clientId = randomUUID();
      webSocket.once('close', () => core.pageGone(clientId));
      void handler.upgrade(webSocket, { context: { role: 'admin', clientId } });
    });
  });

  // A page that went away without a word (a sleeping laptop) must not keep its streams running.
  const silent = new WeakSet<object>();
  const timer = setInterval(() => {
    for (const webSocket of sockets.clients) {
      if (silent.has(webSocket)) webSocket.terminate();
      else {
        silent.add(webSocket);
        webSocket.once('pong', () => silent.delete(webSocket));
        webSocket.ping();
      }
    }
  }, aliveEveryMs);
  timer.unref();

  return {
    async close() {
      clearInterval(timer);
      const closed = [...sockets.clients].map((webSocket) => once(webSocket, 'close'));
      for (const webSocket of sockets.clients) webSocket.terminate();
      sockets.close();
      await Promise.all(closed);
    },
  };
}

function refusalOf(request: IncomingMessage, access: Access): string | null {
  if (!access.hostAllowed(request)) return '421 Misdirected Request';
  if (request.url?.split('?', 1)[0] !== socketPath) return '404 Not Found';
  if (!access.originAllowed(request, { needed: true })) return '403 Forbidden';
  return access.hasSession(request) ? null : '401 Unauthorized';
}
