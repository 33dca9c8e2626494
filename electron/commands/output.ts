/** Standard output for any amount of bytes: never more in memory than a few buffers, and quiet when the reader has gone. */
import { createWriteStream } from 'node:fs';

export interface Output {
  /** Takes a copy of the bytes. */
  write(bytes: Uint8Array): void;
  /** True while the reader is behind; `onRoom` is called once when it has caught up. */
  readonly full: boolean;
  onRoom(listener: () => void): void;
  /** Called once when nobody reads any more, or nothing can be written. */
  onGone(listener: (error: NodeJS.ErrnoException) => void): void;
  /** Resolves when everything has been written. */
  finish(): Promise<void>;
}

const aheadBytes = 4 * 1024 * 1024;

/** Not `process.stdout`: its writes to a pipe block, and an interrupt would not be heard while the reader sleeps. */
export function standardOutput(): Output {
  const stream = createWriteStream('', { fd: 1, autoClose: false, highWaterMark: aheadBytes });
  let gone = false;
  let full = false;
  stream.on('drain', () => {
    full = false;
  });
  stream.on('error', () => {
    gone = true;
  });
  return {
    write: (bytes) => {
      if (!gone) full = !stream.write(Buffer.from(bytes));
    },
    get full() {
      return full;
    },
    onRoom: (listener) => void stream.once('drain', listener),
    onGone: (listener) => void stream.once('error', listener),
    finish: () =>
      new Promise((resolve) => {
        if (gone) resolve();
        else {
          stream.once('error', () => resolve());
          stream.end(() => resolve());
        }
      }),
  };
}
