/**
 * A plain dump restored: SQL text, read through to its end first, then run statement by statement by Howdah itself. What
 * is psql's own in it is refused by name; nothing of it is ever given to psql.
 */
import { FailureError, failureOf, invalid } from '../../../../shared/failure.ts';
import { identifier } from '../../../../shared/sql/quote.ts';
import { examineScript } from '../../import/sql/examine-script.ts';
import { runScript } from '../../import/sql/run-script.ts';
import type { ConnectSpec } from '../../source.ts';
import type { WorkTold } from '../progress.ts';
import { BackupLink } from '../wire/backup-link.ts';
import { intoNewDatabase, restoreName } from './new-database.ts';
import { planOf, type RestorePlan } from './plan-restore.ts';
import type { RestoreChoice } from './request.ts';
import type { RestoreRequest } from './run-restore.ts';

export interface ScriptOutcome {
  readonly statements: number;
  readonly rows: number;
  /** Only with `continue`, as sentences. */
  readonly failures: readonly string[];
  readonly serverVersion: string;
  readonly tookMs: number;
}

/** @throws why it cannot be known */
export async function planScript(
  spec: ConnectSpec,
  choice: RestoreChoice,
  signal?: AbortSignal,
): Promise<Omit<RestorePlan, 'manifest' | 'items'>> {
  const { target } = choice;
  const there = target.kind === 'existing' ? { ...spec, database: target.database } : spec;
  const link = await BackupLink.open(there, restoreName, signal);
  try {
    const nothing = { items: [], roles: [], tablespaces: [], warnings: [], versionNum: 0, version: '' };
    const plan = await planOf(link, nothing, choice);
    return { ...plan, obstacles: [...plan.obstacles, ...notForScripts(choice)], rows: 0, rawBytes: 0 };
  } finally {
    await link.close();
  }
}

/** It is run as it stands. */
function notForScripts({ target, what, owners, grants, items, roles, tablespaces }: RestoreChoice): string[] {
  const not: string[] = [];
  if (target.kind === 'existing' && target.onExisting !== 'refuse')
    not.push(
      'A plain dump is run as it stands: what is there is neither left nor dropped, unless the dump says so itself.',
    );
  if (what !== 'all' || items !== undefined || !owners || !grants)
    not.push('A plain dump is run as a whole: definitions, rows, owners and grants.');
  if (Object.keys(roles).length + Object.keys(tablespaces).length > 0)
    not.push('A plain dump is run as it stands: no role or tablespace takes the place of another.');
  return not;
}

/** @throws why nothing was restored, or, statement by statement, why it stopped */
export async function runScriptRestore(
  { spec, path, choice }: RestoreRequest,
  told: WorkTold = {},
): Promise<ScriptOutcome> {
  const began = performance.now();
  const plan = await planScript(spec, choice, told.signal);
  if (plan.obstacles.length > 0) throw invalid('target', plan.obstacles.join(' '));
  const aborted = () => told.signal?.aborted ?? false;
  told.onLine?.(`Reading ${path} through before anything is changed`);
  const tell = (step: 'verifying' | 'making', bytes: number, allBytes: number, done: number) =>
    told.onProgress?.({ step, done, all: 0, bytes, allBytes, now: [] });
  const { exam } = await examineScript(
    { path, encoding: null },
    (now) => tell('verifying', now.bytes, now.totalBytes, now.statements),
    aborted,
  );
  const single = choice.errors === 'single';
  if (single && exam.notInOne && choice.target.kind === 'existing')
    throw invalid(
      'errors',
      `Line ${exam.notInOne.line}: ${exam.notInOne.command.toUpperCase()} cannot be undone with the rest. Take a new database, or have it stop at an error.`,
    );
  told.onLine?.(`${exam.statements} statements, ${exam.copyRows} rows of COPY`);
  const done = await intoDatabase(spec, choice, told, (database) =>
    runScript(
      {
        spec: { ...spec, database },
        path,
        encoding: exam.encoding,
        plan: {
          transaction: single && !exam.notInOne ? 'one' : 'each',
          onError: choice.errors === 'continue' ? 'skip' : 'stop',
        },
      },
      (now) => tell('making', now.bytes, now.totalBytes, now.statements),
      aborted,
    ),
  );
  for (const note of done.notes) told.onLine?.(note);
  return {
    statements: done.statements,
    rows: done.rows,
    failures: done.errors.map(({ line, reason }) => `Line ${line}: ${reason}`),
    serverVersion: plan.targetVersion,
    tookMs: performance.now() - began,
  };
}

/** One that is made for it is dropped again where the work fails. */
async function intoDatabase(
  spec: ConnectSpec,
  { target: { kind, database } }: RestoreChoice,
  told: WorkTold,
  work: (database: string) => ReturnType<typeof runScript>,
): ReturnType<typeof runScript> {
  const worked = async (name: string) => {
    const done = await work(name);
    if (done.failure) throw new FailureError(done.failure);
    return done;
  };
  if (kind === 'existing') return worked(database);
  const home = await BackupLink.open(spec, restoreName, told.signal);
  const create = (working: string) => home.script(`create database ${identifier(working)} template template0`);
  try {
    return await intoNewDatabase({ home, spec, database, create, say: told.onLine }, worked);
  } catch (thrown) {
    if (!told.signal?.aborted || failureOf(thrown).kind === 'outcomeUnknown') throw thrown;
    const message = `The restore was cancelled, and the database ${database} dropped again.`;
    throw new FailureError({ kind: 'cancelled', message });
  } finally {
    await home.close();
  }
}
