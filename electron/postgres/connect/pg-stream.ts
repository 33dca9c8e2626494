/** What stands between a ready stream (TCP, TLS or an SSH channel) and pg, which wants to open sockets by itself. */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connectionFailure } from './failures.ts';
import { LoginMessages } from './login-messages.ts';

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

const foreign = () =>
  connectionFailure(
    'notPostgres',
    'What answers there is not a PostgreSQL server.',
    'Check the host and the port; 5432 is the usual one.',
  );

/** A way of logging in that pg does not know, or a server that failed its part of it (SCRAM proves both sides). */
export const brokenLogin = (cause: Error) =>
  connectionFailure(
    'unsupportedAuth',
    `The log-in was broken off: ${cause.message.slice(0, 1000)}`,
    'Howdah logs in with SCRAM-SHA-256, MD5, a password or a certificate; check pg_hba.conf, and that this is the right server.',
    {},
    cause,
  );

/**
 * Puts a fence around the parser that pg has just attached. Until the server is ready for queries, pg gets whole,
 * well-formed messages only, and an answer that no PostgreSQL server gives ends the connection at once; after that the
 * bytes pass as they come. What the parser throws ends this connection, not the process.
 */
export function guardParser(stream: Duplex): void {
  for (const listener of stream.listeners('data') as ((chunk: Buffer) => void)[]) {
    stream.off('data', listener);
    let login: LoginMessages | null = new LoginMessages();
    const pass = (chunk: Buffer) => {
      // What came after a refusal in the same packet is not heard any more.
      if (stream.destroyed || chunk.length === 0) return;
      try {
        listener.call(stream, chunk);
      } catch (thrown) {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown));
        stream.destroy(login ? brokenLogin(error) : error);
      }
    };
    stream.on('data', (chunk: Buffer) => {
      if (!login) return pass(chunk);
      const taken = login.take(chunk);
      if (taken === 'foreign') return void stream.destroy(foreign());
      for (const message of taken.messages) pass(message);
      if (taken.rest === null) return;
      login = null;
      pass(taken.rest);
    });
  }
}
