/**
 * Walks the server's messages by their headers. Rows (DataRow, and CopyData made into rows of one column) go to a sink
 * as they lie in the socket's chunks, never decoded; everything else goes to pg's own parser.
 *
 * A message is a type byte and an Int32 length that counts itself but not the type. A message may span any number of
 * chunks: a row of 600 MB passes through without ever being whole in memory.
 */

/** Takes rows in the form of a result file: consecutive DataRow messages. */
export interface RowSink {
  /** Bytes taken so far: the offset of the next one. */
  readonly sizeBytes: number;
  /** The row with this number, a multiple of 256, starts at this offset. */
  rowStarts(row: number, offset: number): void;
  /** @param completeRows how many rows are whole once these bytes are taken */
  append(chunk: Uint8Array, from: number, to: number, completeRows: number): void;
}

export interface WalkerEvents {
  /** Bytes for pg's parser: whole messages or pieces of one, in order. */
  rest(bytes: Buffer): void;
  /** What came is not the protocol; nothing more is read. */
  broken(message: string): void;
}

/** Every so many rows the place of one is kept. */
export const indexStep = 256;

const dataRow = 0x44; // D
const copyData = 0x64; // d
const errorResponse = 0x45; // E
const noticeResponse = 0x4e; // N
const headerBytes = 5;
/** No message but rows, errors and notices comes near this: a longer one is garbage, or not PostgreSQL. */
const maxPlainBytes = 64 << 20;
/** Of an error or notice so much is kept: a message can be as long as a value. */
const maxToldBytes = 1 << 20;

type Rest = 'pass' | 'row' | 'copyText' | 'copyBinary' | 'skip' | 'shorten';

export class MessageWalker {
  /** What the rows in flight do: to pg's parser (catalog queries), thrown away, or to a sink. */
  #rows: RowSink | 'pass' | 'discard';
  #limit = Number.POSITIVE_INFINITY;
  #onLimit: () => void = () => {};
  #onFirst: (() => void) | undefined;
  #copyIsBinary = false;
  /** Notices still to be told; the others are only counted. */
  noticeBudget = 0;
  noticesDropped = 0;

  /** Rows begun and rows whole since the sink was set. */
  #begun = 0;
  #whole = 0;
  /** Of the message being read, what is still to come, and what becomes of it. */
  #left = 0;
  #rest: Rest = 'pass';
  #held: Buffer = Buffer.alloc(0);
  #shortened: Buffer = Buffer.alloc(0);
  #shortenedBytes = 0;
  #broken = false;
  readonly #events: WalkerEvents;

  constructor(events: WalkerEvents, rows: 'pass' | 'discard') {
    this.#events = events;
    this.#rows = rows;
  }

  /** Rows that were begun, those past the limit included. */
  get rowsBegun(): number {
    return this.#begun;
  }

  /**
   * From the next row on, rows go to `sink`, at most `limit` of them; the first one past the limit is told, and it and
   * all after it are thrown away.
   */
  rowsTo(sink: RowSink, limit: number, onLimit: () => void, onFirst: () => void): void {
    this.#rows = sink;
    this.#limit = limit;
    this.#onLimit = onLimit;
    this.#onFirst = onFirst;
    this.#begun = 0;
    this.#whole = 0;
    this.#copyIsBinary = false;
  }

  /** Rows of a COPY that are bytes, not lines. */
  copyIsBinary(): void {
    this.#copyIsBinary = true;
  }

  discardRows(): void {
    this.#rows = 'discard';
  }

  push(received: Buffer): void {
    if (this.#broken) return;
    let chunk = received;
    if (this.#held.length > 0) {
      chunk = Buffer.concat([this.#held, received]);
      this.#held = Buffer.alloc(0);
    }
    const end = chunk.length;
    let at = 0;
    while (at < end && !this.#broken) {
      if (this.#left > 0) {
        const to = Math.min(end, at + this.#left);
        this.#continue(chunk, at, to);
        at = to;
      } else if (end - at < headerBytes) {
        // A copy: a slice would keep the whole chunk alive.
        this.#held = Buffer.from(chunk.subarray(at));
        return;
      } else if (chunk[at] === dataRow && typeof this.#rows === 'object') {
        at = this.#walkRows(chunk, at, end, this.#rows);
      } else {
        at = this.#begin(chunk, at, end);
      }
    }
  }

  /** The hot loop: a run of rows inside one chunk is handed over as one piece. */
  #walkRows(chunk: Buffer, from: number, end: number, sink: RowSink): number {
    if (this.#onFirst) {
      this.#onFirst();
      this.#onFirst = undefined;
    }
    const base = sink.sizeBytes - from;
    let at = from;
    let left = 0;
    let begun = this.#begun;
    const limit = this.#limit;
    while (end - at >= headerBytes && chunk[at] === dataRow && begun < limit) {
      const length = readLength(chunk, at);
      if (length < 6) {
        this.#break(`a row of ${length} bytes`);
        return end;
      }
      if (begun % indexStep === 0) sink.rowStarts(begun, base + at);
      begun++;
      const next = at + 1 + length;
      if (next > end) {
        left = next - end;
        at = end;
        break;
      }
      at = next;
    }
    this.#begun = begun;
    this.#whole = left > 0 ? begun - 1 : begun;
    this.#left = left;
    this.#rest = 'row';
    if (at > from) sink.append(chunk, from, at, this.#whole);
    if (begun >= limit && at < end && chunk[at] === dataRow) this.#reachLimit();
    return at;
  }

  #reachLimit(): void {
    this.#rows = 'discard';
    this.#onLimit();
  }

  #begin(chunk: Buffer, at: number, end: number): number {
    const type = chunk[at] as number;
    const length = readLength(chunk, at);
    if (length < 4) {
      this.#break(`a message of ${length} bytes`);
      return end;
    }
    const bodyAt = at + headerBytes;
    const bodyBytes = length - 4;
    const rest = this.#restOf(type, bodyBytes);
    if (rest === null) {
      this.#break(`a message of type ${type} and ${length} bytes`);
      return end;
    }
    this.#rest = rest;
    this.#left = bodyBytes;
    switch (rest) {
      case 'pass': {
        const to = Math.min(end, bodyAt + bodyBytes);
        this.#left = bodyAt + bodyBytes - to;
        this.#events.rest(chunk.subarray(at, to));
        return to;
      }
      case 'shorten':
        this.#shortened = Buffer.alloc(headerBytes + maxToldBytes + 2);
        this.#shortened[0] = type;
        this.#shortenedBytes = headerBytes;
        return bodyAt;
      case 'copyText':
      case 'copyBinary':
        this.#beginCopyRow(rest === 'copyText' ? bodyBytes - 1 : bodyBytes);
        return bodyAt;
      default:
        return bodyAt;
    }
  }

  /** What is done with a message's body; null where it cannot be one. */
  #restOf(type: number, bodyBytes: number): Rest | null {
    switch (type) {
      case dataRow:
        if (this.#rows === 'pass') return bodyBytes > maxPlainBytes ? null : 'pass';
        this.#begun++;
        return 'skip';
      case copyData:
        if (typeof this.#rows !== 'object' || bodyBytes === 0) return 'skip';
        if (this.#begun >= this.#limit) {
          this.#reachLimit();
          return 'skip';
        }
        return this.#copyIsBinary ? 'copyBinary' : 'copyText';
      case noticeResponse:
        if (this.noticeBudget <= 0) {
          this.noticesDropped++;
          return 'skip';
        }
        this.noticeBudget--;
        return bodyBytes > maxToldBytes ? 'shorten' : 'pass';
      case errorResponse:
        return bodyBytes > maxToldBytes ? 'shorten' : 'pass';
      default:
        return bodyBytes > maxPlainBytes ? null : 'pass';
    }
  }

  /** A line of COPY becomes a row of one column; the server sends exactly one row a message. */
  #beginCopyRow(valueBytes: number): void {
    const sink = this.#rows;
    if (typeof sink !== 'object') return;
    if (this.#onFirst) {
      this.#onFirst();
      this.#onFirst = undefined;
    }
    if (this.#begun % indexStep === 0) sink.rowStarts(this.#begun, sink.sizeBytes);
    this.#begun++;
    const header = Buffer.alloc(headerBytes + 6);
    header[0] = dataRow;
    header.writeUInt32BE(4 + 2 + 4 + valueBytes, 1);
    header.writeUInt16BE(1, 5);
    header.writeUInt32BE(valueBytes, 7);
    // An empty line is whole with its header: its line end alone is still to come.
    if (valueBytes === 0) this.#whole = this.#begun;
    sink.append(header, 0, header.length, this.#whole);
  }

  #continue(chunk: Buffer, from: number, to: number): void {
    this.#left -= to - from;
    switch (this.#rest) {
      case 'pass':
        this.#events.rest(chunk.subarray(from, to));
        break;
      case 'row':
      case 'copyBinary':
      case 'copyText': {
        // Every line of a COPY ends with a line end, which is not part of the row.
        const lineEnd = this.#rest === 'copyText' ? 1 : 0;
        const last = this.#left === 0 ? to - lineEnd : to;
        if (this.#left <= lineEnd) this.#whole = this.#begun;
        if (typeof this.#rows === 'object' && last > from) this.#rows.append(chunk, from, last, this.#whole);
        break;
      }
      case 'shorten': {
        const room = headerBytes + maxToldBytes - this.#shortenedBytes;
        this.#shortenedBytes += chunk.copy(this.#shortened, this.#shortenedBytes, from, Math.min(to, from + room));
        if (this.#left === 0) this.#tellShortened();
        break;
      }
      case 'skip':
        break;
    }
  }

  /** Two zero bytes end the field that was cut and the message; the buffer was made with them. */
  #tellShortened(): void {
    const whole = this.#shortened.subarray(0, this.#shortenedBytes + 2);
    whole.writeUInt32BE(whole.length - 1, 1);
    this.#shortened = Buffer.alloc(0);
    this.#events.rest(whole);
  }

  #break(what: string): void {
    this.#broken = true;
    this.#events.broken(`The server sent ${what}: this is not PostgreSQL's protocol.`);
  }
}

const readLength = (chunk: Buffer, at: number): number =>
  ((chunk[at + 1] as number) * 0x1000000 +
    ((chunk[at + 2] as number) << 16) +
    ((chunk[at + 3] as number) << 8) +
    (chunk[at + 4] as number)) >>>
  0;
