/**
 * The server's messages up to the first ReadyForQuery, taken apart before pg sees them: `kind (1) length (4) body`.
 * pg's own parser looks for the end of a string without looking for the end of the message, so that a malformed one
 * would keep it busy for ever; here such a message is refused.
 */

/** libpq allows 30,000 for an error and 2,000 for a question; a login trigger may raise longer notices. */
const longest = 1 << 20;
const zero = 0;

/** Where the string that begins at `from` ends (after its zero), or -1 where it has no end. */
const afterString = (body: Uint8Array, from: number): number => body.indexOf(zero, from) + 1 || -1;

function stringsFill(body: Uint8Array, count: number): boolean {
  let at = 0;
  for (let string = 0; string < count && at >= 0; string++) at = afterString(body, at);
  return at === body.length;
}

/** ErrorResponse and NoticeResponse: (field code, string)*, then a zero. */
function fieldsFill(body: Uint8Array): boolean {
  let at = 0;
  while (at >= 0 && at < body.length && body[at] !== zero) at = afterString(body, at + 1);
  return at === body.length - 1;
}

/** SASL mechanisms: (string)*, then an empty one. */
function listFills(body: Uint8Array): boolean {
  let at = 4;
  while (at >= 4 && at < body.length && body[at] !== zero) at = afterString(body, at);
  return at === body.length - 1;
}

function isWellFormed(kind: string, body: Buffer): boolean {
  switch (kind) {
    case 'R':
      return body.length >= 4 && (body.readInt32BE(0) !== 10 || listFills(body));
    case 'E':
    case 'N':
      return fieldsFill(body);
    case 'S':
      return stringsFill(body, 2);
    case 'K':
      return body.length === 8;
    case 'Z':
      return body.length === 1;
    default:
      return false;
  }
}

export type LoginChunk =
  /** Whole messages, one each; `rest` follows the first ReadyForQuery and is not looked at. */
  | { readonly messages: readonly Buffer[]; readonly rest: Buffer | null }
  /** No PostgreSQL server says this. */
  | 'foreign';

/** Cuts the stream into messages while the log-in lasts. */
export class LoginMessages {
  #waiting: Buffer = Buffer.alloc(0);
  #total = 0;

  take(chunk: Buffer): LoginChunk {
    this.#total += chunk.length;
    let left = this.#waiting.length === 0 ? chunk : Buffer.concat([this.#waiting, chunk]);
    const messages: Buffer[] = [];
    while (left.length > 0) {
      const kind = String.fromCharCode(left[0] as number);
      if (!'RENSKZ'.includes(kind)) return 'foreign';
      if (left.length < 5) break;
      const length = left.readUInt32BE(1);
      if (length < 4 || length > longest) return 'foreign';
      if (left.length < length + 1) break;
      const message = left.subarray(0, length + 1);
      if (!isWellFormed(kind, message.subarray(5))) return 'foreign';
      messages.push(message);
      left = left.subarray(length + 1);
      if (kind === 'Z') return { messages, rest: left };
    }
    this.#waiting = left;
    return this.#total > longest ? 'foreign' : { messages, rest: null };
  }
}
