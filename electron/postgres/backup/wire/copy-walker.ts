/**
 * Walks the server's messages and takes the payload of CopyData out of them, as it lies in the socket's chunks;
 * everything else goes on to pg's own parser. A message is a type byte and an Int32 length that counts itself.
 */

/** Takes the bytes of a COPY … TO STDOUT; one CopyData message is one row. */
export interface CopySink {
  /** A row begins. */
  row(): void;
  append(chunk: Buffer, from: number, to: number): void;
}

const copyData = 0x64; // d
const headerBytes = 5;

export class CopyWalker {
  sink: CopySink | null = null;
  #held: Buffer = Buffer.alloc(0);
  /** Of the CopyData in flight, still to come. */
  #copyLeft = 0;
  /** Of another message, still to come: it is passed on. */
  #passLeft = 0;
  readonly #rest: (bytes: Buffer) => void;

  constructor(rest: (bytes: Buffer) => void) {
    this.#rest = rest;
  }

  push(received: Buffer): void {
    let chunk = received;
    if (this.#held.length > 0) {
      chunk = Buffer.concat([this.#held, received]);
      this.#held = Buffer.alloc(0);
    }
    const end = chunk.length;
    let at = 0;
    /** Where a run of messages for pg's parser began; -1 while there is none. */
    let run = -1;
    while (at < end) {
      if (this.#copyLeft > 0) {
        const to = Math.min(end, at + this.#copyLeft);
        this.sink?.append(chunk, at, to);
        this.#copyLeft -= to - at;
        at = to;
      } else if (this.#passLeft > 0) {
        const to = Math.min(end, at + this.#passLeft);
        if (run < 0) run = at;
        this.#passLeft -= to - at;
        at = to;
      } else if (end - at < headerBytes) {
        if (run >= 0) this.#rest(chunk.subarray(run, at));
        this.#held = Buffer.from(chunk.subarray(at));
        return;
      } else if (chunk[at] === copyData) {
        if (run >= 0) this.#rest(chunk.subarray(run, at));
        run = -1;
        this.#copyLeft = chunk.readUInt32BE(at + 1) - 4;
        this.sink?.row();
        at += headerBytes;
      } else {
        if (run < 0) run = at;
        this.#passLeft = 1 + chunk.readUInt32BE(at + 1);
      }
    }
    if (run >= 0) this.#rest(chunk.subarray(run, end));
  }
}
