/**
 * What PgBouncer's admin console says over the wire, for tests where no PgBouncer is at hand: a database called
 * `pgbouncer` that lets anybody in and answers SHOW POOLS and SHOW STATS.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { int16, int32, message, ready, text, welcome } from './wire-words.ts';

type Row = Readonly<Record<string, string>>;

const refused = Buffer.concat([
  message('E', Buffer.from('SERROR\0C42601\0Minvalid command, use SHOW HELP;\0\0')),
  ready,
]);

function answer(rows: readonly Row[]): Buffer {
  const names = Object.keys(rows[0] ?? {});
  const columns = names.map((name) =>
    Buffer.concat([text(name), int32(0), int16(0), int32(25), int16(-1), int32(-1), int16(0)]),
  );
  const lines = rows.map((row) => {
    const cells = names.map((name) => Buffer.from(row[name] ?? ''));
    return message('D', Buffer.concat([int16(names.length), ...cells.flatMap((cell) => [int32(cell.length), cell])]));
  });
  return Buffer.concat([
    message('T', Buffer.concat([int16(names.length), ...columns])),
    ...lines,
    message('C', text('SHOW')),
    ready,
  ]);
}

/** Nothing is asked of who comes. */
function speak(socket: Socket, shown: Readonly<Record<string, readonly Row[]>>): void {
  welcome(socket, 1, (type, whole) => {
    if (type !== 'Q') return void socket.end();
    const rows = shown[whole.toString('utf8', 5, whole.length - 1)];
    socket.write(rows ? answer(rows) : refused);
  });
}

export async function startPoolConsole(shown: Readonly<Record<string, readonly Row[]>>) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    speak(socket, shown);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
