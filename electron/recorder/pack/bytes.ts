/** Numbers as few bytes: the alphabet of everything a recording packs. Whole numbers up to 2^53 either way. */

/** Grows as needed; `take` gives what was written. */
export class ByteWriter {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const bigger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    bigger.set(this.#bytes);
    this.#bytes = bigger;
    this.#view = new DataView(bigger.buffer);
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  /** A whole number from 0: seven bits a byte, the lowest first. */
  unsigned(value: number): void {
    this.#room(8);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = rest > 0x7fffffff ? Math.floor(rest / 0x80) : rest >>> 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** A whole number of either sign: small ones of both are short. */
  signed(value: number): void {
    this.unsigned(value < 0 ? -value * 2 - 1 : value * 2);
  }

  float(value: number): void {
    this.#room(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  text(value: string): void {
    const bytes = Buffer.from(value, 'utf8');
    this.unsigned(bytes.length);
    this.bytes(bytes);
  }

  bytes(value: Uint8Array): void {
    this.#room(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** A view, good until the next write. */
  take(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** What `signed` wrote, from the whole number it lies there as. */
export const signedOf = (code: number): number => (code % 2 === 0 ? code / 2 : -(code + 1) / 2);

/** Reads what a ByteWriter wrote. Throws RangeError where the bytes end too early. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byte(): number {
    const value = this.#bytes[this.#at++];
    if (value === undefined) throw new RangeError('packed data ends too early');
    return value;
  }

  unsigned(): number {
    const bytes = this.#bytes;
    let byte = bytes[this.#at++];
    if (byte === undefined) throw new RangeError('packed data ends too early');
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    let scale = 0x80;
    do {
      byte = bytes[this.#at++];
      if (byte === undefined) throw new RangeError('packed data ends too early');
      value += (byte & 0x7f) * scale;
      scale *= 0x80;
    } while (byte >= 0x80);
    return value;
  }

  /** So many as fit into `target`, one after the other: the same as `unsigned` each time, without its price. */
  unsignedInto<Target extends Uint16Array | Uint32Array | Float64Array>(target: Target): Target {
    const bytes = this.#bytes;
    // Of the last ones, bytes beyond the end might be asked for.
    const safe = bytes.length - 3;
    let at = this.#at;
    for (let place = 0; place < target.length; place++) {
      if (at < safe) {
        const first = bytes[at] as number;
        if (first < 0x80) {
          target[place] = first;
          at++;
          continue;
        }
        const second = bytes[at + 1] as number;
        if (second < 0x80) {
          target[place] = (first & 0x7f) | (second << 7);
          at += 2;
          continue;
        }
        const third = bytes[at + 2] as number;
        if (third < 0x80) {
          target[place] = (first & 0x7f) | ((second & 0x7f) << 7) | (third << 14);
          at += 3;
          continue;
        }
      }
      this.#at = at;
      target[place] = this.unsigned();
      at = this.#at;
    }
    this.#at = at;
    return target;
  }

  signed(): number {
    return signedOf(this.unsigned());
  }

  float(): number {
    const bytes = this.bytes(8);
    return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
  }

  text(): string {
    return Buffer.from(this.bytes(this.unsigned())).toString('utf8');
  }

  bytes(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new RangeError('packed data ends too early');
    const part = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return part;
  }
}
