/** An archive of pg_dump restored by pg_restore: into a database made for it, or into one that is there. */
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupForm } from '../../../../shared/api/dump-tool.ts';
import { FailureError, failureOf, invalid } from '../../../../shared/failure.ts';
import { identifier } from '../../../../shared/sql/quote.ts';
import type { ConnectSpec } from '../../source.ts';
import { fileFailure } from '../archive/file-failure.ts';
import type { WorkTold } from '../progress.ts';
import { intoNewDatabase, restoreName, workingDatabase } from '../restore/new-database.ts';
import type { RestoreChoice } from '../restore/request.ts';
import { BackupLink } from '../wire/backup-link.ts';
import { type PgRestorePlan, planPgRestore } from './plan-pg-restore.ts';
import { commandWords, runTool } from './run-tool.ts';
import { connectionWords, toolPlace } from './tool-place.ts';

export interface PgRestoreRequest {
  readonly spec: ConnectSpec;
  readonly path: string;
  readonly choice: RestoreChoice;
  /** Words for pg_restore besides. */
  readonly more?: readonly string[] | undefined;
}
export interface PgRestoreOutcome {
  readonly items: number;
  /** That did not work, where it went on all the same. */
  readonly failed: number;
  readonly tookMs: number;
  readonly command: string;
}

/** Which of pg_dump's formats a file (or a folder) is; null where it is none that is known by its first bytes. */
export async function dumpFormOf(path: string): Promise<Exclude<BackupForm, 'howdah'> | null> {
  try {
    const inside = (await stat(path)).isDirectory();
    const file = await open(inside ? join(path, 'toc.dat') : path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0);
      const start = buffer.subarray(0, bytesRead);
      if (start.subarray(0, 5).toString('latin1') === 'PGDMP') return inside ? 'directory' : 'custom';
      if (start.subarray(0, 8).toString('latin1') === 'toc.dat\0') return 'tar';
      return /PostgreSQL database (cluster )?dump\s*$/m.test(start.toString('utf8')) ? 'plain' : null;
    } finally {
      await file.close();
    }
  } catch (thrown) {
    throw fileFailure(thrown, path);
  }
}

/** @throws what pg_restore said; into a new database, or in one transaction, nothing has changed then */
export async function runPgRestore(request: PgRestoreRequest, told: WorkTold = {}): Promise<PgRestoreOutcome> {
  const { spec, path, choice, more = [] } = request;
  const began = performance.now();
  // Read through before anything is changed.
  const plan = await planPgRestore(spec, path, choice, told.signal);
  if (plan.obstacles.length > 0) throw invalid('target', plan.obstacles.join(' '));
  const { tools } = plan.list;
  const { target } = choice;
  const picked = choice.items === undefined ? null : plan.entries.map(({ id }) => `${id};\n`).join('');
  const place = await toolPlace(spec, restoreName, picked === null ? {} : { list: picked });
  const home = await BackupLink.open(spec, restoreName, told.signal);
  const roles = choice.missingRoles === 'create' ? plan.missingRoles : [];
  const made: string[] = [];
  const form = (await dumpFormOf(path)) ?? 'custom';
  const args = [...more, ...restoreArguments(request, form, place.files.list ?? null)];
  const command = restoreCommand(plan, request, form);
  const restore = async () => {
    await withoutPublic(plan, request);
    told.onLine?.(`PostgreSQL's pg_restore ${tools.version}: ${commandWords(tools.pgRestore, args)}`);
    const onLine = counted(plan, told);
    try {
      await runTool({ program: tools.pgRestore, args, env: place.env, onLine, signal: told.signal });
      return 0;
    } catch (thrown) {
      if (choice.errors !== 'continue' || onLine.ignored === 0 || told.signal?.aborted) throw thrown;
      return onLine.ignored;
    }
  };
  try {
    for (const name of roles) {
      await home.script(`create role ${identifier(name)}`);
      made.unshift(`drop role if exists ${identifier(name)}`);
    }
    const failed = target.kind === 'new' ? await intoNew(home, request, told, restore) : await restore();
    return { items: plan.entries.length, failed, tookMs: performance.now() - began, command };
  } catch (thrown) {
    if (failureOf(thrown).kind === 'outcomeUnknown') throw thrown;
    for (const sql of made) await home.script(sql);
    if (!told.signal?.aborted) throw thrown;
    const fate =
      target.kind === 'new'
        ? `the database ${target.database} dropped again`
        : 'what it had done undone as far as that goes';
    throw new FailureError({ kind: 'cancelled', message: `The restore was cancelled, and ${fate}.` });
  } finally {
    await home.close();
    await place.close();
  }
}

const intoNew = <T>(
  home: BackupLink,
  { spec, choice: { target } }: PgRestoreRequest,
  { onLine: say }: WorkTold,
  restore: () => Promise<T>,
): Promise<T> => {
  const create = (working: string) => home.script(`create database ${identifier(working)} template template0`);
  return intoNewDatabase({ home, spec, database: target.database, create, say }, restore);
};

/** A dump of chosen schemas makes `public` itself, which every new database has already. */
const makesPublic = ({ entries }: PgRestorePlan, { target }: RestoreChoice): boolean =>
  target.kind === 'new' && entries.some(({ kind, name }) => kind === 'schema' && name === 'public');

async function withoutPublic(plan: PgRestorePlan, { spec, choice }: PgRestoreRequest): Promise<void> {
  if (!makesPublic(plan, choice)) return;
  const link = await BackupLink.open({ ...spec, database: workingDatabase(choice.target) }, restoreName);
  try {
    await link.script('drop schema public');
  } finally {
    await link.close();
  }
}

/** What will be run, as one would type it into a shell; by psql what Howdah does itself before and after pg_restore. */
export function restoreCommand(plan: PgRestorePlan, request: PgRestoreRequest, form: BackupForm): string {
  const { spec, choice } = request;
  const { target } = choice;
  const { pgRestore, folder } = plan.list.tools;
  const working = identifier(workingDatabase(target));
  const psql = (database: string, statements: readonly string[]): string[] => {
    const words = [...connectionWords(spec, database), '--set=ON_ERROR_STOP=1'];
    const asked = statements.map((sql) => `--command=${sql}`);
    return asked.length === 0 ? [] : [commandWords(join(folder, 'psql'), [...words, ...asked])];
  };
  const isNew = target.kind === 'new';
  const roles = choice.missingRoles === 'create' ? plan.missingRoles : [];
  const restore = commandWords(pgRestore, restoreArguments(request, form, choice.items ? '/dev/stdin' : null));
  const rename = `alter database ${working} rename to ${identifier(target.database)}`;
  const picked = plan.entries.map(({ id }) => `${id};\n`).join('');
  const before = [
    ...roles.map((name) => `create role ${identifier(name)}`),
    ...(isNew ? [`create database ${working} template template0`] : []),
  ];
  const first = [
    ...psql(spec.database, before),
    ...(makesPublic(plan, choice) ? psql(workingDatabase(target), ['drop schema public']) : []),
  ];
  const then = isNew ? psql(spec.database, [rename]) : [];
  const more = then.length > 0 ? ' &&' : '';
  // What was picked stands behind the line that reads it.
  const restored = choice.items ? `${restore} <<'END'${more}\n${picked}END` : `${restore}${more}`;
  return [...first.map((line) => `${line} &&`), restored, ...then].join('\n');
}

/** @param list the file that names what was picked */
export function restoreArguments(
  { spec, path, choice }: PgRestoreRequest,
  form: BackupForm,
  list: string | null,
): string[] {
  const { target, errors, what, owners, grants, missingRoles, jobs } = choice;
  // Into a new database several connections may work: it is dropped as a whole where one fails. A tar file has one reader.
  const several = jobs > 1 && form !== 'tar' && (target.kind === 'new' || errors !== 'single');
  return [
    ...connectionWords(spec, workingDatabase(target)),
    ...(several ? [`--jobs=${jobs}`] : errors === 'single' ? ['--single-transaction'] : []),
    ...(errors === 'continue' ? [] : ['--exit-on-error']),
    ...(target.kind === 'existing' && target.onExisting === 'replace' ? ['--clean', '--if-exists'] : []),
    '--no-password',
    '--verbose',
    ...(list === null ? [] : [`--use-list=${list}`]),
    ...(what === 'structure' ? ['--schema-only'] : []),
    ...(owners && missingRoles === 'create' ? [] : ['--no-owner']),
    ...(grants ? [] : ['--no-privileges']),
    path,
  ];
}

/** Each entry that it begins is a step; what it passed over is said in its last line. */
function counted({ entries }: PgRestorePlan, told: WorkTold): ((line: string) => void) & { ignored: number } {
  let done = 0;
  const take = (line: string) => {
    told.onLine?.(line);
    const ignored = /errors ignored on restore: (\d+)/.exec(line)?.[1];
    if (ignored !== undefined) take.ignored = Number(ignored);
    const now = /^pg_restore: (?:creating|processing data for|executing) (.*)$/.exec(line)?.[1];
    if (now === undefined) return;
    done = Math.min(entries.length, done + 1);
    told.onProgress?.({ step: 'making', done, all: entries.length, bytes: 0, allBytes: null, now: [now] });
  };
  take.ignored = 0;
  return take;
}

/** What pg_restore is not asked for here. @throws invalid */
export function refuseOwnOptions(given: Readonly<Record<string, boolean>>): void {
  const [name] = Object.entries(given).find(([, isGiven]) => isGiven) ?? [];
  if (name !== undefined) throw invalid('options', `${name} is for backups of Howdah; this is an archive of pg_dump.`);
}
