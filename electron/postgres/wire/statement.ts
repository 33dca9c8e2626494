/**
 * One statement on the wire: Parse, Describe, Bind, Execute without a row limit, and Sync, in one write. The server
 * refuses a Parse of more than one statement, so what was split is what is run. Every statement that a client may
 * send goes this way, utility commands and COPY too; Parse refuses none that a simple query would take.
 *
 * It has ended when ReadyForQuery came, not before: outside of a transaction the server commits at Sync, and may fail
 * there after it has already reported the command complete.
 */
import type { Duplex } from 'node:stream';
import { type Connection, DatabaseError, type FieldDef, type Submittable } from 'pg';

export interface StatementEvents {
  /** The statement will give rows of this form, if it does not fail before. */
  fields(fields: readonly FieldDef[]): void;
  /** COPY … TO STDOUT: the rows are lines, or bytes. */
  copyOut(binary: boolean): void;
  /** COPY … FROM STDIN: the server waits for data. Refused where absent. */
  copyIn?(data: CopyData): void;
}

/** Where the rows of a COPY … FROM STDIN go, as messages. The server ignores the Sync that came with the statement. */
export interface CopyData {
  readonly stream: Duplex;
  /** The Sync that ends it has been sent; nothing may follow. */
  synced: boolean;
}

export interface StatementEnd {
  /** The server's tag, "UPDATE 3"; null where none came. */
  readonly tag: string | null;
  readonly error: DatabaseError | null;
  /** The link broke before ReadyForQuery. */
  readonly lost: boolean;
  /** It was a COPY … FROM STDIN, which was refused. */
  readonly wantedInput: boolean;
  /** The types that the server takes for the parameters ($1…) of its text, as OIDs. */
  readonly parameterTypes: readonly number[];
  /** performance.now() of the sending, the server's first answer about the execution, and the end. */
  readonly sentAt: number;
  readonly firstAt: number;
  readonly endedAt: number;
}

export interface StatementOptions {
  /** For `$1`, `$2`…, in text form; null is NULL. The server takes them as the types it inferred. */
  readonly values?: readonly (string | null)[];
  /** Asks what it would take and give, and runs nothing. */
  readonly describeOnly?: boolean;
}

export class Statement implements Submittable {
  readonly ended: Promise<StatementEnd>;
  /** We asked the server to stop it, because it had given as many rows as were wanted. */
  cutShort = false;
  readonly #text: string;
  readonly #events: StatementEvents;
  readonly #options: StatementOptions;
  #resolve: (end: StatementEnd) => void = () => {};
  #tag: string | null = null;
  #error: DatabaseError | null = null;
  #wantedInput = false;
  #copyData: CopyData | null = null;
  #parameterTypes: readonly number[] = [];
  #sentAt = 0;
  #firstAt = 0;

  /** @param text without NUL characters */
  constructor(text: string, events: StatementEvents, options: StatementOptions = {}) {
    this.#text = text;
    this.#events = events;
    this.#options = options;
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get error(): DatabaseError | null {
    return this.#error;
  }

  /** The first row, or the end, has come. */
  answered(): void {
    this.#firstAt ||= performance.now();
  }

  end(lost: boolean): void {
    const endedAt = performance.now();
    this.#resolve({
      tag: this.#tag,
      error: this.#error,
      lost,
      wantedInput: this.#wantedInput,
      parameterTypes: this.#parameterTypes,
      sentAt: this.#sentAt || endedAt,
      firstAt: this.#firstAt || endedAt,
      endedAt,
    });
  }

  submit(connection: Connection): void {
    this.#sentAt = performance.now();
    const { values = [], describeOnly = false } = this.#options;
    connection.stream.write(statementMessages(this.#text, describeOnly ? sync : runMessages(values)));
  }

  handleRowDescription(message: { fields: readonly FieldDef[] }): void {
    this.#events.fields(message.fields);
  }

  handleParameterDescription(message: { dataTypeIDs: readonly number[] }): void {
    this.#parameterTypes = message.dataTypeIDs;
  }

  handleCopyOut(message: { binary: boolean }): void {
    this.#events.copyOut(message.binary);
  }

  /** The server discards the Sync that it gets while it waits for data: a new one follows the refusal. */
  handleCopyInResponse(connection: Connection): void {
    if (this.#events.copyIn) {
      this.#copyData = { stream: connection.stream, synced: false };
      this.#events.copyIn(this.#copyData);
      return;
    }
    this.#wantedInput = true;
    connection.stream.write(copyRefusal);
  }

  handleCommandComplete(message: { text: string }): void {
    this.answered();
    this.#tag = message.text;
  }

  handleEmptyQuery(): void {
    this.answered();
    this.#tag = '';
  }

  /** Errors of the link are no answer of the server; that one ends the statement when the stream has closed. */
  handleError(error: unknown): void {
    this.answered();
    if (!(error instanceof DatabaseError)) return;
    this.#error = error;
    // From here on the server passes over what was sent, up to a Sync.
    if (!this.#copyData || this.#copyData.synced) return;
    this.#copyData.synced = true;
    this.#copyData.stream.write(sync);
  }

  handleDataRow(): void {}
  handleCopyData(): void {}
  handlePortalSuspended(): void {}
  handleReadyForQuery(): void {}
}

/** Of our own making: pg's writer would keep a buffer as large as the largest statement for ever. */
function statementMessages(text: string, then: Buffer): Buffer {
  const textBytes = Buffer.byteLength(text);
  const parseBytes = 1 + 4 + 1 + textBytes + 1 + 2;
  const messages = Buffer.alloc(parseBytes + describe.length + then.length);
  messages[0] = 0x50; // P: no name, text, no parameter types: the server infers them
  messages.writeInt32BE(parseBytes - 1, 1);
  messages.write(text, 6, 'utf8');
  describe.copy(messages, parseBytes);
  then.copy(messages, parseBytes + describe.length);
  return messages;
}

/** Bind of the unnamed portal with all values and all results as text, Execute without a row limit, Sync. */
function runMessages(values: readonly (string | null)[]): Buffer {
  if (values.length === 0) return withoutValues;
  const parts: Buffer[] = [];
  let bytes = 0;
  const add = (part: Buffer): void => {
    parts.push(part);
    bytes += part.length;
  };
  for (const value of values) {
    const length = Buffer.alloc(4);
    length.writeInt32BE(value === null ? -1 : Buffer.byteLength(value));
    add(length);
    if (value) add(Buffer.from(value));
  }
  const head = Buffer.alloc(1 + 4 + 2 + 2 + 2);
  head.write('B');
  head.writeInt32BE(4 + 2 + 2 + 2 + bytes + 2, 1);
  head.writeUInt16BE(values.length, 9);
  return Buffer.concat([head, ...parts, Buffer.alloc(2), execute, sync]);
}

const message = (type: string, body: readonly number[]): Buffer => {
  const header = Buffer.alloc(5);
  header.write(type);
  header.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([header, Buffer.from(body)]);
};

const sync = message('S', []);
/** The statement, not the portal: this also tells which parameters it has. */
const describe = message('D', [0x53, 0]);
const execute = message('E', [0, 0, 0, 0, 0]);
const withoutValues = Buffer.concat([message('B', [0, 0, 0, 0, 0, 0, 0, 0]), execute, sync]);
const copyRefusal = Buffer.concat([
  message('f', [...Buffer.from('no data: COPY FROM STDIN is not supported'), 0]),
  sync,
]);
