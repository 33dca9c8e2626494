/** What stands between a ready stream (TCP, TLS or an SSH channel) and pg, which wants to open sockets by itself. */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connectionFailure } from './failures.ts';

/**
 * Gives the stream the few methods of a socket that pg calls; its `connect` only says that it is connected.
 * The same object comes back, so back-pressure stays the stream's own.
 */
export function asPgStream(stream: Duplex): Duplex {
  const socket: Partial<Pick<Socket, 'setNoDelay' | 'setKeepAlive' | 'ref' | 'unref'>> & Duplex = stream;
  const same = () => stream as Socket;
  return Object.assign(socket, {
    connect: () => {
      process.nextTick(() => stream.emit('connect'));
      return stream;
    },
    // The raw socket has these already (see socket.ts); an SSH channel has none of them.
    setNoDelay: same,
    setKeepAlive: same,
    ref: socket.ref ?? same,
    unref: socket.unref ?? same,
  });
}

/** More than any server says before it is ready (libpq allows 30,000 a message). */
const loginBytesMax = 1 << 20;
/** R authentication, E error, N notice, v protocol negotiation: what a server may say first. */
const firstBytes = new Set([0x52, 0x45, 0x4e, 0x76]);

/** By the first message's kind and, where it has arrived, its length. */
function couldBePostgres(chunk: Buffer): boolean {
  if (!firstBytes.has(chunk[0] ?? 0)) return false;
  if (chunk.length < 5) return true;
  const length = chunk.readUInt32BE(1);
  return length >= 4 && length <= loginBytesMax;
}

/**
 * Puts a fence around the parser that pg has just attached: what it throws ends this connection, not the process; and
 * until `ready` is called, answers that no PostgreSQL server gives end it at once instead of being waited out.
 */
export function guardParser(stream: Duplex): { ready(): void } {
  let seen = 0;
  let loggingIn = true;
  const foreign = () =>
    connectionFailure(
      'notPostgres',
      'What answers there is not a PostgreSQL server.',
      'Check the host and the port; 5432 is the usual one.',
    );
  for (const listener of stream.listeners('data')) {
    stream.off('data', listener as (chunk: Buffer) => void);
    stream.on('data', (chunk: Buffer) => {
      if (stream.destroyed) return;
      if (loggingIn) {
        if (seen === 0 && !couldBePostgres(chunk)) return void stream.destroy(foreign());
        seen += chunk.length;
        if (seen > loginBytesMax) return void stream.destroy(foreign());
      }
      try {
        listener.call(stream, chunk);
      } catch (thrown) {
        stream.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)));
      }
    });
  }
  return {
    ready: () => {
      loggingIn = false;
    },
  };
}
