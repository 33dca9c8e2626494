/** A connection of a backup or a restore: questions, scripts, COPY both ways, and an end that a cancel reaches. */
import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import pg from 'pg';
import { FailureError, failureOf } from '../../../../shared/failure.ts';
import { connectClient, type Transport } from '../../connect/client.ts';
import { lostFailure, unknownCommit } from '../../connect/failures.ts';
import type { Asker } from '../../ddl/asker.ts';
import type { Query } from '../../query.ts';
import type { ConnectSpec } from '../../source.ts';
import { sendCancelRequest } from '../../wire/cancel.ts';
import { catalogTypes } from '../../wire/catalog-types.ts';
import { postgresError } from '../../wire/postgres-failure.ts';
import { CopyIn, CopyOut } from './copy-statements.ts';
import { type CopySink, CopyWalker } from './copy-walker.ts';

/** Nothing of the role's or the database's own settings may change what is written or read. */
const setup = `set search_path = ''; set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0;
set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set extra_float_digits = 3; set bytea_output = 'hex'; set timezone = 'UTC';
set standard_conforming_strings = on; set synchronize_seqscans = off; set row_security = off; set quote_all_identifiers = off;
set xmloption = 'content'; set client_min_messages = 'warning'; set default_transaction_read_only = off`;

class CopyConnection extends pg.Connection {
  readonly walker: CopyWalker;
  readonly #rest = new EventEmitter();

  constructor(stream: Duplex) {
    super({ stream: () => stream });
    this.walker = new CopyWalker((bytes) => this.#rest.emit('data', bytes));
  }
  override attachListeners(stream: EventEmitter): void {
    super.attachListeners(this.#rest);
    stream.on('data', (chunk: Buffer) => this.walker.push(chunk));
  }
}

export class BackupLink implements Asker {
  readonly facts: Asker['facts'];
  readonly #client: pg.Client;
  readonly #connection: CopyConnection;
  readonly #transport: Transport;
  #running = false;

  /** @throws connection failures; `cancelled` */
  static async open(spec: ConnectSpec, applicationName: string, signal?: AbortSignal): Promise<BackupLink> {
    let connection: CopyConnection | undefined;
    const { client, transport } = await connectClient(spec, {
      makeConnection: (stream) => {
        connection = new CopyConnection(stream);
        return connection;
      },
      applicationName,
      ...(signal ? { signal } : {}),
    });
    if (!connection) throw new Error('connectClient made no connection');
    try {
      return await BackupLink.#ready(client, connection, transport);
    } catch (thrown) {
      transport.close();
      throw inWords(thrown);
    }
  }

  static async #ready(client: pg.Client, connection: CopyConnection, transport: Transport): Promise<BackupLink> {
    const { rows } = await client.query<{ version: string; num: string; encoding: string; db: string; role: string }>(
      `/* howdah:backup.facts */ select current_setting('server_version') as version, current_setting('server_version_num') as num,
        current_setting('server_encoding') as encoding, current_database()::text as db, current_user::text as role`,
    );
    const [row] = rows;
    if (!row) throw new Error('the server says nothing of itself');
    // A database without an encoding gives its bytes as they are; anything else would refuse some of them.
    const encoding = row.encoding === 'SQL_ASCII' ? 'SQL_ASCII' : 'UTF8';
    await client.query(`${setup}; set client_encoding = '${encoding}'`);
    const versionNum = Number(row.num);
    if (versionNum >= 170_000) await client.query('set transaction_timeout = 0');
    return new BackupLink(client, connection, transport, {
      version: row.version,
      versionNum,
      database: row.db,
      user: row.role,
      standby: false,
      readOnly: false,
      transport: transport.summary,
    });
  }

  private constructor(client: pg.Client, connection: CopyConnection, transport: Transport, facts: Asker['facts']) {
    this.#client = client;
    this.#connection = connection;
    this.#transport = transport;
    this.facts = facts;
  }

  get backendPid(): number {
    return this.#client.processID ?? 0;
  }

  async ask<Row>(query: Query<Row>, values: readonly unknown[] = []): Promise<Row[]> {
    const text = query.text(Math.floor(this.facts.versionNum / 10_000));
    return (await this.rows<Row & pg.QueryResultRow>(text, values)) as Row[];
  }

  /** One statement with values. */
  async rows<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.#guarded(
      async () => (await this.#client.query<Row>({ text, values: [...values], types: catalogTypes })).rows,
    );
  }

  /** Statements of a script, by a simple query: several of them are one transaction unless one is open. */
  async script(sql: string): Promise<void> {
    await this.#guarded(() => this.#client.query(sql));
  }

  /** @throws outcomeUnknown where the link is lost on the way, with the transaction's id where it has one */
  async commit(): Promise<void> {
    const [asked] = await this.rows<{ xid: string | null }>(
      'select pg_catalog.pg_current_xact_id_if_assigned()::text as xid',
    );
    try {
      await this.script('commit');
    } catch (thrown) {
      const failure = failureOf(thrown);
      // Refused, it is undone; but the last words of a server that goes may come behind its commit.
      if (failure.kind === 'postgres' && !/^(FATAL|PANIC)$/.test(failure.severity)) throw thrown;
      throw unknownCommit(asked?.xid ?? undefined, thrown);
    }
  }

  /** @returns how many rows the server says it sent */
  async copyOut(sql: string, sink: CopySink): Promise<number> {
    return this.#guarded(async () => {
      this.#connection.walker.sink = sink;
      try {
        return rowsOf((await this.#client.query(new CopyOut(sql)).ended).tag);
      } finally {
        this.#connection.walker.sink = null;
      }
    });
  }

  /** @returns how many rows the server took */
  async copyIn(sql: string, source: AsyncIterable<Buffer>): Promise<number> {
    return this.#guarded(async () => rowsOf((await this.#client.query(new CopyIn(sql, source)).ended).tag));
  }

  pause(): void {
    this.#connection.stream.pause();
  }
  resume(): void {
    this.#connection.stream.resume();
  }

  /** Has the server stop what it is doing for this connection; what waits for it then fails. */
  async cancel(): Promise<void> {
    this.#connection.stream.resume();
    if (this.#running) await sendCancelRequest(this.#client, this.#transport).catch(() => this.#transport.close());
  }

  async close(): Promise<void> {
    this.#connection.stream.resume();
    const timer = setTimeout(() => this.#transport.close(), 2_000);
    await this.#client.end().catch(() => {});
    clearTimeout(timer);
    this.#transport.close();
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    this.#running = true;
    try {
      return await work();
    } catch (thrown) {
      throw inWords(thrown);
    } finally {
      this.#running = false;
    }
  }
}

const rowsOf = (tag: string | null): number => Number(/(\d+)$/.exec(tag ?? '')?.[1] ?? Number.NaN);

function inWords(thrown: unknown): unknown {
  if (thrown instanceof FailureError) return thrown;
  if (thrown instanceof pg.DatabaseError) return postgresError(thrown);
  return isOfTheLink(thrown) ? lostFailure(thrown) : thrown;
}
/** pg says "Connection terminated …" without a code; sockets have one. */
const isOfTheLink = (thrown: unknown): boolean =>
  thrown instanceof Error &&
  (thrown.message.startsWith('Connection terminated') ||
    thrown.message.startsWith('Client has encountered a connection error') ||
    ('code' in thrown &&
      'syscall' in thrown &&
      String(thrown.syscall) !== 'open' &&
      /^(read|write|connect)$/.test(String(thrown.syscall)) &&
      /^E(CONN|PIPE|TIMEDOUT)/.test(String(thrown.code))));
