/**
 * One tab's connection: one statement at a time, the transaction's state from ReadyForQuery, and the fence that keeps
 * a cancel from hitting what comes after it. What a run is, it does not know.
 */
import { type Client, type FieldDef, Query } from 'pg';
import type { TransactionState } from '../../../shared/api/sessions.ts';
import type { FailureError } from '../../../shared/failure.ts';
import { connectClient, type Transport } from '../connect/client.ts';
import { lostFailure } from '../connect/failures.ts';
import { columnCountAt, int32At, rowBytesAt, rowHeadBytes } from '../result/read/data-row.ts';
import type { ConnectSpec } from '../source.ts';
import { sendCancelRequest } from '../wire/cancel.ts';
import type { RowSink } from '../wire/message-walker.ts';
import type { NoticeFields } from '../wire/postgres-failure.ts';
import { encodingFor, RowConnection } from '../wire/row-connection.ts';
import { Statement, type StatementEnd, type StatementEvents, type StatementOptions } from '../wire/statement.ts';

export interface LinkEvents {
  notice(notice: NoticeFields): void;
  notification(channel: string, payload: string, backendPid: number): void;
  /** After every ReadyForQuery. */
  ready(transaction: TransactionState): void;
  lost(failure: FailureError): void;
  /** Cancels where our own request cannot reach the server. */
  cancelBySql(backendPid: number): Promise<void>;
}

/** The statement that sets client_encoding to what it has to be. */
export const setEncodingSql = {
  UTF8: "set client_encoding = 'UTF8'",
  SQL_ASCII: "set client_encoding = 'SQL_ASCII'",
} as const;

const stateOf: Readonly<Record<string, TransactionState>> = { I: 'idle', T: 'open', E: 'failed' };

export interface CollectedRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** The cells of DataRow messages. */
function* cellsOf(bytes: Buffer): Generator<(string | null)[]> {
  for (let row = 0; row < bytes.length; row += rowBytesAt(bytes, row)) {
    const cells: (string | null)[] = [];
    let at = row + rowHeadBytes;
    for (let column = columnCountAt(bytes, row); column > 0; column--) {
      const length = int32At(bytes, at);
      cells.push(length < 0 ? null : bytes.toString('utf8', at + 4, at + 4 + length));
      at += 4 + Math.max(0, length);
    }
    yield cells;
  }
}

export class Link {
  transaction: TransactionState = 'idle';
  #current: Statement | null = null;
  #fence: Promise<unknown> = Promise.resolve();
  #lastError: unknown;
  #lost = false;
  /** The disk takes no more. */
  #paused = false;
  #givingWay: NodeJS.Timeout | undefined;
  readonly #client: Client;
  readonly #connection: RowConnection;
  readonly #transport: Transport;
  readonly #events: LinkEvents;

  static async open(spec: ConnectSpec, events: LinkEvents): Promise<Link> {
    let connection: RowConnection | undefined;
    const { client, transport } = await connectClient(spec, {
      makeConnection: (stream) => {
        connection = new RowConnection(stream, 'discard');
        return connection;
      },
      applicationName: 'howdah: editor',
    });
    if (!connection) throw new Error('connectClient made no connection');
    const link = new Link(client, connection, transport, events);
    if (link.clientEncoding !== link.encoding) await link.script(setEncodingSql[link.encoding]);
    return link;
  }

  private constructor(client: Client, connection: RowConnection, transport: Transport, events: LinkEvents) {
    this.#client = client;
    this.#connection = connection;
    this.#transport = transport;
    this.#events = events;
    this.transaction = stateOf[client.getTransactionStatus() ?? ''] ?? 'idle';
    client.on('notice', (notice) => events.notice(notice as unknown as NoticeFields));
    client.on('notification', ({ channel, payload, processId }) =>
      events.notification(channel, payload ?? '', processId),
    );
    client.on('error', (error) => {
      this.#lastError ??= error;
    });
    connection.on('readyForQuery', (message: { status: string }) => this.#ready(message.status));
    connection.on('parameterDescription', (m: { dataTypeIDs: readonly number[] }) =>
      this.#current?.handleParameterDescription(m),
    );
    connection.on('copyOutResponse', (message: { binary: boolean }) => this.#current?.handleCopyOut(message));
    connection.on('end', () => this.#end());
    if (connection.stream.destroyed) this.#end();
  }

  get backendPid(): number {
    return this.#client.processID ?? 0;
  }

  get standardConformingStrings(): boolean {
    return this.#connection.reported.get('standard_conforming_strings') !== 'off';
  }

  get clientEncoding(): string {
    return this.#connection.reported.get('client_encoding') ?? 'UTF8';
  }

  /** What client_encoding has to be. */
  get encoding(): 'UTF8' | 'SQL_ASCII' {
    return encodingFor(this.#connection);
  }

  get lost(): boolean {
    return this.#lost;
  }

  /** The statement on the wire. */
  get current(): Statement | null {
    return this.#current;
  }

  /** Several statements at once, rows thrown away, by a simple query: for SQL-on-connect. Rejects with pg's error. */
  async script(text: string): Promise<void> {
    await this.#fence;
    const ready = Promise.withResolvers<void>();
    // Taken away again: a read-only connection sends one around every statement.
    const over = () => {
      this.#connection.off('readyForQuery', over);
      this.#connection.off('end', over);
      ready.resolve();
    };
    this.#connection.on('readyForQuery', over);
    this.#connection.on('end', over);
    const answered = new Promise<void>((resolve, reject) => {
      this.#client.query(new Query(text, (error) => (error ? reject(error) : resolve())));
    });
    await Promise.all([answered.catch(() => {}), ready.promise]);
    await answered;
  }

  /** Starts a statement once no cancel is under way any more. Throws where the link is lost. */
  async execute(text: string, events: StatementEvents, options?: StatementOptions): Promise<Statement> {
    await this.#fence;
    if (this.#lost) throw lostFailure(this.#lastError);
    const statement = new Statement(text, events, options);
    this.#current = statement;
    this.#client.query(statement);
    return statement;
  }

  /** The first column of the first row, as text, of a question of ours within the tab's own session. */
  async scalar(
    text: string,
    values: readonly (string | null)[] = [],
  ): Promise<StatementEnd & { readonly value: string | null }> {
    const { rows, ...end } = await this.rows(text, values, 1);
    return { ...end, value: rows[0]?.[0] ?? null };
  }

  /** The first rows, as text, of a question of ours within the tab's own session. */
  async rows(text: string, values: readonly (string | null)[], most: number): Promise<StatementEnd & CollectedRows> {
    const collected: Buffer[] = [];
    const columns: string[] = [];
    const sink: RowSink = {
      sizeBytes: 0,
      rowStarts: () => {},
      append: (chunk, from, to) => void collected.push(Buffer.from(chunk.subarray(from, to))),
    };
    const notices = this.#connection.walker.noticeBudget;
    this.#connection.walker.noticeBudget = 0;
    const fields = (found: readonly FieldDef[]) => {
      columns.push(...found.map(({ name }) => name));
      this.rowsTo(sink, most, () => {});
    };
    const statement = await this.execute(text, { fields, copyOut: () => {} }, { values });
    const end = await statement.ended;
    this.#connection.walker.noticeBudget = notices;
    return { ...end, columns, rows: [...cellsOf(Buffer.concat(collected))] };
  }

  /** Where the rows of the current statement go, from its first one on. */
  rowsTo(sink: RowSink, limit: number, onLimit: () => void, onFirst: () => void = () => {}): void {
    this.#connection.walker.rowsTo(sink, limit, onLimit, () => {
      this.#current?.answered();
      onFirst();
    });
  }
  copyIsBinary(): void {
    this.#connection.walker.copyIsBinary();
  }
  discardRows(): void {
    this.#connection.walker.discardRows();
  }
  pause(): void {
    this.#paused = true;
    this.#connection.stream.pause();
  }
  resume(): void {
    this.#paused = false;
    if (!this.#givingWay) this.#connection.stream.resume();
  }
  /** Reads nothing for so long, or until a cancel: its answer must not wait. */
  giveWay(forMs: number): void {
    if (this.#givingWay) return;
    this.#connection.stream.pause();
    this.#givingWay = setTimeout(() => this.#readOn(), forMs);
  }
  #readOn(): void {
    clearTimeout(this.#givingWay);
    this.#givingWay = undefined;
    if (!this.#paused) this.#connection.stream.resume();
  }

  /** So many notices are told, the others counted; answers with the count since the last call. */
  countNotices(budget: number): number {
    const { walker } = this.#connection;
    const dropped = walker.noticesDropped;
    walker.noticeBudget = budget;
    walker.noticesDropped = 0;
    return dropped;
  }

  /** Resolves when the server has sent its signal; the next statement waits for that. Rejects where it cannot be sent. */
  async cancel(): Promise<void> {
    if (this.#givingWay) this.#readOn();
    const sent = sendCancelRequest(this.#client, this.#transport).catch(() =>
      this.#events.cancelBySql(this.backendPid),
    );
    this.#fence = Promise.allSettled([this.#fence, sent]);
    await sent;
  }

  /** Resolves when no cancel can hit anything any more. */
  async fence(): Promise<void> {
    await this.#fence;
  }

  /** Ends the connection; with a statement under way the server is told to stop it. */
  async close(): Promise<void> {
    if (this.#lost) return;
    if (this.#current) await sendCancelRequest(this.#client, this.#transport).catch(() => {});
    // A close that the server does not take must not last: the socket goes a moment later in any case.
    const timer = setTimeout(() => this.#transport.close(), 2_000);
    this.#paused = false;
    this.#readOn();
    this.discardRows();
    await this.#client.end().catch(() => {});
    clearTimeout(timer);
    this.#transport.close();
  }

  /** Ends the connection without a word: nothing comes back any more. */
  cut(): void {
    this.#transport.close();
  }

  #ready(status: string): void {
    this.transaction = stateOf[status] ?? 'idle';
    this.#lastError = undefined;
    const ended = this.#current;
    this.#current = null;
    this.discardRows();
    ended?.end(false);
    this.#events.ready(this.transaction);
  }

  #end(): void {
    if (this.#lost) return;
    this.#lost = true;
    const ended = this.#current;
    this.#current = null;
    this.discardRows();
    // The server's last words may have been the answer to the statement.
    const cause = ended?.error ?? this.#lastError;
    this.#lastError = cause;
    this.#events.lost(lostFailure(cause ?? new Error('closed')));
    ended?.end(true);
  }
}
