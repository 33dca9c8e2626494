/**
 * A pooler in transaction mode, for tests where no PgBouncer is at hand: two connections to the server, and each
 * transaction of whoever comes goes to the other one than the transaction before.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import pg from 'pg';
import type { TestServer } from './servers.ts';
import { message, messages, text, welcome } from './wire-words.ts';

interface Backend {
  /** Resolves to the transaction's state once the server is ready again. */
  run(request: Buffer, answer: (part: Buffer) => void): Promise<string>;
  client: pg.Client;
}

async function backendOf({ host, port, user, password, database }: TestServer): Promise<Backend> {
  const client = new pg.Client({ host, port, user, password, database });
  client.on('error', () => {});
  await client.connect();
  // Once it is in, the connection is spoken over as it is.
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  stream.removeAllListeners('data');
  stream.setNoDelay(true);
  let onMessage: (type: string, whole: Buffer) => void = () => {};
  stream.on(
    'data',
    messages((type, whole) => onMessage(type, whole)),
  );
  return {
    client,
    run: (request, answer) =>
      new Promise((resolve) => {
        onMessage = (type, whole) => {
          answer(whole);
          if (type === 'Z') resolve(String.fromCharCode(whole[5] ?? 0));
        };
        stream.write(request);
      }),
  };
}

export async function startTransactionPooler(server: TestServer) {
  const backends = await Promise.all([backendOf(server), backendOf(server)]);
  const sockets = new Set<Socket>();
  /** In the order in which they were given back. */
  const free = [...backends];
  const waiting: ((backend: Backend) => void)[] = [];
  const take = async () => free.shift() ?? new Promise<Backend>((resolve) => waiting.push(resolve));
  const give = (backend: Backend) => {
    const next = waiting.shift();
    if (next) next(backend);
    else free.push(backend);
  };
  let clients = 0;
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    let turn = Promise.resolve();
    let held: Backend | null = null;
    let request: Buffer[] = [];
    const run = async (whole: Buffer) => {
      held ??= await take();
      if ((await held.run(whole, (part) => socket.write(part))) !== 'I') return;
      give(held);
      held = null;
    };
    // Who goes away in the middle of a transaction leaves it undone.
    socket.on('close', () => {
      turn = turn.then(async () => {
        if (!held) return;
        await held.run(message('Q', text('rollback')), () => {});
        give(held);
        held = null;
      });
    });
    welcome(socket, 1_000_000_000 + clients++, (type, whole) => {
      if (type === 'X') return void turn.then(() => socket.end());
      request.push(whole);
      if (type !== 'Q' && type !== 'S') return;
      const all = Buffer.concat(request);
      request = [];
      turn = turn.then(() => run(all));
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    /** The first cell that each of the connections answers with. */
    async askEach(sql: string): Promise<string[]> {
      const answers: string[] = [];
      const request = message('Q', text(sql));
      const taken = await Promise.all(backends.map(take));
      for (const backend of taken)
        await backend.run(request, (part) => {
          if (part[0] === 0x44) answers.push(part.toString('utf8', 11));
        });
      for (const backend of taken) give(backend);
      return answers;
    },
    stop() {
      for (const socket of sockets) socket.destroy();
      listener.close();
      for (const { client } of backends)
        (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
    },
  };
}
