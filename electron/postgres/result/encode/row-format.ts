/** What a text format must be able to say about rows; csv, tsv, json and the clipboard's formats each implement it. */
import type { ByteWriter } from './byte-writer.ts';

/** `position` counts the columns that are written, from 0, in the order they are written. */
export interface RowFormat {
  begin(out: ByteWriter): void;
  /** Before row number `row` (from 0). */
  rowStart(out: ByteWriter, row: number): void;
  value(out: ByteWriter, position: number, bytes: Uint8Array, start: number, end: number): void;
  nothing(out: ByteWriter, position: number): void;
  rowEnd(out: ByteWriter): void;
  end(out: ByteWriter, rows: number): void;
  /** A value too long to be held: its bytes come in pieces. */
  large(out: ByteWriter, position: number): LargeValue;
}

export interface LargeValue {
  piece(bytes: Uint8Array, start: number, end: number): void;
  end(): void;
}

/** Keeps the bytes of a value until it is known how they are to be written. */
export interface Hold {
  add(bytes: Uint8Array): void;
  /** Gives everything back in order, and is empty again. */
  drain(take: (bytes: Uint8Array) => void): void;
}

/** Holds in memory; exports to files pass one that moves to disk when it grows. */
export function memoryHold(): Hold {
  let held: Buffer[] = [];
  return {
    add: (bytes) => {
      held.push(Buffer.from(bytes));
    },
    drain: (take) => {
      const all = held;
      held = [];
      for (const bytes of all) take(bytes);
    },
  };
}

/** A table of 256 flags: which bytes a format must not write as they are. */
export function byteTable(bytes: Iterable<number>): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of bytes) table[byte] = 1;
  return table;
}
