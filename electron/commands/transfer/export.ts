/** `howdah export`: tables, or the rows of a query, into a file that is whole or not there. */
import { resolve } from 'node:path';
import { type ExportSource, exportFormats, exportOptions } from '../../../shared/api/transfer.ts';
import { failureOf } from '../../../shared/failure.ts';
import { openExport } from '../../features/transfer/export.ts';
import { interrupted, readArguments, UsageError } from '../command.ts';
import { inWords } from '../query.ts';
import { targetOf } from '../target.ts';
import { openTransferWorld, tableOf } from './transfer-world.ts';

const options = {
  url: { type: 'string' },
  table: { type: 'string', multiple: true },
  query: { type: 'string' },
  format: { type: 'string', default: 'csv' },
  compression: { type: 'string', default: 'none' },
  // As COPY's options of the same names, for csv and tsv.
  'no-header': { type: 'boolean', default: false },
  delimiter: { type: 'string' },
  null: { type: 'string' },
  quote: { type: 'string' },
  escape: { type: 'string' },
  'force-quote': { type: 'string', multiple: true },
  encoding: { type: 'string' },
  crlf: { type: 'boolean', default: false },
  'spreadsheet-safe': { type: 'boolean', default: false },
  'sql-style': { type: 'string' },
  'split-mb': { type: 'string' },
} as const;

export async function exportCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, options, ['FILE']);
  const chosen = exportOptions.safeParse(wantedOptions(values));
  if (!chosen.success)
    throw new UsageError(
      `--format is one of ${exportFormats.join(', ')}; --compression none, gzip or zstd. ${chosen.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`,
    );
  const tables = (values.table ?? []).map(tableOf);
  if ((tables.length === 0) === (values.query === undefined))
    throw new UsageError('Give --table (once or more) or --query.');
  const source: ExportSource =
    values.query === undefined
      ? { kind: 'tables', connectionId: 'cli', tables }
      : { kind: 'query', connectionId: 'cli', sql: values.query };
  const spec = await targetOf(values.url);
  const world = await openTransferWorld(spec);
  const stop = new AbortController();
  void interrupted().then(() => stop.abort());
  try {
    const needs = { ...world, specOf: async () => spec, dataFolder: world.folder };
    const wanted = { source, options: chosen.data, path: resolve(positionals[0] ?? '') };
    for await (const event of await openExport(needs, wanted, stop.signal)) {
      if (event.kind === 'progress') continue;
      if (event.kind === 'failed') {
        process.stderr.write(`${inWords(event.failure)}\n`);
        return 1;
      }
      for (const note of event.notes) process.stderr.write(`howdah: ${note}\n`);
      process.stderr.write(`${event.rows} rows, ${event.bytes} bytes\n`);
    }
    return 0;
  } catch (thrown) {
    process.stderr.write(`${inWords(failureOf(thrown))}\n`);
    return 1;
  } finally {
    await world.close();
  }
}

type Values = ReturnType<typeof readArguments<typeof options>>['values'];

/** What is not said is left to the contract. */
function wantedOptions(values: Values): Record<string, unknown> {
  const { quote, 'force-quote': forced, 'split-mb': split } = values;
  const said = {
    format: values.format,
    compression: values.compression,
    header: !values['no-header'],
    delimiter: values.delimiter,
    nullText: values.null,
    quote,
    escape: values.escape ?? quote,
    forceQuote: forced?.includes('*') ? true : forced,
    encoding: values.encoding,
    lineEnd: values.crlf ? 'crlf' : 'lf',
    spreadsheetSafe: values['spreadsheet-safe'],
    sqlStyle: values['sql-style'],
    splitBytes: split === undefined ? undefined : Math.round(Number(split) * 1024 * 1024),
  };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}
