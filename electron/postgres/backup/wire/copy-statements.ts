/** COPY … TO STDOUT and COPY … FROM STDIN as pg's client runs them: by a simple query, one at a time. */
import type { Connection, Submittable } from 'pg';
import { copyDone, copyFail, drained, sendRows } from '../../wire/copy-messages.ts';

interface Ending {
  /** The server's tag, "COPY 5"; null where none came. */
  readonly tag: string | null;
}

abstract class CopyStatement implements Submittable {
  readonly ended: Promise<Ending>;
  readonly #text: string;
  #tag: string | null = null;
  #settle: { resolve(ending: Ending): void; reject(reason: unknown): void } | null = null;
  protected error: unknown = null;

  constructor(text: string) {
    this.#text = text;
    this.ended = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.ended.catch(() => {});
  }

  submit(connection: Connection): void {
    connection.query(this.#text);
  }
  handleCommandComplete(message: { text: string }): void {
    this.#tag = message.text;
  }
  /** The last that pg tells of a statement that failed; what is sent next waits in pg for ReadyForQuery. */
  handleError(error: unknown): void {
    this.error ??= error;
    this.#settle?.reject(this.error);
  }
  handleReadyForQuery(): void {
    this.#settle?.resolve({ tag: this.#tag });
  }
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleCopyData(): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
  handleCopyInResponse(_connection: Connection): void {}
}

/** Its bytes come by the connection's sink. */
export class CopyOut extends CopyStatement {}

/** Sends what the source gives; a source that fails ends the COPY with nothing taken. */
export class CopyIn extends CopyStatement {
  readonly #source: AsyncIterable<Buffer>;

  constructor(text: string, source: AsyncIterable<Buffer>) {
    super(text);
    this.#source = source;
  }

  override handleCopyInResponse(connection: Connection): void {
    void this.#send(connection);
  }

  async #send({ stream }: Connection): Promise<void> {
    try {
      for await (const bytes of this.#source) {
        if (this.error || stream.destroyed) return;
        if (!sendRows(stream, bytes)) await drained(stream);
      }
      stream.write(copyDone);
    } catch (thrown) {
      this.error ??= thrown;
      stream.write(copyFail('the backup could not be read'));
    }
  }
}
