/**
 * A statement that the server analyses and never runs: Parse and Sync, no Bind, no Execute. What PREPARE would say
 * about it (unknown names, types that do not fit) comes as an error; nothing is left behind, not even a name. The
 * server refuses a Parse of more than one statement, so nothing can follow what was meant.
 */
import { type Connection, DatabaseError, type Submittable } from 'pg';

export class ParseOnly implements Submittable {
  readonly ended: Promise<DatabaseError | null>;
  readonly #text: string;
  #resolve: (error: DatabaseError | null) => void = () => {};
  #reject: (reason: unknown) => void = () => {};

  /** @param text without NUL characters */
  constructor(text: string) {
    this.#text = text;
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: Connection): void {
    const body = Buffer.byteLength(this.#text) + 4;
    const messages = Buffer.alloc(1 + 4 + body + syncBytes);
    messages[0] = 0x50; // P: no name, text, no parameter types
    messages.writeInt32BE(4 + body, 1);
    messages.write(this.#text, 6, 'utf8');
    messages[5 + body] = 0x53; // S
    messages.writeInt32BE(4, 6 + body);
    connection.stream.write(messages);
  }

  /** pg forgets a statement at its error: the ReadyForQuery after it goes to the next one. */
  handleError(error: unknown): void {
    if (error instanceof DatabaseError) this.#resolve(error);
    else this.#reject(error);
  }
  handleReadyForQuery(): void {
    this.#resolve(null);
  }

  handleRowDescription(): void {}
  handleParameterDescription(): void {}
  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
  handleDataRow(): void {}
  handleCopyData(): void {}
  handlePortalSuspended(): void {}
}

const syncBytes = 5;
