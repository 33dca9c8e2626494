/** `howdah import FILE.sql`: a script's statements, as many as there are, in one transaction or each by itself. */
import { basename } from 'node:path';
import { type SqlExam, type SqlPlan, sqlPlan } from '../../../shared/api/sql-import.ts';
import { Scripts } from '../../features/transfer/script.ts';
import type { ConnectSpec } from '../../postgres/source.ts';
import { inWords } from '../query.ts';
import type { TransferWorld } from './transfer-world.ts';

export const isScript = (path: string): boolean => /\.sql(\.gz|\.zst)?$/i.test(basename(path));

export interface ScriptWish {
  readonly each: boolean;
  readonly skipErrors: boolean;
  readonly dryRun: boolean;
  readonly encoding: string | undefined;
}

/** @returns 0, 1 where it failed, 3 where statements failed and were passed over */
export async function importScript(
  world: TransferWorld,
  spec: ConnectSpec,
  path: string,
  { each, skipErrors, dryRun, encoding }: ScriptWish,
  signal: AbortSignal,
): Promise<number> {
  const scripts = new Scripts({ results: world.results });
  const plan: SqlPlan = sqlPlan.parse({
    encoding: encoding ?? null,
    transaction: each || skipErrors ? 'each' : 'one',
    onError: skipErrors ? 'skip' : 'stop',
  });
  if (dryRun) return examine(scripts, path, plan, signal);
  const admitted = scripts.admit({ path, encoding: plan.encoding }, plan, signal);
  let next = await admitted.next();
  while (!next.done) next = await admitted.next();
  for await (const event of scripts.run({ spec, path, plan, examined: next.value }, signal)) {
    if (event.kind === 'reading' || event.kind === 'progress') continue;
    for (const { line, reason } of event.errors) process.stderr.write(`line ${line}: ${reason}\n`);
    if (event.kind === 'done') for (const note of event.notes) process.stderr.write(`howdah: ${note}\n`);
    if (event.kind === 'failed') process.stderr.write(`${inWords(event.failure)}\n`);
    process.stderr.write(`${event.statements} statements, ${event.failed} failed, ${event.rows} rows\n`);
    if (event.kind === 'failed') return 1;
    return event.failed > 0 ? 3 : 0;
  }
  return 1;
}

async function examine(scripts: Scripts, path: string, { encoding }: SqlPlan, signal: AbortSignal): Promise<number> {
  for await (const event of scripts.examine({ path, encoding }, signal)) {
    if (event.kind === 'progress') continue;
    if (event.kind === 'done') return tell(event.exam);
    process.stderr.write(`${inWords(event.failure)}\n`);
  }
  return 1;
}

function tell({ statements, kinds, copyRows, notInOne, notes }: SqlExam): number {
  for (const { command, count } of kinds) process.stdout.write(`${String(count).padStart(9)}  ${command}\n`);
  process.stderr.write(`${statements} statements, ${copyRows} rows of COPY; nothing was run\n`);
  if (notInOne)
    process.stderr.write(
      `howdah: line ${notInOne.line}: ${notInOne.command} cannot be in one transaction; use --each\n`,
    );
  for (const note of notes) process.stderr.write(`howdah: ${note}\n`);
  return 0;
}
