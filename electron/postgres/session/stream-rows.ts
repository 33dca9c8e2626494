/** One query on a connection of its own, its rows handed over as they come: for exports that go past the result file. */
import type { Column } from '../../../shared/api/sessions.ts';
import { FailureError } from '../../../shared/failure.ts';
import { lostFailure } from '../connect/failures.ts';
import type { ConnectSpec } from '../source.ts';
import { ColumnTypes } from '../wire/column-types.ts';
import type { RowSink } from '../wire/message-walker.ts';
import { postgresError } from '../wire/postgres-failure.ts';
import { Link } from './link.ts';

export interface RowTaker {
  /** Before the first row; not called for a statement without rows. Types that are not built in are named by OID. */
  columns(columns: readonly Column[]): void;
  /** Bytes of consecutive DataRow messages, cut anywhere. What it throws ends the query and is thrown on. */
  rows(bytes: Uint8Array): void;
}

/**
 * Runs one statement to its end. Reading goes on when `rows` has returned, so a slow taker slows the server.
 * Throws FailureError; `cancelled` where `signal` said so.
 */
export async function streamRows(
  spec: ConnectSpec,
  sql: string,
  taker: RowTaker,
  signal?: AbortSignal,
): Promise<{ rows: number }> {
  const link = await Link.open(spec, {
    notice: () => {},
    notification: () => {},
    ready: () => {},
    lost: () => {},
    cancelBySql: () => Promise.reject(new Error('no other connection')),
  });
  const types = new ColumnTypes(() => Promise.resolve(new Map()));
  // A cancel that does not get through must not keep anyone waiting.
  const cancel = () => void link.cancel().catch(() => link.cut());
  let thrownByTaker: unknown;
  let sizeBytes = 0;
  let rows = 0;
  const sink: RowSink = {
    get sizeBytes() {
      return sizeBytes;
    },
    rowStarts: () => {},
    append: (chunk, from, to, completeRows) => {
      sizeBytes += to - from;
      rows = completeRows;
      if (thrownByTaker) return;
      try {
        taker.rows(chunk.subarray(from, to));
      } catch (thrown) {
        thrownByTaker = thrown;
        cancel();
      }
    },
  };
  try {
    if (spec.onConnectSql.trim()) await link.script(spec.onConnectSql);
    signal?.throwIfAborted();
    signal?.addEventListener('abort', cancel, { once: true });
    const statement = await link.execute(sql, {
      fields: (fields) => {
        taker.columns(types.known(fields));
        link.rowsTo(sink, Number.POSITIVE_INFINITY, () => {});
      },
      copyOut: () => {},
    });
    const end = await statement.ended;
    if (thrownByTaker) throw thrownByTaker;
    if (signal?.aborted) throw new FailureError({ kind: 'cancelled', message: 'Cancelled.' });
    if (end.lost) throw lostFailure(end.error ?? new Error('closed'));
    if (end.wantedInput) throw noInput();
    if (end.error) throw postgresError(end.error);
    return { rows };
  } finally {
    signal?.removeEventListener('abort', cancel);
    await link.close();
  }
}

const noInput = () =>
  new FailureError({
    kind: 'unsupported',
    needs: 'data for COPY FROM STDIN',
    message: 'COPY … FROM STDIN waits for data and gives no rows.',
  });
