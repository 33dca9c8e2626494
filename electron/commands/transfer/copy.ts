/** `howdah copy`: rows of a table or a query of one server into a table of another, or the same. */
import type { RejectedRow } from '../../../shared/api/import-plan.ts';
import { type CopyCheck, type CopyPlan, type CopySource, copyPlan } from '../../../shared/api/table-copy.ts';
import { invalid } from '../../../shared/failure.ts';
import { dataFolderPath, makeDataFolder } from '../../data-folder.ts';
import { runCopyOf } from '../../features/transfer/copy.ts';
import { writableColumns } from '../../features/transfer/transfer.sql.ts';
import { copySourceFactsOf } from '../../postgres/copy/copy-columns.ts';
import type { ConnectSpec } from '../../postgres/source.ts';
import { readArguments, UsageError } from '../command.ts';
import { targetOf } from '../target.ts';
import { inTransferWorld, tellRows } from './row-transfer.ts';
import { type TransferWorld, tableOf } from './transfer-world.ts';

const options = {
  from: { type: 'string' },
  to: { type: 'string' },
  data: { type: 'string' },
  table: { type: 'string' },
  query: { type: 'string' },
  into: { type: 'string' },
  create: { type: 'boolean', default: false },
  replace: { type: 'boolean', default: false },
  key: { type: 'string' },
  'on-error': { type: 'string', default: 'stop' },
  batches: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  'no-check': { type: 'boolean', default: false },
  rejects: { type: 'string' },
} as const;
type Values = ReturnType<typeof readArguments<typeof options>>['values'];

export async function copyCommand(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, options, []);
  const source = sourceOf(values);
  const onError = values['on-error'];
  if (onError !== 'stop' && onError !== 'reject') throw new UsageError('--on-error is stop or reject.');
  const [fromSpec, toSpec] = [await targetOf(values.from), await targetOf(values.to)];
  const dataFolder = makeDataFolder(dataFolderPath(values.data));
  return inTransferWorld(toSpec, async (world, signal) => {
    const plan = await planOf(world, fromSpec, source, { ...values, 'on-error': onError });
    // What a copy that goes on is known by: both ends as they were named.
    const places = { from: { connectionId: nameOf(fromSpec) }, to: { connectionId: nameOf(toSpec) } };
    const events = runCopyOf({ results: world.results, dataFolder }, { ...places, plan, fromSpec, toSpec }, signal);
    const placeOf = ({ record }: RejectedRow) => `row ${record}`;
    return tellRows(events, { dataFolder, rejects: values.rejects, placeOf, more: ({ check }) => tellCheck(check) });
  });
}

function tellCheck(check: CopyCheck | null): void {
  if (check?.kind === 'same') process.stderr.write(`both sides have the same ${check.sourceRows} rows\n`);
  else if (check)
    process.stderr.write(`${check.sourceRows} rows in the source; checksums not compared: ${check.why}\n`);
}

const nameOf = ({ host, port, user, database }: ConnectSpec): string => `${user}@${host}:${port}/${database}`;

function sourceOf({ table, query, into }: Values): CopySource {
  if ((table === undefined) === (query === undefined)) throw new UsageError('Say what to copy: --table or --query.');
  if (query !== undefined && into === undefined)
    throw new UsageError('--into is missing: the table that takes the rows.');
  return query === undefined ? { kind: 'table', table: tableOf(table ?? '') } : { kind: 'query', sql: query };
}

/** Columns go into those of the same names; a new table gets them all. */
async function planOf(
  world: TransferWorld,
  from: ConnectSpec,
  source: CopySource,
  values: Values & { 'on-error': 'stop' | 'reject' },
): Promise<CopyPlan> {
  const facts = await copySourceFactsOf(from, source);
  const table = tableOf(values.into ?? values.table ?? '');
  const asker = await world.sources.source('cli');
  const there = new Set((await asker.ask(writableColumns, [table.schema, table.name])).map(({ name }) => name));
  if (!values.create && there.size === 0)
    throw invalid('table', `There is no table ${values.into ?? values.table} to copy into; --create makes it.`);
  const readable = facts.columns.filter(({ computed }) => !computed || values.create);
  const taken = readable.filter(({ name }) => values.create || there.has(name));
  for (const { name } of readable.filter((column) => !taken.includes(column)))
    process.stderr.write(`howdah: "${name}" is no column of the table and is left out\n`);
  const keys = values.key === undefined ? [] : values.key.split(',');
  return copyPlan.parse({
    source,
    sourceColumns: taken.map(({ name }) => name),
    table,
    create: values.create,
    columns: taken.map(({ name, type }, at) => ({ source: at, target: name, type })),
    mode: keys.length > 0 ? 'upsert' : values.replace ? 'replace' : 'insert',
    keys,
    onError: values['on-error'],
    transaction: values.batches ? 'batches' : 'one',
    batchRows: 50_000,
    dryRun: values['dry-run'],
    check: !values['no-check'],
  });
}
