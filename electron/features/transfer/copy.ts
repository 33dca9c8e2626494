/** A copy from one table into another, as the contract has it. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type CopyPlace, type CopyPlan, type CopyProgress, copyPlan } from '../../../shared/api/table-copy.ts';
import { invalid } from '../../../shared/failure.ts';
import type { CopiedRows, CopyProgressNow } from '../../postgres/copy/run-copy.ts';
import type { JobOptions } from '../../postgres/result/job/result-jobs.ts';
import type { ConnectSpec } from '../../postgres/source.ts';
import { checkColumns, type ImportNeeds, lastWord, rejectsFolder } from './import.ts';
import { mapped, withProgress } from './with-progress.ts';

export interface WantedCopy {
  readonly from: CopyPlace;
  readonly to: CopyPlace;
  readonly plan: CopyPlan;
  readonly fromSpec: ConnectSpec;
  readonly toSpec: ConnectSpec;
}

/** Ends with `done` or `failed`; leaving it cancels. @throws invalid where the plan cannot be carried out */
export async function* runCopyOf(
  { results, dataFolder }: ImportNeeds,
  wanted: WantedCopy,
  signal?: AbortSignal,
): AsyncGenerator<CopyProgress, void, void> {
  const plan = copyPlan.parse(wanted.plan);
  checkColumns(plan);
  checkPlaces(wanted);
  const startedAt = performance.now();
  const folder = await rejectsFolder(dataFolder);
  const key = createHash('sha256')
    .update(JSON.stringify([wanted.from, wanted.to, plan]))
    .digest('hex')
    .slice(0, 32);
  const task = { from: wanted.fromSpec, to: wanted.toSpec, plan, key, rejectsPath: join(folder, `${key}.csv`) };
  const work = (options: JobOptions) => results.job({ kind: 'copyRows', task }, options);
  const told = withProgress<CopyProgressNow, CopiedRows>(work, ({ copied }) => copied, signal);
  const done = yield* mapped(told, (now): CopyProgress => ({ kind: 'progress', ...now }));
  yield lastWord(done, key, startedAt);
}

function checkPlaces({ from, to, plan }: WantedCopy): void {
  const { source, table } = plan;
  if (from.connectionId !== to.connectionId || from.database !== to.database || source.kind !== 'table') return;
  if (source.table.schema === table.schema && source.table.name === table.name)
    throw invalid('table', 'The source and the table are the same. Choose another table.');
}
