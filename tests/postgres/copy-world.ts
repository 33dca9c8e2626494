/** Copies as the engine runs them: all columns into those of the same names, with what a person would choose where nothing is said. */
import { copySourceFactsOf } from '../../electron/postgres/copy/copy-columns.ts';
import type { CopyTask } from '../../electron/postgres/copy/run-copy.ts';
import type { ConnectSpec } from '../../electron/postgres/source.ts';
import { type CopySource, copyPlan } from '../../shared/api/table-copy.ts';

export interface CopyWish {
  readonly [option: string]: unknown;
}

export async function copyTask(
  { from, to, rejectsPath }: { from: ConnectSpec; to: ConnectSpec; rejectsPath: string },
  source: CopySource,
  table: string,
  wish: CopyWish = {},
): Promise<CopyTask> {
  const facts = await copySourceFactsOf(from, source);
  const writable = facts.columns.filter(({ computed }) => !computed);
  const plan = copyPlan.parse({
    source,
    sourceColumns: writable.map(({ name }) => name),
    table: { schema: 'public', name: table },
    create: false,
    columns: writable.map(({ name, type }, at) => ({ source: at, target: name, type })),
    mode: 'insert',
    keys: [],
    onError: 'stop',
    transaction: 'one',
    batchRows: 500,
    dryRun: false,
    ...wish,
  });
  return { from, to, plan, key: table, rejectsPath };
}

export const ofTable = (name: string): CopySource => ({ kind: 'table', table: { schema: 'public', name } });
