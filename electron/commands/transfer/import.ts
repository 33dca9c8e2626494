/** `howdah import`: a file into a table, its columns by their names. */
import { basename, resolve } from 'node:path';
import type { ImportPlan, RejectedRow } from '../../../shared/api/import-plan.ts';
import { sqlEncodings } from '../../../shared/api/sql-import.ts';
import { invalid } from '../../../shared/failure.ts';
import { dataFolderPath, makeDataFolder } from '../../data-folder.ts';
import { runImportOf } from '../../features/transfer/import.ts';
import { writableColumns } from '../../features/transfer/transfer.sql.ts';
import { readArguments, UsageError } from '../command.ts';
import { targetOf } from '../target.ts';
import { importScript, isScript } from './import-sql.ts';
import { inTransferWorld, tellRows } from './row-transfer.ts';
import { type TransferWorld, tableOf } from './transfer-world.ts';

const options = {
  url: { type: 'string' },
  data: { type: 'string' },
  table: { type: 'string' },
  create: { type: 'boolean', default: false },
  replace: { type: 'boolean', default: false },
  key: { type: 'string' },
  'on-error': { type: 'string', default: 'stop' },
  batches: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  rejects: { type: 'string' },
  each: { type: 'boolean', default: false },
  'skip-errors': { type: 'boolean', default: false },
  encoding: { type: 'string' },
} as const;
type Values = ReturnType<typeof readArguments<typeof options>>['values'];

export async function importCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, options, ['FILE']);
  const onError = values['on-error'];
  const path = resolve(positionals[0] ?? '');
  if (isScript(path)) return importOfScript(path, values);
  if (!values.table) throw new UsageError('--table is missing.');
  if (onError !== 'stop' && onError !== 'reject') throw new UsageError('--on-error is stop or reject.');
  const spec = await targetOf(values.url);
  const dataFolder = makeDataFolder(dataFolderPath(values.data));
  return inTransferWorld(spec, async (world, signal) => {
    const plan = { ...(await planOf(world, path, values)), onError } as ImportPlan;
    const events = runImportOf({ results: world.results, dataFolder }, { spec, path, plan }, signal);
    const placeOf = ({ line, record }: RejectedRow) => (line > 0 ? `line ${line}` : `record ${record}`);
    return tellRows(events, { dataFolder, rejects: values.rejects, placeOf });
  });
}

async function importOfScript(path: string, values: Values): Promise<number> {
  if (values.table) throw new UsageError('A script says itself where its rows go; --table is for files of rows.');
  if (values.encoding && !sqlEncodings.some((each) => each === values.encoding))
    throw new UsageError(`--encoding is one of ${sqlEncodings.join(', ')}.`);
  const spec = await targetOf(values.url);
  const { each, encoding } = values;
  const wish = { each, skipErrors: values['skip-errors'], dryRun: values['dry-run'], encoding };
  return inTransferWorld(spec, (world, signal) => importScript(world, spec, path, wish, signal));
}

/** The file's columns go into those of the same names; a new table gets them all. */
async function planOf(world: TransferWorld, path: string, values: Values): Promise<Omit<ImportPlan, 'onError'>> {
  const table = tableOf(values.table ?? '');
  const request = { path, name: basename(path), dialect: {} };
  const { dialect, columns: found, notes } = await world.results.job({ kind: 'preview', request });
  for (const note of notes) process.stderr.write(`howdah: ${note}\n`);
  let columns = found.map(({ name, type }, source) => ({ source, target: name, type }));
  if (!values.create) {
    const source = await world.sources.source('cli');
    const there = new Set((await source.ask(writableColumns, [table.schema, table.name])).map(({ name }) => name));
    if (there.size === 0) throw invalid('table', `There is no table ${values.table}; --create makes it.`);
    const unknown = dialect.header ? columns.filter(({ target }) => !there.has(target)) : [];
    for (const { target } of unknown)
      process.stderr.write(`howdah: "${target}" is no column of the table and is left out\n`);
    // Without names the places count.
    if (dialect.header) columns = columns.filter(({ target }) => there.has(target));
    else columns = columns.map((column, at) => ({ ...column, target: [...there][at] ?? column.target }));
  }
  const keys = values.key === undefined ? [] : values.key.split(',');
  return {
    dialect,
    sourceColumns: found.map(({ name }) => name),
    table,
    create: values.create,
    columns,
    mode: keys.length > 0 ? 'upsert' : values.replace ? 'replace' : 'insert',
    keys,
    transaction: values.batches ? 'batches' : 'one',
    batchRows: 50_000,
    dryRun: values['dry-run'],
  };
}
