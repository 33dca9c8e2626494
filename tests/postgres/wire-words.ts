/** Words of PostgreSQL's protocol, for tests that stand between a client and a server. */
import type { Socket } from 'node:net';

export const int16 = (value: number): Buffer => Buffer.from([(value >> 8) & 0xff, value & 0xff]);
export const int32 = (value: number): Buffer => Buffer.concat([int16(value >>> 16), int16(value & 0xffff)]);
export const text = (value: string): Buffer => Buffer.from(`${value}\0`);
export const message = (type: string, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);

export const ready = message('Z', Buffer.from('I'));
const encoding = message('S', Buffer.concat([text('client_encoding'), text('UTF8')]));

/** Whole messages, each with its type, as they come. */
export function messages(onMessage: (type: string, whole: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
      const length = rest.readInt32BE(1) + 1;
      const whole = rest.subarray(0, length);
      rest = rest.subarray(length);
      onMessage(String.fromCharCode(whole[0] ?? 0), whole);
    }
  };
}

const asksForEncryption = 80_877_103;
const cancels = 80_877_102;

/** Lets anybody in under that process id; encryption is turned down, and nothing is ever cancelled. */
export function welcome(socket: Socket, pid: number, onMessage: (type: string, whole: Buffer) => void): void {
  const take = messages(onMessage);
  let isIn = false;
  let begin: Buffer = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', (chunk: Buffer) => {
    if (isIn) return take(chunk);
    begin = Buffer.concat([begin, chunk]);
    while (!isIn && begin.length >= 8 && begin.length >= begin.readInt32BE(0)) {
      const code = begin.readInt32BE(4);
      if (code === cancels) return void socket.end();
      begin = begin.subarray(begin.readInt32BE(0));
      isIn = code !== asksForEncryption;
      const key = message('K', Buffer.concat([int32(pid), int32(0)]));
      socket.write(isIn ? Buffer.concat([message('R', int32(0)), encoding, key, ready]) : 'N');
    }
    if (isIn) take(begin);
  });
}
