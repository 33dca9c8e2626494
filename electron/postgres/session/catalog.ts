/**
 * The connections that no tab uses: for the object tree, completion, and our own questions; and, in a pool of their
 * own, for the rows of tables. At most two, opened when needed; each question is its own read-only transaction, so
 * nothing of ours stays open or holds a lock.
 */
import { type Client, DatabaseError, type FieldDef } from 'pg';
import type { ServerFacts } from '../../../shared/api/sessions.ts';
import { FailureError } from '../../../shared/failure.ts';
import { quoteIdentifier } from '../../../shared/sql/quote.ts';
import { connectClient, type Transport } from '../connect/client.ts';
import { lostFailure } from '../connect/failures.ts';
import type { ConnectSpec } from '../source.ts';
import { sendCancelRequest } from '../wire/cancel.ts';
import { catalogTypes, textTypes } from '../wire/catalog-types.ts';
import { ParseOnly } from '../wire/parse-only.ts';
import { postgresError } from '../wire/postgres-failure.ts';
import { encodingFor, RowConnection } from '../wire/row-connection.ts';
import { AdmittedReads } from './read-only/admitted-reads.ts';

export interface Question {
  readonly text: string;
  readonly values?: readonly unknown[];
  /** The text is a person's statement: it is analysed with these schemas in sight, and never run. */
  readonly parseIn?: readonly string[];
  /** statement_timeout; 30,000 where not given. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}
export type Row = Record<string, unknown>;
/** Rows as the server's texts, with what RowDescription says of the columns. */
export interface TextAnswer {
  readonly fields: readonly FieldDef[];
  readonly rows: (string | null)[][];
}

const mostConnections = 2;
/** Each of them may have died without our having heard of it; the next attempt then connects anew. */
const mostRetries = mostConnections;
const standardTimeoutMs = 30_000;
const lockTimeoutMs = 5_000;
const parseLockTimeoutMs = 100;
/** The second connection is given back when it was not needed for so long. */
const spareMs = 30_000;

interface Line {
  readonly client: Client;
  readonly transport: Transport;
  timeoutMs: number;
  /** ReadyForQuery came for all that was sent. */
  ready: boolean;
  gone: boolean;
  idleSince: number;
}
interface Waiting {
  readonly question: Question;
  /** Rows are wanted as texts in the order of the columns. */
  readonly asTexts: boolean;
  readonly resolve: (answer: TextAnswer | Row[]) => void;
  readonly reject: (reason: unknown) => void;
  retries: number;
}

export class Catalog {
  #spec: ConnectSpec;
  readonly #idle: Line[] = [];
  readonly #waiting: Waiting[] = [];
  #connections = 0;
  #closed = false;
  #summary = '';
  readonly #spareTimer: NodeJS.Timeout;
  readonly #use: Use;
  readonly #reads = new AdmittedReads();

  constructor(spec: ConnectSpec, use: Use = 'catalog') {
    this.#spec = spec;
    this.#use = use;
    this.#spareTimer = setInterval(() => this.#giveBack(), spareMs).unref();
  }

  /** A newer spec (a changed password): used from the next connection on. */
  useSpec(spec: ConnectSpec): void {
    this.#spec = spec;
  }

  async facts(): Promise<ServerFacts> {
    const [row] = await this.ask({ text: factsSql });
    const { readOnly, ...facts } = row as unknown as FactsRow;
    return { ...facts, readOnly: readOnly || this.#spec.readOnly, transport: this.#summary };
  }

  /** Rows by column name; see `catalogTypes` for their values. Throws FailureError. */
  async ask(question: Question): Promise<Row[]> {
    return (await this.#enqueue(question, false)) as Row[];
  }

  /** Rows as texts, exactly as the server sent them. Throws FailureError. */
  async read(question: Question): Promise<TextAnswer> {
    return (await this.#enqueue(question, true)) as TextAnswer;
  }

  #enqueue(question: Question, asTexts: boolean): Promise<TextAnswer | Row[]> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { question, asTexts, resolve, reject, retries: 0 };
      if (question.signal?.aborted || this.#closed) return reject(stopped());
      question.signal?.addEventListener('abort', () => this.#giveUp(waiting), { once: true });
      this.#waiting.push(waiting);
      this.#serve();
    });
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#spareTimer);
    for (const waiting of this.#waiting.splice(0)) waiting.reject(stopped());
    for (const line of this.#idle.splice(0)) this.#end(line);
  }

  #serve(): void {
    while (this.#waiting.length > 0) {
      const line = this.#idle.pop();
      if (!line && this.#connections >= mostConnections) return;
      const next = this.#waiting.shift();
      if (!next) return;
      if (!line) this.#connections++;
      void this.#answer(next, line);
    }
  }

  /** Only what was asked for while idle is taken back here; a running question is cancelled on the server. */
  #giveUp(waiting: Waiting): void {
    const place = this.#waiting.indexOf(waiting);
    if (place < 0) return;
    this.#waiting.splice(place, 1);
    waiting.reject(stopped());
  }

  async #answer(waiting: Waiting, idle: Line | undefined): Promise<void> {
    let line = idle;
    try {
      line ??= await this.#connect(waiting.question.signal);
      waiting.resolve(await this.#run(line, waiting.question, waiting.asTexts));
    } catch (thrown) {
      // The line had died while idle, or dies with the question: reading again does no harm.
      if (line?.gone && waiting.retries < mostRetries && !waiting.question.signal?.aborted && !this.#closed) {
        waiting.retries++;
        this.#waiting.unshift(waiting);
      } else waiting.reject(waiting.question.signal?.aborted ? stopped() : failureFrom(thrown, line?.gone ?? true));
    } finally {
      if (line && !line.gone && !this.#closed) {
        line.idleSince = performance.now();
        this.#idle.push(line);
      } else {
        this.#connections--;
        if (line) this.#end(line);
      }
      this.#serve();
    }
  }

  async #connect(signal: AbortSignal | undefined): Promise<Line> {
    let connection: RowConnection | undefined;
    const { client, transport } = await connectClient(this.#spec, {
      makeConnection: (stream) => {
        connection = new RowConnection(stream, 'pass');
        return connection;
      },
      applicationName: this.#use === 'catalog' ? 'howdah' : 'howdah: data',
      signal,
    });
    this.#summary = transport.summary;
    const line: Line = { client, transport, timeoutMs: standardTimeoutMs, ready: true, gone: false, idleSince: 0 };
    client.connection.on('readyForQuery', () => {
      line.ready = true;
    });
    const lost = () => {
      line.gone = true;
      const place = this.#idle.indexOf(line);
      if (place < 0) return;
      this.#idle.splice(place, 1);
      this.#connections--;
    };
    client.on('error', lost);
    client.on('end', lost);
    const encoding = connection ? encodingFor(connection) : 'UTF8';
    if (this.#use === 'data') await prepareForData(client, this.#spec, encoding, true);
    else await client.query(`${setupSql}; set client_encoding = '${encoding}'`);
    return line;
  }

  async #run(line: Line, question: Question, asTexts: boolean): Promise<TextAnswer | Row[]> {
    const { text, values, parseIn, timeoutMs = standardTimeoutMs, signal } = question;
    if (line.timeoutMs !== timeoutMs) {
      await line.client.query(`set statement_timeout = ${Math.max(0, Math.round(timeoutMs))}`);
      line.timeoutMs = timeoutMs;
    }
    signal?.throwIfAborted();
    let cancelled: Promise<void> | undefined;
    const cancel = () => {
      cancelled = sendCancelRequest(line.client, line.transport).catch(() => line.transport.close());
    };
    signal?.addEventListener('abort', cancel, { once: true });
    line.ready = false;
    try {
      if (asTexts && this.#spec.readOnly) {
        await this.#reads.admit(line.client, text);
        line.ready = false;
      }
      if (parseIn) {
        await parseOnly(line.client, text, parseIn);
        return [];
      }
      const asked = { text, values: values && [...values] };
      if (!asTexts) return (await line.client.query<Row>({ ...asked, types: catalogTypes })).rows;
      const answer = await line.client.query<(string | null)[]>({ ...asked, types: textTypes, rowMode: 'array' });
      return { fields: answer.fields, rows: answer.rows };
    } finally {
      signal?.removeEventListener('abort', cancel);
      // The fence: the next question waits until this cancel can hit nothing any more. An error without a
      // ReadyForQuery after it was the server's last word (its severity is translated, and so tells nothing).
      await cancelled;
      if (!line.ready && !line.gone) await readyOrGone(line);
    }
  }

  #giveBack(): void {
    const now = performance.now();
    const spare = this.#idle.find((line) => now - line.idleSince > spareMs);
    if (!spare || (this.#use === 'catalog' && this.#connections < 2)) return;
    this.#idle.splice(this.#idle.indexOf(spare), 1);
    this.#connections--;
    this.#end(spare);
  }

  #end(line: Line): void {
    line.gone = true;
    line.client.end().catch(() => {});
    line.client.connection.once('end', () => line.transport.close());
  }
}

/** In a transaction of its own that waits for nobody: a lock that is not free at once is none of a typist's business. */
async function parseOnly(client: Client, text: string, searchPath: readonly string[]): Promise<void> {
  const path = searchPath.map(quoteIdentifier).join(', ') || "''";
  await client.query(
    `begin read only; set local search_path = ${path}; set local lock_timeout = ${parseLockTimeoutMs}`,
  );
  try {
    const error = await client.query(new ParseOnly(text)).ended;
    if (error) throw error;
  } finally {
    await client.query('rollback');
  }
}
/** `data`: rows of tables, with the settings that the connection's own SQL makes. */
export type Use = 'catalog' | 'data';

const readyOrGone = (line: Line): Promise<void> =>
  new Promise((resolve) => {
    line.client.connection.once('readyForQuery', () => resolve());
    line.client.connection.once('end', () => resolve());
  });

const stopped = () => new FailureError({ kind: 'cancelled', message: 'Cancelled.' });

function failureFrom(thrown: unknown, gone: boolean): unknown {
  if (thrown instanceof FailureError) return thrown;
  return thrown instanceof DatabaseError && !gone ? postgresError(thrown) : lostFailure(thrown);
}

/**
 * Settings for the session, not the startup packet (poolers refuse what they do not know there). The answers must not
 * depend on what the role or database has set: names come qualified, values in one form.
 */
const setupSql = `set statement_timeout = ${standardTimeoutMs}; set lock_timeout = ${lockTimeoutMs};
set default_transaction_read_only = on; set search_path = ''; set datestyle = 'ISO, YMD';
set intervalstyle = 'postgres'; set extra_float_digits = 1; set bytea_output = 'hex'; set timezone = 'UTC';
set standard_conforming_strings = on`;

/**
 * What a person's own sessions see is what these see: the connection's SQL runs first (roles, tenants, search_path).
 * Then the forms of values are fixed, so that what is read can be written back, whatever that SQL has set.
 * Fails where that SQL fails: rows read as another role would be a lie.
 */
export async function prepareForData(
  client: Client,
  spec: Pick<ConnectSpec, 'onConnectSql'>,
  encoding: 'UTF8' | 'SQL_ASCII',
  readOnly: boolean,
): Promise<void> {
  if (spec.onConnectSql.trim()) {
    await client.query(spec.onConnectSql).catch((thrown) => {
      throw thrown instanceof DatabaseError ? postgresError(thrown) : thrown;
    });
  }
  await client.query(`${dataSetupSql}; set default_transaction_read_only = ${readOnly ? 'on' : 'off'};
    set client_encoding = '${encoding}'`);
}

const dataSetupSql = `set statement_timeout = ${standardTimeoutMs}; set lock_timeout = ${lockTimeoutMs};
set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set extra_float_digits = 1; set bytea_output = 'hex';
set standard_conforming_strings = on; set synchronize_seqscans = off; set jit = off`;

const factsSql = `/* howdah:sessions.facts */
select current_setting('server_version') as version, current_setting('server_version_num')::int4 as "versionNum",
  current_database()::text as database, current_user::text as "user", pg_is_in_recovery() as standby,
  pg_is_in_recovery() or exists (select from pg_catalog.pg_settings
    where name = 'default_transaction_read_only' and reset_val = 'on') as "readOnly"`;
interface FactsRow {
  version: string;
  versionNum: number;
  database: string;
  user: string;
  standby: boolean;
  readOnly: boolean;
}
