/**
 * What PgBouncer's admin console says over the wire, for tests where no PgBouncer is at hand: a database called
 * `pgbouncer` that lets anybody in and answers SHOW POOLS and SHOW STATS.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

type Row = Readonly<Record<string, string>>;

const message = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5, type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const int16 = (value: number): Buffer => Buffer.from([(value >> 8) & 0xff, value & 0xff]);
const int32 = (value: number): Buffer => Buffer.concat([int16(value >>> 16), int16(value & 0xffff)]);
const text = (value: string): Buffer => Buffer.from(`${value}\0`);

const ready = message('Z', Buffer.from('I'));
const welcome = Buffer.concat([
  message('R', int32(0)),
  message('S', Buffer.concat([text('client_encoding'), text('UTF8')])),
  ready,
]);
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

/** Asks for encryption are turned down; nothing is asked of who comes. */
function speak(socket: Socket, shown: Readonly<Record<string, readonly Row[]>>): void {
  let rest: Buffer = Buffer.alloc(0);
  let isIn = false;
  socket.on('error', () => {});
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const length = rest.length < (isIn ? 5 : 4) ? 0 : rest.readInt32BE(isIn ? 1 : 0) + (isIn ? 1 : 0);
      if (length === 0 || rest.length < length) return;
      const part = rest.subarray(0, length);
      rest = rest.subarray(length);
      if (!isIn && part.readInt32BE(4) === 80_877_103) socket.write('N');
      else if (!isIn) {
        isIn = true;
        socket.write(welcome);
      } else if (part[0] === 0x51) {
        const rows = shown[part.toString('utf8', 5, length - 1)];
        socket.write(rows ? answer(rows) : refused);
      } else socket.end();
    }
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
