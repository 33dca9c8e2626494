/** COPY … FROM STDIN over a link: the bytes go out as CopyData while the server takes them; the outcome is the statement's own. */
import { FailureError, failureOf } from '../../../shared/failure.ts';
import { lostFailure } from '../connect/failures.ts';
import type { Link } from '../session/link.ts';
import { copyDone, copyFail, drained, sendRows, sync } from '../wire/copy-messages.ts';
import { postgresError } from '../wire/postgres-failure.ts';
import type { CopyData, StatementEnd } from '../wire/statement.ts';

/** So much is handed to the socket at once. */
const burstBytes = 512 * 1024;

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
    for (let at = 0; at < bytes.length && !this.over; at += burstBytes)
      if (!sendRows(stream, bytes.subarray(at, at + burstBytes))) await drained(stream);
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
    this.#end(Buffer.concat([copyFail(why), sync]));
    await this.#ended;
  }

  #end(messages: Buffer): void {
    if (this.over) return;
    this.#data.synced = true;
    this.#data.stream.write(messages);
  }
}

const doneAndSync = Buffer.concat([copyDone, sync]);

/** What the server said of a statement that has ended, as a failure. */
export function throwIfFailed(end: StatementEnd): void {
  if (end.lost) throw lostFailure(end.error ?? new Error('closed'));
  if (end.error) throw new FailureError(failureOf(postgresError(end.error)), { cause: end.error });
}
