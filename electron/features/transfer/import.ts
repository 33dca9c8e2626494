/** From the page's plan to the engine that carries it out, and what it says on the way. */
import { createHash, randomBytes } from 'node:crypto';
import { copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ImportPlan } from '../../../shared/api/import-plan.ts';
import type { ImportProgress } from '../../../shared/api/transfer.ts';
import { invalid } from '../../../shared/failure.ts';
import { fileFailure } from '../../postgres/export/output/file-failure.ts';
import { readFailure } from '../../postgres/import/read/read-failure.ts';
import type { Imported, ImportProgressNow } from '../../postgres/import/run-import.ts';
import type { JobOptions } from '../../postgres/result/job/result-jobs.ts';
import type { OpenResults } from '../../postgres/result/open-results.ts';
import type { ConnectSpec } from '../../postgres/source.ts';
import { mapped, withProgress } from './with-progress.ts';

export interface ImportNeeds {
  readonly results: Pick<OpenResults, 'job'>;
  readonly dataFolder: string;
}

/** Reject files of imports are kept so long. */
const keptMs = 7 * 86_400_000;

/** Ends with `done` or `failed`; leaving it cancels. */
export async function* runImportOf(
  { results, dataFolder }: ImportNeeds,
  { spec, path, plan }: { spec: ConnectSpec; path: string; plan: ImportPlan },
  signal?: AbortSignal,
): AsyncGenerator<ImportProgress, void, void> {
  checkPlan(plan);
  const startedAt = performance.now();
  const folder = await rejectsFolder(dataFolder);
  const key = await keyOf(path, plan);
  const rejectsId = plan.transaction === 'batches' && !plan.dryRun ? key : randomBytes(12).toString('hex');
  const rejectsPath = join(folder, `${rejectsId}.csv`);
  const work = (options: JobOptions) =>
    results.job({ kind: 'import', task: { spec, from: path, plan, key, rejectsPath } }, options);
  const told = withProgress<ImportProgressNow, Imported>(work, ({ imported }) => imported, signal);
  const done = yield* mapped(told, (now): ImportProgress => ({ kind: 'progress', ...now }));
  yield lastWord(done, rejectsId, startedAt);
}

/** The last event of rows that were imported or copied. @param startedAt by performance.now() */
export function lastWord<Done extends Imported>(done: Done, rejectsId: string, startedAt: number) {
  const { failure, rejects: shown, notes, ...counts } = done;
  const rejects = [...shown];
  if (failure) return { kind: 'failed' as const, failure, rejects };
  const tookMs = performance.now() - startedAt;
  const kept = done.rejected > 0 ? rejectsId : null;
  return { kind: 'done' as const, ...counts, tookMs, notes: [...notes], rejects, rejectsId: kept };
}

/** Where the files of rejected rows are; old ones are removed. */
export async function rejectsFolder(dataFolder: string): Promise<string> {
  const folder = join(dataFolder, 'imports');
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((thrown) => {
    throw fileFailure(thrown);
  });
  await removeOld(folder);
  return folder;
}

function checkPlan(plan: ImportPlan): void {
  checkColumns(plan);
  const { dialect } = plan;
  if (dialect.format === 'csv' && dialect.delimiter === dialect.quote)
    throw invalid('delimiter', 'The delimiter and the quote have to be different characters.');
}

/** @throws invalid where the columns of a plan do not fit each other */
export function checkColumns({
  mode,
  keys,
  columns,
  sourceColumns,
}: Pick<ImportPlan, 'mode' | 'keys' | 'columns' | 'sourceColumns'>): void {
  const targets = columns.map(({ target }) => target);
  if (new Set(targets).size < targets.length)
    throw invalid('columns', 'Two columns of the file go into the same column.');
  if (columns.some(({ source }) => source !== null && source >= sourceColumns.length))
    throw invalid('columns', 'The file has no such column.');
  if (columns.some(({ source, rules }) => source === null && !rules?.expression))
    throw invalid('columns', 'A column that no value of the file fills needs an expression.');
  if (mode === 'upsert' && keys.length === 0) throw invalid('keys', 'Say which columns tell the rows apart.');
  if (keys.some((key) => mode === 'upsert' && !targets.includes(key)))
    throw invalid('keys', 'The columns that tell the rows apart have to be filled from the file.');
}

/** The same file with the same plan: its size, its first and last megabyte, and what is to be done with it. */
async function keyOf(path: string, plan: ImportPlan): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(plan));
  const file = await open(path).catch((thrown) => {
    throw readFailure(thrown);
  });
  try {
    const { size } = await file.stat();
    const piece = Buffer.alloc(1024 * 1024);
    for (const at of [0, Math.max(0, size - piece.length)]) {
      const { bytesRead } = await file.read(piece, 0, piece.length, at);
      hash.update(piece.subarray(0, bytesRead));
    }
    return hash.update(String(size)).digest('hex').slice(0, 32);
  } catch (thrown) {
    throw readFailure(thrown);
  } finally {
    await file.close();
  }
}

async function removeOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found && Date.now() - found.mtimeMs > keptMs) await rm(path, { force: true });
  }
}

/** The rejected rows into a chosen file; whole or not at all. */
export async function saveRejects(dataFolder: string, rejectsId: string, target: string): Promise<void> {
  if (!/^[0-9a-f]{24,32}$/.test(rejectsId)) throw invalid('rejectsId', 'There is no such import.');
  const temporary = join(dirname(target), `.howdah-${randomBytes(9).toString('base64url')}.part`);
  try {
    await copyFile(join(dataFolder, 'imports', `${rejectsId}.csv`), temporary);
    await rename(temporary, target);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw fileFailure(thrown);
  }
}
