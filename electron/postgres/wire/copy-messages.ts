/**
 * The rows of a COPY … FROM STDIN as messages: CopyData (d), CopyDone (c), CopyFail (f), each a type byte and an Int32
 * length that counts itself.
 */
import type { Duplex } from 'node:stream';

const copyData = 0x64;
const headBytes = 5;
/**
 * The server reads 8 KB at a time and holds a message as a whole before it takes rows out of it: small ones stay in its
 * processor's cache.
 */
const messageBytes = 16 * 1024;

export const copyDone = Buffer.from([0x63, 0, 0, 0, 4]);
export const sync = Buffer.from([0x53, 0, 0, 0, 4]);

/** @param why the server puts it into its error */
export function copyFail(why: string): Buffer {
  const reason = Buffer.from(`${why.replaceAll('\0', '')}\0`);
  const head = Buffer.from([0x66, 0, 0, 0, 0]);
  head.writeInt32BE(4 + reason.length, 1);
  return Buffer.concat([head, reason]);
}

/** Sends rows, or parts of them, in one go. False: more should wait for `drained`, until when the bytes stay as they are. */
export function sendRows(stream: Duplex, bytes: Uint8Array): boolean {
  const count = Math.ceil(bytes.length / messageBytes);
  const heads = Buffer.allocUnsafe(count * headBytes);
  let room = true;
  stream.cork();
  for (let message = 0; message < count; message++) {
    const piece = bytes.subarray(message * messageBytes, (message + 1) * messageBytes);
    const head = message * headBytes;
    heads[head] = copyData;
    heads.writeInt32BE(4 + piece.length, head + 1);
    stream.write(heads.subarray(head, head + headBytes));
    room = stream.write(piece);
  }
  stream.uncork();
  return room;
}

/** Resolves when more may be sent, and when nothing can be any more: a server that has refused a row reads on. */
export async function drained(stream: Duplex): Promise<void> {
  if (stream.destroyed) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const events = ['drain', 'end', 'close'] as const;
  for (const event of events) stream.once(event, resolve);
  await promise;
  for (const event of events) stream.off(event, resolve);
}
