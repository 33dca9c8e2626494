/** `howdah query`: one statement, its rows to standard output by bytes, what else there is to say to standard error. */
import type { Failure } from '../../shared/api/base.ts';
import { FailureError, failureOf } from '../../shared/failure.ts';
import { lostFailure } from '../postgres/connect/failures.ts';
import { ByteWriter } from '../postgres/result/encode/byte-writer.ts';
import { createEncoder } from '../postgres/result/encode/export-encoder.ts';
import { RowEncoder } from '../postgres/result/encode/row-encoder.ts';
import { Link } from '../postgres/session/link.ts';
import { ReadOnlyRail } from '../postgres/session/read-only/read-only-rail.ts';
import { postgresError } from '../postgres/wire/postgres-failure.ts';
import type { StatementEvents } from '../postgres/wire/statement.ts';
import { interrupted, readArguments, UsageError } from './command.ts';
import { type Output, standardOutput } from './output.ts';
import { rawFormat } from './raw-format.ts';
import { tableFormat } from './table-format.ts';
import { targetOf } from './target.ts';

const formats = ['table', 'csv', 'json', 'ndjson'] as const;
type Format = (typeof formats)[number];
type Fields = Parameters<StatementEvents['fields']>[0];
/** More than anyone reads; the rest is counted. */
const shownNotices = 1000;

export async function queryCommand(args: readonly string[]): Promise<number> {
  const options = {
    url: { type: 'string' },
    format: { type: 'string', default: 'table' },
    'read-only': { type: 'boolean', default: false },
  } as const;
  const { values, positionals } = readArguments(args, options, ['SQL']);
  const format = formats.find((known) => known === values.format);
  if (!format) throw new UsageError(`--format is one of ${formats.join(', ')}, not "${values.format}".`);
  const spec = { ...(await targetOf(values.url)), readOnly: values['read-only'] };
  try {
    const link = await Link.open(spec, {
      notice: ({ severity, message }) => process.stderr.write(`${severity}: ${message}\n`),
      notification: () => {},
      ready: () => {},
      lost: () => {},
      cancelBySql: () => Promise.reject(new Error('there is no second connection')),
    });
    try {
      const rail = spec.readOnly ? new ReadOnlyRail(link) : null;
      await rail?.settle();
      const admitted = await rail?.admit(positionals[0] ?? '');
      if (admitted?.kind === 'refused') throw new FailureError(admitted.failure);
      await runOn(link, positionals[0] ?? '', format);
      await rail?.over();
    } finally {
      await link.close();
    }
    return 0;
  } catch (thrown) {
    process.stderr.write(`${inWords(failureOf(thrown))}\n`);
    return 1;
  }
}

async function runOn(link: Link, sql: string, format: Format): Promise<void> {
  const output = standardOutput();
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    link.discardRows();
    link.resume();
    // A server that cannot be asked to stop is left.
    link.cancel().catch(() => link.cut());
  };
  let problem: NodeJS.ErrnoException | undefined;
  output.onGone((error) => {
    problem = error;
    stop();
  });
  // `howdah query … | head`: enough has been read, and that is no failure. A full disk is one.
  const readerLeft = (): boolean => {
    if (problem && problem.code !== 'EPIPE') throw problem;
    return problem !== undefined;
  };
  void interrupted().then(stop);

  link.countNotices(shownNotices);
  let encoder: Encoding | undefined;
  const rowsTo = (made: Encoding): void => {
    encoder = made;
    link.rowsTo(
      sink(link, made, output, () => stopped),
      Number.POSITIVE_INFINITY,
      () => {},
    );
  };
  const statement = await link.execute(sql, {
    fields: (fields) => rowsTo(encodingOf(format, fields, output)),
    copyOut: (binary) => {
      if (binary) link.copyIsBinary();
      rowsTo(new RowEncoder(rawFormat(binary), new ByteWriter((bytes) => output.write(bytes))));
    },
  });
  const end = await statement.ended;
  const dropped = link.countNotices(0);
  if (dropped > 0) process.stderr.write(`${dropped} more notices\n`);
  if (readerLeft()) return;
  if (end.error) throw postgresError(end.error);
  if (end.lost) throw lostFailure(new Error('closed'));
  if (end.wantedInput) {
    const message = 'COPY … FROM STDIN reads rows, and this command sends none.';
    throw new FailureError({ kind: 'unsupported', needs: 'data for COPY FROM STDIN', message });
  }
  encoder?.finish();
  await output.finish();
  if (!readerLeft() && !encoder && end.tag) process.stderr.write(`${end.tag}\n`);
}

interface Encoding {
  push(chunk: Uint8Array): void;
  finish(): void;
}

function encodingOf(format: Format, fields: Fields, output: Output): Encoding {
  const columns = fields.map(({ name, dataTypeID }) => ({ name, typeOid: dataTypeID }));
  const write = (bytes: Buffer) => output.write(bytes);
  if (format === 'table') return new RowEncoder(tableFormat(columns), new ByteWriter(write));
  const encoder = createEncoder(format, columns, { header: true }, write);
  for (const note of encoder.notes) process.stderr.write(`howdah: ${note}\n`);
  return encoder;
}

/** The server waits while the reader is behind. */
function sink(link: Link, encoding: Encoding, output: Output, stopped: () => boolean) {
  let waiting = false;
  return {
    sizeBytes: 0,
    rowStarts: () => {},
    append(chunk: Uint8Array, from: number, to: number) {
      if (stopped()) return;
      encoding.push(chunk.subarray(from, to));
      if (!output.full || waiting) return;
      waiting = true;
      link.pause();
      output.onRoom(() => {
        waiting = false;
        link.resume();
      });
    },
  };
}

/**
 * `ERROR 42P01 at 15: relation "x" does not exist`, and what else the server said, a line each. What ended before the
 * server said anything has no SQLSTATE.
 */
export function inWords(failure: Failure): string {
  if (failure.kind !== 'postgres') {
    if (failure.kind !== 'connection') return `howdah: ${failure.message}`;
    const { sqlstate, message, wayOut } = failure;
    const line = sqlstate ? `FATAL ${sqlstate}: ${message}` : `howdah: ${message}`;
    return [line, ...(wayOut ? [`HINT: ${wayOut}`] : [])].join('\n');
  }
  const { severity, sqlstate, message, position, detail, hint, where } = failure;
  const lines = [`${severity} ${sqlstate}${position ? ` at ${position}` : ''}: ${message}`];
  if (detail) lines.push(`DETAIL: ${detail}`);
  if (hint) lines.push(`HINT: ${hint}`);
  if (where) lines.push(`CONTEXT: ${where}`);
  return lines.join('\n');
}
