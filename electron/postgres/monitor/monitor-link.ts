/**
 * The recorder's connection. Whatever it asks, it asks briefly and read-only: statement and lock timeouts on every
 * question, the simple protocol, nothing prepared, no transaction left open, no transaction id ever taken.
 *
 * Behind a pooler nothing is set for the session, because the session is other people's a moment later: there each
 * question is a read-only transaction that carries its settings with it.
 */
import { type Client, type CustomTypesConfig, DatabaseError, type QueryResult } from 'pg';
import { FailureError } from '../../../shared/failure.ts';
import { connectClient, type Transport } from '../connect/client.ts';
import { lostFailure } from '../connect/failures.ts';
import type { Query } from '../query.ts';
import type { ConnectSpec } from '../source.ts';
import { sendCancelRequest } from '../wire/cancel.ts';
import { catalogTypes } from '../wire/catalog-types.ts';
import { postgresError } from '../wire/postgres-failure.ts';
import { encodingFor, RowConnection } from '../wire/row-connection.ts';

/** What the server says of itself with every answer. */
export interface Moment {
  /** clock_timestamp(), epoch ms with fractions. */
  readonly atMs: number;
  /** pg_postmaster_start_time(), epoch microseconds. */
  readonly startedUs: string;
  readonly inRecovery: boolean;
}
export interface Answer<Row> {
  readonly moment: Moment;
  readonly rows: Row[];
}
export interface LinkOptions {
  /** A second later the question is cancelled from here, two more and the connection is cut. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Its values. Asked again and again: parsed and planned once, where nobody stands between who would lose it. */
  readonly prepared?: readonly unknown[];
}

export const monitorName = 'howdah monitor';
const standardTimeoutMs = 10_000;
const lockTimeoutMs = 100;
const graceMs = 1_000;

interface Pooled {
  readonly backendPid: number;
  readonly versionNum: number;
}

export class MonitorLink {
  readonly #client: Client;
  readonly #transport: Transport;
  readonly #encoding: string;
  #turn: Promise<unknown> = Promise.resolve();
  /** The server's statement_timeout; null: not known. */
  #timeoutMs: number | null = null;
  #lost: unknown = null;
  #pooled = false;
  #versionNum = 0;
  #leastMs = 0;
  /** Of what was prepared; another one after it was lost. */
  #preparedAnew = 0;
  readonly #preparedTexts = new Map<string, string>();
  /** Aborted when the connection has gone. */
  readonly #gone = new AbortController();

  /** Connects as `howdah monitor`. Throws why there is no connection. */
  static async open(spec: ConnectSpec, signal?: AbortSignal): Promise<MonitorLink> {
    let connection: RowConnection | undefined;
    const { application_name, ...parameters } = spec.parameters;
    const { client, transport } = await connectClient(
      // Read-only is said in our own way below: a pooler would refuse it in the startup packet.
      { ...spec, parameters, readOnly: false },
      {
        makeConnection: (stream) => {
          connection = new RowConnection(stream, 'pass');
          return connection;
        },
        applicationName: monitorName,
        signal,
      },
    );
    const link = new MonitorLink(client, transport, connection ? encodingFor(connection) : 'UTF8');
    try {
      await link.#prepare();
    } catch (thrown) {
      link.cut();
      throw thrown;
    }
    return link;
  }

  private constructor(client: Client, transport: Transport, encoding: string) {
    this.#client = client;
    this.#transport = transport;
    this.#encoding = encoding;
    const lost = (error?: unknown) => {
      this.#lost ??= error ?? new Error('closed');
      this.#gone.abort();
    };
    client.on('error', lost);
    client.on('end', () => lost());
  }

  /** server_version_num. */
  get versionNum(): number {
    return this.#versionNum;
  }
  /** The major version, for texts that differ by it. */
  get major(): number {
    return Math.floor(this.#versionNum / 10_000);
  }
  /** Another process answers than the one that greeted us. */
  get pooled(): boolean {
    return this.#pooled;
  }
  /** The shortest that an answer took, in milliseconds: the way there and back, more or less. */
  get leastMs(): number {
    return this.#leastMs;
  }
  get lost(): boolean {
    return this.#lost !== null;
  }
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Cells as PostgreSQL's text. One question at a time, in the order asked. */
  ask<Row>(question: Query<Row> | string, options: LinkOptions = {}): Promise<Answer<Row>> {
    const text = typeof question === 'string' ? question : question.text(this.major);
    const name = typeof question === 'string' ? null : question.name;
    if (options.prepared && name !== null && !this.#pooled)
      return this.#inTurn(options, (timeoutMs) => this.#prepared<Row>(name, text, options.prepared, timeoutMs));
    return this.#inTurn(options, (timeoutMs) => this.#simple<Row>(text, timeoutMs, textTypes));
  }

  /** With values; booleans, small integers and arrays are decoded. */
  askWith<Row>(question: Query<Row>, values: readonly unknown[], options: LinkOptions = {}): Promise<Row[]> {
    return this.#inTurn(options, (timeoutMs) => this.#bound<Row>(question.text(this.major), values, timeoutMs));
  }

  /**
   * For a connection that asks each second. A look at all sessions takes about 2 kB for each that may be, and the C
   * library of the server gives that back to the system after each look, to have it made and cleared anew, a page at a
   * time, for the next: half of what the look costs. Once it has seen something freed that is as large as that, it
   * keeps so much for good. Behind a pooler the process is somebody else's, and stays as it is.
   */
  async keepMemory(): Promise<void> {
    if (!this.#pooled) await this.ask(memorySql);
  }

  /** The server's clock. */
  async moment(): Promise<Moment> {
    return (await this.ask('select')).moment;
  }

  /** Says goodbye; a question under way is left two seconds. */
  async close(): Promise<void> {
    if (this.lost) return this.#transport.close();
    // From now on nothing can be asked: what is due meanwhile has not failed.
    this.#lost = new Error('closed');
    const timer = setTimeout(() => this.#transport.close(), 2_000);
    await this.#client.end().catch(() => {});
    clearTimeout(timer);
    this.#transport.close();
  }

  /** Ends the connection without a word. */
  cut(): void {
    this.#lost ??= new Error('cut');
    this.#gone.abort();
    this.#transport.close();
  }

  async #prepare(): Promise<void> {
    const began = performance.now();
    const [self] = (await this.#client.query<Pooled>({ text: greetingSql, types: catalogTypes })).rows;
    this.#leastMs = performance.now() - began;
    this.#versionNum = self?.versionNum ?? 0;
    this.#pooled = self?.backendPid !== this.#client.processID;
    if (this.#pooled) return;
    const encoding = this.#encoding === 'SQL_ASCII' ? "'SQL_ASCII'" : "'UTF8'";
    await this.#client.query(
      `set client_encoding = ${encoding}; ${sessionSql.map((each) => `set ${each}`).join('; ')}`,
    );
    this.#timeoutMs = standardTimeoutMs;
    await this.#client.query({ text: quietSql });
  }

  #inTurn<T>(options: LinkOptions, work: (timeoutMs: number) => Promise<T>): Promise<T> {
    const turn = this.#turn.then(() => this.#guarded(options, work));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #guarded<T>(options: LinkOptions, work: (timeoutMs: number) => Promise<T>): Promise<T> {
    const { timeoutMs = standardTimeoutMs, signal } = options;
    signal?.throwIfAborted();
    if (this.lost) throw lostFailure(this.#lost);
    let cancelled: Promise<void> | undefined;
    const cancel = () => {
      cancelled ??= sendCancelRequest(this.#client, this.#transport).catch(() => this.cut());
    };
    const late = setTimeout(cancel, timeoutMs + graceMs);
    const tooLate = setTimeout(() => this.cut(), timeoutMs + 3 * graceMs);
    signal?.addEventListener('abort', cancel, { once: true });
    const began = performance.now();
    try {
      const answer = await work(timeoutMs);
      this.#leastMs = Math.min(this.#leastMs, performance.now() - began);
      return answer;
    } catch (thrown) {
      // A setting made in a message that failed has been taken back.
      this.#timeoutMs = null;
      if (thrown instanceof FailureError) throw thrown;
      throw thrown instanceof DatabaseError && !this.lost ? postgresError(thrown) : lostFailure(this.#lost ?? thrown);
    } finally {
      clearTimeout(late);
      clearTimeout(tooLate);
      signal?.removeEventListener('abort', cancel);
      // The next question waits until this cancel can hit nothing any more.
      await cancelled;
    }
  }

  /** Several statements in one message are one transaction, so that what is set behind a pooler ends with it. */
  async #simple<Row>(text: string, timeoutMs: number, types: CustomTypesConfig): Promise<Answer<Row>> {
    const script = `${this.#before(timeoutMs)}${momentSql}; ${text}${this.#pooled ? '; commit' : ''}`;
    // Of several statements pg gives several results, which its types do not tell.
    const results = (await this.#client.query({ text: script, types })) as unknown as QueryResult[];
    this.#timeoutMs = standing(timeoutMs);
    const [clock, answer] = results.filter(({ command }) => command === 'SELECT').slice(-2);
    return { moment: momentOf(clock?.rows[0]), rows: (answer?.rows ?? []) as Row[] };
  }

  async #prepared<Row>(
    name: string,
    text: string,
    values: readonly unknown[] = [],
    timeoutMs: number,
  ): Promise<Answer<Row>> {
    try {
      return await this.#executed(name, text, values, timeoutMs);
    } catch (thrown) {
      if (!(thrown instanceof DatabaseError) || !lostStatement.has(thrown.code ?? '')) throw thrown;
      this.#preparedAnew++;
      return this.#executed(name, text, values, timeoutMs);
    }
  }

  async #executed<Row>(
    name: string,
    text: string,
    values: readonly unknown[],
    timeoutMs: number,
  ): Promise<Answer<Row>> {
    // An extension was altered.
    if ((this.#preparedTexts.get(name) ?? text) !== text) this.#preparedAnew++;
    this.#preparedTexts.set(name, text);
    const before = this.#before(timeoutMs);
    if (before) await this.#client.query(before);
    this.#timeoutMs = standing(timeoutMs);
    // One row at least, for the clock's sake; in one column, because each row of hundreds has it.
    const whole = `select m.moment, q.* from (select concat_ws(' ', n.at, n.started, n.recovering) as moment
  from (${momentSql}) n offset 0) m left join (select true as "isRow", r.* from (${text}) r) q on true`;
    const { rows } = await this.#client.query<Row & Record<'moment' | 'isRow', string>>({
      name: `howdah:${name}${this.#preparedAnew || ''}`,
      text: whole,
      values: [...values],
      types: textTypes,
    });
    const [at, started, recovering] = (rows[0]?.moment ?? '').split(' ');
    return { moment: momentOf({ at, started, recovering }), rows: rows.filter(({ isRow }) => isRow === 't') };
  }

  async #bound<Row>(text: string, values: readonly unknown[], timeoutMs: number): Promise<Row[]> {
    const before = this.#before(timeoutMs);
    if (before) await this.#client.query(before);
    this.#timeoutMs = standing(timeoutMs);
    try {
      return (await this.#client.query({ text, values: [...values], types: catalogTypes })).rows as Row[];
    } finally {
      if (this.#pooled && !this.lost) await this.#client.query('rollback');
    }
  }

  /** Shorter ones than the standard are ours alone: each that is set costs as much as a small question. */
  #before(timeoutMs: number): string {
    const timeout = Math.max(1, Math.round(timeoutMs));
    if (!this.#pooled)
      return this.#timeoutMs === standing(timeoutMs) ? '' : `set statement_timeout = ${standing(timeoutMs)}; `;
    return `begin transaction read only; set local statement_timeout = ${Number(timeout)}; ${localSql}; `;
  }
}

const standing = (timeoutMs: number): number => Math.max(standardTimeoutMs, Math.round(timeoutMs));

/** Somebody between dropped what was prepared, or its columns have another type now. */
const lostStatement: ReadonlySet<string> = new Set(['26000', '0A000']);

const settings = [
  `lock_timeout = ${lockTimeoutMs}`,
  'jit = off',
  'max_parallel_workers_per_gather = 0',
  'search_path = pg_catalog, pg_temp',
  "datestyle = 'ISO, YMD'",
  "timezone = 'UTC'",
  'extra_float_digits = 1',
];
const sessionSql = [
  ...settings,
  `statement_timeout = ${standardTimeoutMs}`,
  'idle_in_transaction_session_timeout = 30000',
  'default_transaction_read_only = on',
];
const localSql = settings.map((each) => `set local ${each}`).join('; ');

/** Where the role may say so: what the recorder asks is neither logged nor counted among the statements. */
const quietSql = `/* howdah:recorder.quiet */ select pg_catalog.set_config(s.name, q.value, false)
from pg_catalog.pg_settings s join (values ('log_min_duration_statement', '-1'), ('log_statement', 'none'),
  ('log_duration', 'off'), ('pg_stat_statements.track', 'none')) q (name, value) on q.name = s.name
where (select r.rolsuper from pg_catalog.pg_roles r where r.rolname = current_user)`;

const greetingSql = `/* howdah:recorder.greeting */ select pg_catalog.pg_backend_pid() as "backendPid",
  pg_catalog.current_setting('server_version_num')::int4 as "versionNum"`;

/** Twice what is told of so many sessions and the server's own processes; glibc keeps twice what was freed at once. */
const memorySql = `/* howdah:recorder.keep-memory */
select length(repeat(repeat('x', 1024), least(2 * current_setting('max_connections')::int4 + 256, 8192)))`;

const momentSql = `select date_part('epoch', clock_timestamp()) * 1000 as at,
  (date_part('epoch', pg_postmaster_start_time()) * 1000000)::int8 as started, pg_is_in_recovery() as recovering`;

const momentOf = (row: Record<string, string | undefined> | undefined): Moment => ({
  atMs: Number(row?.at),
  startedUs: row?.started ?? '',
  inRecovery: row?.recovering === 't',
});

const asText = (value: string): string => value;
const textTypes: CustomTypesConfig = { getTypeParser: (() => asText) as CustomTypesConfig['getTypeParser'] };
