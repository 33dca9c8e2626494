/**
 * Changes to rows: one transaction on a connection of its own, which is closed with it. Every statement has to affect
 * as many rows as it was told; where one does not, or fails, everything is rolled back. A link that breaks while COMMIT
 * is on its way is an unknown outcome, never a retry.
 */
import { type Client, DatabaseError } from 'pg';
import type { Failure } from '../../../shared/api/base.ts';
import { FailureError, failureOf } from '../../../shared/failure.ts';
import { connectClient, type Transport } from '../connect/client.ts';
import { lostFailure } from '../connect/failures.ts';
import type { ConnectSpec, WriteOutcome, WriteRequest, WriteStatement } from '../source.ts';
import { textTypes } from '../wire/catalog-types.ts';
import { postgresError } from '../wire/postgres-failure.ts';
import { encodingFor, RowConnection } from '../wire/row-connection.ts';
import { prepareForData } from './catalog.ts';

/** A COMMIT that takes longer has an outcome that nobody knows. */
const commitWithinMs = 60_000;

interface Line {
  readonly client: Client;
  readonly transport: Transport;
  lost: Error | null;
}

const readOnlyFailure: Failure = {
  kind: 'unsupported',
  needs: 'a connection that may write',
  message: 'This connection is read-only: nothing was saved. Use one that is not marked read-only.',
};

export class WriteLine {
  async run(spec: ConnectSpec, request: WriteRequest): Promise<WriteOutcome> {
    // Whoever asks: a read-only connection saves nothing.
    if (spec.readOnly) throw new FailureError(readOnlyFailure);
    const line = await open(spec);
    try {
      return await transaction(line, request);
    } finally {
      line.client.end().catch(() => {});
      setTimeout(() => line.transport.close(), 2_000).unref();
    }
  }
}

async function open(spec: ConnectSpec): Promise<Line> {
  let connection: RowConnection | undefined;
  const { client, transport } = await connectClient(spec, {
    makeConnection: (stream) => {
      connection = new RowConnection(stream, 'pass');
      return connection;
    },
    applicationName: 'howdah: save',
  });
  const line: Line = { client, transport, lost: null };
  client.on('error', (error) => {
    line.lost ??= error;
  });
  client.on('end', () => {
    line.lost ??= new Error('closed');
  });
  try {
    await prepareForData(client, spec, connection ? encodingFor(connection) : 'UTF8', spec.readOnly);
  } catch (thrown) {
    transport.close();
    throw thrown instanceof DatabaseError ? postgresError(thrown) : lostFailure(thrown);
  }
  return line;
}

async function transaction(line: Line, request: WriteRequest): Promise<WriteOutcome> {
  const { client } = line;
  const rows: (string | null)[][][] = [];
  try {
    await client.query(
      `begin; set local statement_timeout = ${Number(request.statementTimeoutMs)}; set local lock_timeout = ${Number(request.lockTimeoutMs)}`,
    );
    for (const [at, statement] of request.statements.entries()) {
      const step = await one(line, statement, at);
      if ('refusal' in step) {
        await rollBack(line);
        return step.refusal;
      }
      rows.push(step.rows);
    }
    // Deferred constraints speak here, while it is still certain that nothing was changed.
    const early = await one(line, { text: 'set constraints all immediate', values: [], affects: null }, null);
    if ('refusal' in early) {
      await rollBack(line);
      return early.refusal;
    }
  } catch (thrown) {
    throw lostFailure(line.lost ?? thrown);
  }
  await commit(line);
  return { kind: 'committed', rows };
}

type Step = { readonly rows: (string | null)[][] } | { readonly refusal: WriteOutcome };

/** Throws where the link is lost: before COMMIT nothing was changed. */
async function one(line: Line, { text, values, affects }: WriteStatement, at: number | null): Promise<Step> {
  try {
    const asked = { text, values: [...values], types: textTypes, rowMode: 'array' as const };
    const answer = await line.client.query<(string | null)[]>(asked);
    const affected = answer.rowCount ?? 0;
    if (affects !== null && affected !== affects && at !== null)
      return { refusal: { kind: 'miscounted', at, affected } };
    return { rows: answer.rows };
  } catch (thrown) {
    if (!(thrown instanceof DatabaseError) || line.lost) throw thrown;
    return { refusal: { kind: 'refused', at, failure: failureOf(postgresError(thrown)) } };
  }
}

async function rollBack(line: Line): Promise<void> {
  // Where it cannot be said, closing the connection says it.
  await line.client.query('rollback').catch(() => {});
}

async function commit(line: Line): Promise<void> {
  const { client } = line;
  const assigned = await client
    .query<[string | null]>({
      text: 'select pg_catalog.pg_current_xact_id_if_assigned()::text',
      types: textTypes,
      rowMode: 'array',
    })
    .catch((thrown) => {
      throw lostFailure(line.lost ?? thrown);
    });
  const xid = assigned.rows[0]?.[0] ?? undefined;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer to COMMIT')), commitWithinMs);
  });
  try {
    const answer = await Promise.race([client.query('commit'), late]);
    // A transaction that had failed is rolled back by COMMIT, and says so in its tag only.
    if (answer.command === 'ROLLBACK') throw new FailureError({ kind: 'internal', message: 'The server rolled back.' });
  } catch (thrown) {
    if (thrown instanceof FailureError) throw thrown;
    if (thrown instanceof DatabaseError && !line.lost) throw postgresError(thrown);
    throw new FailureError(
      {
        kind: 'outcomeUnknown',
        message: 'The link broke while the changes were being committed: they may have been made or not.',
        ...(xid ? { xid } : {}),
      },
      { cause: thrown },
    );
  } finally {
    clearTimeout(timer);
  }
}
