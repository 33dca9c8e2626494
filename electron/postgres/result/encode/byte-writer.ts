/** Bytes on their way to a file: one reused buffer, handed to the sink whenever it is full. */

/** Takes the bytes before it returns: the buffer is used again. */
export type Sink = (bytes: Buffer) => void;

const bufferBytes = 1024 * 1024;
/** Up to this a loop is quicker than a native copy. */
const shortBytes = 48;

export class ByteWriter {
  /** Written by the encoders directly, after `reserve`. */
  bytes: Buffer;
  at = 0;
  /** Bytes handed to the sink so far. */
  sent = 0;
  readonly #sink: Sink;

  constructor(sink: Sink, size = bufferBytes) {
    this.#sink = sink;
    this.bytes = Buffer.allocUnsafe(size);
  }

  /** After this, `count` bytes may be written from `at`. */
  reserve(count: number): void {
    if (this.bytes.length - this.at < count) this.#makeRoom(count);
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.at++] = value;
  }

  text(value: string): void {
    this.all(Buffer.from(value));
  }

  all(value: Uint8Array): void {
    this.copy(value, 0, value.length);
  }

  /** Copies `source[start … end)`, of any length. */
  copy(source: Uint8Array, start: number, end: number): void {
    let from = start;
    if (end - start <= shortBytes) {
      this.reserve(end - start);
      while (from < end) this.bytes[this.at++] = source[from++] as number;
    }
    while (from < end) {
      this.reserve(1);
      const count = Math.min(end - from, this.bytes.length - this.at);
      this.bytes.set(source.subarray(from, from + count), this.at);
      this.at += count;
      from += count;
    }
  }

  flush(): void {
    if (this.at === 0) return;
    this.#sink(this.bytes.subarray(0, this.at));
    this.sent += this.at;
    this.at = 0;
  }

  #makeRoom(count: number): void {
    this.flush();
    if (this.bytes.length < count) this.bytes = Buffer.allocUnsafe(count);
  }
}
