/** A way to a server that is cut at one message of it: what was before goes through, of that message all but its last byte. */

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { ConnectSpec } from '../../electron/postgres/source.ts';

export interface CutProxy {
  spec(of: ConnectSpec): ConnectSpec;
  /** How many times it was cut. */
  readonly cuts: number;
  close(): Promise<void>;
}

/** One message of the server: its type (a letter) and, of CommandComplete, its tag. */
export interface SeenMessage {
  readonly type: string;
  readonly tag: string;
}

/** @param at asked for each message of the server, of all connections; true cuts there, and no connection is taken any more */
export async function cutProxy(port: number, at: (message: SeenMessage) => boolean): Promise<CutProxy> {
  const sockets = new Set<Socket>();
  let cuts = 0;
  const end = () => {
    for (const socket of sockets) socket.destroy();
  };
  const server: Server = createServer((page) => {
    const database = connect(port, '127.0.0.1');
    for (const socket of [page, database]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        page.destroy();
        database.destroy();
      });
    }
    if (cuts > 0) return end();
    page.pipe(database);
    const reader = messages();
    database.on('data', (bytes) => {
      for (const { from, to, ...message } of reader(bytes)) {
        if (cuts > 0 || !at(message)) continue;
        cuts++;
        page.end(bytes.subarray(0, Math.max(from, to - 1)), end);
        return;
      }
      if (cuts === 0) page.write(bytes);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    spec: (of) => ({ ...of, port: (server.address() as AddressInfo).port, sslMode: 'disable' }),
    get cuts() {
      return cuts;
    },
    close: () => {
      end();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

/** Messages as they end in the pieces that come: where in the piece one begins (0 where that was before) and ends. */
function messages() {
  let rest = Buffer.alloc(0);
  let skip = 0;
  return function* (bytes: Buffer): Generator<SeenMessage & { from: number; to: number }> {
    let all = Buffer.concat([rest, bytes]);
    let base = -rest.length;
    rest = Buffer.alloc(0);
    const passed = Math.min(skip, all.length);
    skip -= passed;
    base += passed;
    all = all.subarray(passed);
    while (all.length >= 5) {
      const length = 1 + all.readInt32BE(1);
      const type = String.fromCharCode(all[0] as number);
      // Rows may be long; nobody asks to be cut in one.
      if (type === 'd' || type === 'D') {
        skip = Math.max(0, length - all.length);
      } else if (all.length < length) break;
      else {
        const tag = type === 'C' ? all.toString('latin1', 5, length - 1) : '';
        yield { type, tag, from: Math.max(0, base), to: base + length };
      }
      base += Math.min(length, all.length);
      all = all.subarray(Math.min(length, all.length));
    }
    rest = Buffer.from(all);
  };
}
