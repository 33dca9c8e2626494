/** COPY … FROM STDIN over a link: the bytes go out as CopyData while the server takes them; the outcome is the statement's own. */
import { FailureError, failureOf } from '../../../shared/failure.ts';
import { lostFailure } from '../connect/failures.ts';
import type { Link } from '../session/link.ts';
import { postgresError } from '../wire/postgres-failure.ts';
import type { CopyData, StatementEnd } from '../wire/statement.ts';

const copyData = 0x64;
/** More in one message gains nothing, and the server holds a message as a whole. */
const messageBytes = 256 * 1024;

export class CopyIn {
  readonly #data: CopyData;
  readonly #ended: Promise<StatementEnd>;
  #lost = false;

  /**
   * @param text a COPY … FROM STDIN, made by us
   * @throws postgres where the server refuses it
   */
  static async open(link: Link, text: string, values: readonly (string | null)[] = []): Promise<CopyIn> {
    const wanted = Promise.withResolvers<CopyData>();
    const events = { fields: () => {}, copyOut: () => {}, copyIn: wanted.resolve };
    const statement = await link.execute(text, events, { values });
    const first = await Promise.race([wanted.promise, statement.ended]);
    if (!('tag' in first)) return new CopyIn(first, statement.ended);
    throwIfFailed(first);
    throw new FailureError({ kind: 'internal', message: 'The server took no rows for this statement.' });
  }

  private constructor(data: CopyData, ended: Promise<StatementEnd>) {
    this.#data = data;
    this.#ended = ended;
    void ended.then(() => {
      this.#lost = true;
    });
  }

  /** The server has refused a row, or is gone: what is sent now goes nowhere. `finish` says why. */
  get over(): boolean {
    return this.#lost || this.#data.synced;
  }

  /** Sends the bytes, and resolves when more may follow. They must stay as they are until then. */
  async write(bytes: Uint8Array): Promise<void> {
    const { stream } = this.#data;
    for (let at = 0; at < bytes.length && !this.over; at += messageBytes) {
      const piece = bytes.subarray(at, at + messageBytes);
      const head = Buffer.allocUnsafe(5);
      head[0] = copyData;
      head.writeInt32BE(4 + piece.length, 1);
      stream.write(head);
      if (!stream.write(piece)) await this.#drained();
    }
  }

  /** Ends the data. @returns how many rows the server took. @throws what the server said, or that it is gone */
  async finish(): Promise<number> {
    this.#end(doneAndSync);
    const end = await this.#ended;
    throwIfFailed(end);
    return Number(end.tag?.split(' ').at(-1) ?? 0);
  }

  /** Gives up: the server rolls the statement back. */
  async abandon(why: string): Promise<void> {
    const reason = Buffer.from(`${why.replaceAll('\0', '')}\0`);
    const head = Buffer.from([0x66, 0, 0, 0, 0]);
    head.writeInt32BE(4 + reason.length, 1);
    this.#end(Buffer.concat([head, reason, sync]));
    await this.#ended;
  }

  #end(messages: Buffer): void {
    if (this.over) return;
    this.#data.synced = true;
    this.#data.stream.write(messages);
  }

  async #drained(): Promise<void> {
    const drained = Promise.withResolvers<void>();
    const { stream } = this.#data;
    stream.once('drain', drained.resolve);
    await Promise.race([drained.promise, this.#ended]);
    stream.off('drain', drained.resolve);
  }
}

const sync = Buffer.from([0x53, 0, 0, 0, 4]);
const doneAndSync = Buffer.concat([Buffer.from([0x63, 0, 0, 0, 4]), sync]);

/** What the server said of a statement that has ended, as a failure. */
export function throwIfFailed(end: StatementEnd): void {
  if (end.lost) throw lostFailure(end.error ?? new Error('closed'));
  if (end.error) throw new FailureError(failureOf(postgresError(end.error)), { cause: end.error });
}
