/**
 * One statement of a run, from its text to the events that tell how it went.
 *
 * The row limit. What comes past it is thrown away, and where it is certain that nothing is lost by it the statement
 * is cancelled (ready again in some 30 ms):
 * - outside of a transaction block only, since a cancel fails the block that the person has open;
 * - only for a statement whose text writes nothing, and whose backend has no transaction id, which it would have had
 *   its functions written anything (asked on the catalog connection). Cancelling an UPDATE … RETURNING would undo it.
 * In all other cases the rest is read and thrown away, at the server's own pace (200 MB/s measured; a row-limited
 * portal would stop there and then, but makes every other SELECT of a transaction up to 1.3 times slower, because it
 * runs without parallel workers), and the result says `cut` all the same; the person may cancel by hand. A savepoint
 * around each statement would be seen by SET TRANSACTION and by what is locked.
 */
import type { DatabaseError, FieldDef } from 'pg';
import type { Failure } from '../../../shared/api/base.ts';
import type { Column, RunEvent, TextRange, Timings, TransactionState } from '../../../shared/api/sessions.ts';
import { type BoundStatement, writtenRange } from '../../../shared/sql/parameters.ts';
import { lostFailure } from '../connect/failures.ts';
import type { ColumnTypes } from '../wire/column-types.ts';
import { placeOf, postgresFailure } from '../wire/postgres-failure.ts';
import type { Statement, StatementEnd, StatementEvents } from '../wire/statement.ts';
import { commitsByItself, firstWords, looksReadOnly, mayCommit } from '../wire/statement-words.ts';
import type { Catalog } from './catalog.ts';
import type { Link } from './link.ts';
import { ResultStream } from './result-stream.ts';
import type { Happening } from './worker-messages.ts';

export interface RunDeps {
  readonly link: Link;
  readonly catalog: Catalog;
  readonly types: ColumnTypes;
  readonly filePrefix: string;
  /** The open transaction is one of ours, around this statement only, and nothing is lost with it. */
  readonly railed: boolean;
  tell(happening: Happening): void;
  event(event: RunEvent): void;
  /** The person has asked to stop. */
  stopping(): boolean;
  /** The statement was ended by that. */
  stopped(): void;
}

export interface StatementRequest {
  readonly text: string;
  readonly range: TextRange;
  /** What is sent in its place, with values beside it. */
  readonly bound?: BoundStatement | undefined;
  readonly index: number;
  readonly rowLimit: number | null;
}

export interface StatementResult {
  readonly well: boolean;
  /** Judged by its first words. */
  readonly wrote: boolean;
  /** COMMIT AND CHAIN: another transaction is open than before. */
  readonly newTransaction: boolean;
  /** As the server's tag counts them. */
  readonly rows: number | null;
}

interface Asked {
  readonly before: TransactionState;
  /** The transaction that a COMMIT is to end, where it was asked for. */
  readonly xid: string | null;
}

export class StatementRun {
  readonly #deps: RunDeps;
  readonly #request: StatementRequest;
  #statement: Statement | null = null;
  #result: ResultStream | null = null;
  #cut = false;
  #rows: number | null = null;
  #diskError: NodeJS.ErrnoException | null = null;

  constructor(deps: RunDeps, request: StatementRequest) {
    this.#deps = deps;
    this.#request = request;
  }

  /** @param transactionWrote the open transaction has something to lose at its COMMIT */
  async run(transactionWrote: boolean): Promise<StatementResult> {
    const { link } = this.#deps;
    const { text, bound } = this.#request;
    const result = (well: boolean): StatementResult => ({
      well,
      wrote: commitsByItself(text),
      newTransaction: well && isChained(text),
      rows: this.#rows,
    });
    const nul = text.indexOf('\0');
    if (bound?.values.some((value) => value?.includes('\0'))) {
      this.#failed(nulValueFailure, null, null);
      return result(false);
    }
    if (nul >= 0) {
      this.#failed(nulFailure, { from: this.#request.range.from + nul, to: this.#request.range.from + nul + 1 }, null);
      return result(false);
    }
    const before = this.#deps.railed ? 'idle' : link.transaction;
    let xid: string | null = null;
    if (transactionWrote && before === 'open' && mayCommit(text)) {
      const asked = await link.scalar(xidSql);
      if (asked.lost) this.#failed(notSentFailure(asked), null, null);
      else if (asked.error) this.#failedByServer(asked, asked.error, null);
      if (asked.lost || asked.error) return result(false);
      xid = asked.value;
    }
    const events: StatementEvents = {
      fields: (fields) => this.#expect(fields),
      copyOut: (binary) => {
        this.#expect([copyField(binary)]);
        if (binary) link.copyIsBinary();
      },
    };
    this.#statement = await link.execute(bound?.text ?? text, events, { values: bound?.values ?? [] });
    const end = await this.#statement.ended;
    this.#rows = end.tag === null ? null : rowsOf(end.tag);
    if (!end.lost && end.error === null) this.#result?.begin();
    const totals = await this.#finish(end);
    const well = this.#tellEnd(end, totals, { before, xid });
    // What types are called may have changed with these.
    if (end.tag && /^ALTER (TYPE|SCHEMA|EXTENSION|DOMAIN)/.test(end.tag)) this.#deps.types.forget();
    return result(well);
  }

  #expect(fields: readonly FieldDef[]): void {
    const { link, types, tell, event, filePrefix } = this.#deps;
    const statement = this.#request.index;
    const columns = (): Promise<readonly Column[]> => types.columns(fields);
    const stream = new ResultStream(filePrefix, columns, {
      tell,
      announced: (resultId, columns) => event({ kind: 'result', statement, resultId, columns: [...columns] }),
      progress: (resultId, rows, bytes) => event({ kind: 'progress', resultId, rows, bytes }),
      pause: () => link.pause(),
      resume: () => link.resume(),
      giveWay: (forMs) => link.giveWay(forMs),
      diskFailed: (error) => this.#diskFailed(error),
    });
    this.#result = stream;
    const limit = this.#request.rowLimit ?? Number.POSITIVE_INFINITY;
    link.rowsTo(
      stream.sink,
      limit,
      () => this.#limitReached(),
      () => stream.begin(),
    );
  }

  async #finish(end: StatementEnd): Promise<{ rows: number; bytes: number } | null> {
    const stream = this.#result;
    const totals = (await stream?.finish()) ?? null;
    if (!stream || !totals) return null;
    if (end.error || end.lost || this.#diskError) this.#cut = true;
    this.#deps.event({
      kind: 'resultEnd',
      statement: this.#request.index,
      resultId: stream.id,
      ...totals,
      cut: this.#cut,
      timings: timingsOf(end, true),
    });
    return totals;
  }

  #tellEnd(end: StatementEnd, totals: { rows: number } | null, asked: Asked): boolean {
    const timings = timingsOf(end, totals !== null);
    if (end.lost) {
      this.#failed(this.#lostFailure(end, asked), null, timings);
      return false;
    }
    const ours = this.#statement?.cutShort && end.error?.code === '57014' && !this.#deps.stopping();
    if (this.#diskError) {
      this.#failed(diskFailure(this.#diskError, totals?.rows ?? 0), null, timings);
      return false;
    }
    if (end.error && !ours) {
      this.#failedByServer(end, end.error, timings, totals?.rows ?? null);
      return false;
    }
    this.#deps.event({
      kind: 'complete',
      statement: this.#request.index,
      command: end.tag ?? (firstWords(this.#request.text, 1)[0] ?? '').toUpperCase(),
      rows: end.tag === null ? (totals?.rows ?? null) : rowsOf(end.tag),
      timings,
    });
    return true;
  }

  #failedByServer(end: StatementEnd, error: DatabaseError, timings: Timings | null, rows: number | null = null): void {
    const failure = this.#serverFailure(end, error, rows);
    const place = failure.kind === 'postgres' ? failure.position : undefined;
    this.#failed(failure, place ? this.#placeOf(place) : null, timings);
  }

  /** In the editor's text, of a position in what was sent. */
  #placeOf(position: number): TextRange {
    const { text, bound, range } = this.#request;
    const inBytes = this.#deps.link.encoding === 'SQL_ASCII';
    if (!bound) return placeOf(position, text, range.from, inBytes);
    const { from, to } = writtenRange(placeOf(position, bound.text, 0, inBytes), bound.replaced);
    return { from: from + range.from, to: to + range.from };
  }

  #serverFailure(end: StatementEnd, error: DatabaseError, rows: number | null): Failure {
    if (error.code === '57014' && this.#deps.stopping()) {
      this.#deps.stopped();
      return { kind: 'cancelled', message: cancelledText(end, rows) };
    }
    if (end.wantedInput) return copyInFailure;
    if (error.code === '08P01' && end.parameterTypes.length > 0) return parametersFailure(end.parameterTypes.length);
    const failure = postgresFailure(error);
    const untyped = error.code === '42P18' && this.#request.bound && !failure.hint;
    return { kind: 'postgres', ...failure, ...(untyped ? { hint: typeHint } : {}) };
  }

  #failed(failure: Failure, at: TextRange | null, timings: Timings | null): void {
    this.#deps.event({ kind: 'failed', statement: this.#request.index, failure, at, timings });
  }

  /**
   * What is known when the link breaks. Without a COMMIT, a transaction block is rolled back. A COMMIT, or a statement
   * that commits by itself, may have happened; unless the server's last word was an error before it had completed.
   */
  #lostFailure(end: StatementEnd, { before, xid }: Asked): Failure {
    const { text } = this.#request;
    const [first] = firstWords(text, 1);
    const link = lostFailure(end.error ?? new Error('closed')).failure;
    const commits = before === 'open' ? mayCommit(text) : before === 'idle' && commitsByItself(text);
    const refused = end.error !== null && end.tag === null && before === 'idle' && first !== 'call';
    if (!commits || refused) {
      if (before !== 'open') return link;
      return { ...link, message: `${link.message} The open transaction was rolled back.` };
    }
    const what = before === 'open' ? 'the commit' : 'the statement';
    return {
      kind: 'outcomeUnknown',
      message: `The connection was lost while ${what} was on its way: it may have happened or not. Look before doing it again.`,
      xid: xid ?? undefined,
    };
  }

  #limitReached(): void {
    this.#cut = true;
    void this.#cutShort().catch(() => {});
  }

  /** See the top of this file. */
  async #cutShort(): Promise<void> {
    const { link, catalog, railed } = this.#deps;
    const statement = this.#statement ?? link.current;
    if (!statement || (link.transaction !== 'idle' && !railed) || !looksReadOnly(this.#request.text)) return;
    const [row] = await catalog.ask({ text: wroteSql, values: [link.backendPid] });
    if (row?.wrote === true || link.current !== statement) return;
    statement.cutShort = true;
    await link.cancel();
  }

  #diskFailed(error: NodeJS.ErrnoException): void {
    this.#diskError = error;
    this.#deps.link.discardRows();
    void this.#cutShort().catch(() => {});
  }
}

/** After how long, and what is left of it. */
function cancelledText({ sentAt, endedAt }: StatementEnd, rows: number | null): string {
  const after = `Cancelled after ${((endedAt - sentAt) / 1000).toFixed(1)} s.`;
  if (rows === null) return after;
  return `${after} ${rows === 1 ? 'One row that had' : `${rows.toLocaleString('en')} rows that had`} come by then ${rows === 1 ? 'is' : 'are'} kept.`;
}

/** A first answer of the server, then the rows until they are safe in the file. */
function timingsOf(end: StatementEnd, hasRows: boolean): Timings {
  const totalMs = (hasRows ? performance.now() : end.endedAt) - end.sentAt;
  const serverMs = Math.min(totalMs, Math.max(0, end.firstAt - end.sentAt));
  return { serverMs, transferMs: totalMs - serverMs, totalMs };
}

/** The last number of a tag: "INSERT 0 5" gives 5. */
function rowsOf(tag: string): number | null {
  const count = /\s(\d+)$/.exec(tag)?.[1];
  return count === undefined ? null : Number(count);
}

const isChained = (text: string): boolean => {
  const [first] = firstWords(text, 1);
  if (!first || !['commit', 'end', 'rollback', 'abort'].includes(first)) return false;
  return /\band\s+chain\b/i.test(text);
};

const copyField = (binary: boolean): FieldDef => ({
  name: 'copy',
  tableID: 0,
  columnID: 0,
  dataTypeID: binary ? 17 : 25,
  dataTypeSize: -1,
  dataTypeModifier: -1,
  format: 'text',
});

const xidSql = '/* howdah:sessions.xid */ select pg_catalog.pg_current_xact_id_if_assigned()::text';
const wroteSql = `/* howdah:sessions.wrote */
select backend_xid is not null as wrote from pg_catalog.pg_stat_activity where pid = $1`;

const typeHint = 'Nothing in the statement tells its type: write it there, as in :name::integer.';
const nulFailure: Failure = {
  kind: 'invalid',
  field: 'text',
  message: 'The statement contains a NUL character, which PostgreSQL cannot take. Nothing was sent.',
};
const nulValueFailure: Failure = {
  kind: 'invalid',
  field: 'values',
  message: 'A value contains a NUL character, which PostgreSQL cannot take. Nothing was sent.',
};
const copyInFailure: Failure = {
  kind: 'unsupported',
  needs: 'data for COPY FROM STDIN',
  message:
    'COPY … FROM STDIN waits for data that an editor has not got. Nothing was copied. Use INSERT … VALUES, or psql.',
};
const parametersFailure = (count: number): Failure => ({
  kind: 'unsupported',
  needs: 'values for parameters',
  message: `The statement has ${count === 1 ? 'a parameter' : `${count} parameters`} ($1…) without a value. Write the values in its place, or PREPARE it and EXECUTE it with values.`,
});
const diskFailure = (error: NodeJS.ErrnoException, rows: number): Failure => ({
  kind: 'internal',
  message: `${error.code === 'ENOSPC' ? 'The disk is full' : `The result could not be written (${error.code ?? error.message})`}: ${rows.toLocaleString('en-US')} rows of it were kept.`,
});

function notSentFailure(end: StatementEnd): Failure {
  const { failure } = lostFailure(end.error ?? new Error('closed'));
  return { ...failure, message: `${failure.message} The commit was not sent: the transaction was rolled back.` };
}
