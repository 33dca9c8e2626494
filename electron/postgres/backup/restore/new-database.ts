/**
 * A database made for a restore. Until everything is in it, it goes by a working name: what is killed half way leaves
 * nothing under the name that was asked for, and what it leaves tells by its name what it is.
 */
import { FailureError, failureOf } from '../../../../shared/failure.ts';
import { identifier } from '../../../../shared/sql/quote.ts';
import type { ConnectSpec } from '../../source.ts';
import { BackupLink } from '../wire/backup-link.ts';
import type { RestoreChoice } from './request.ts';

/** The application_name of its connections. */
export const restoreName = 'howdah: restore';

const ending = '_restoring';
/** Of a name, in bytes: NAMEDATALEN - 1. */
export const longestName = 63;

/** The name until the end: the same for one name each time, so that what was left is found. */
export function workingName(database: string): string {
  let kept = database;
  while (Buffer.byteLength(kept) > longestName - ending.length) kept = [...kept].slice(0, -1).join('');
  return kept + ending;
}

/** Where the work goes. */
export const workingDatabase = ({ kind, database }: RestoreChoice['target']): string =>
  kind === 'new' ? workingName(database) : database;

export interface NewDatabase {
  /** To a database that is there already. */
  readonly home: BackupLink;
  readonly spec: ConnectSpec;
  /** Its name at the end. */
  readonly database: string;
  readonly create: (working: string) => Promise<void>;
  readonly say?: ((line: string) => void) | undefined;
}

/**
 * @param fill leaves no connection to it behind
 * @throws what `fill` throws, with the database dropped again; outcomeUnknown where it is still there under its
 * working name
 */
export async function intoNewDatabase<T>(made: NewDatabase, fill: (working: string) => Promise<T>): Promise<T> {
  const { database } = made;
  const working = workingName(database);
  await made.create(working);
  made.say?.(`Made the database ${working}; it is renamed to ${database} when everything is in it`);
  let filled: T;
  try {
    filled = await fill(working);
  } catch (thrown) {
    const drop = `drop database if exists ${identifier(working)} with (force)`;
    await atHome(made, drop).catch((left) => Promise.reject(leftBehind(thrown, left, working)));
    throw thrown;
  }
  const rename = `alter database ${identifier(working)} rename to ${identifier(database)}`;
  await atHome(made, rename).catch((thrown) => Promise.reject(notRenamed(thrown, working, rename)));
  return filled;
}

/** By a further connection where the one that was there is gone. */
async function atHome({ home, spec }: NewDatabase, sql: string): Promise<void> {
  try {
    await home.script(sql);
  } catch {
    const again = await BackupLink.open(spec, restoreName);
    try {
      await again.script(sql);
    } finally {
      await again.close();
    }
  }
}

/** What was made for the restore could not be taken back: the target is not as it was. */
function leftBehind(thrown: unknown, left: unknown, working: string): FailureError {
  const message = `${failureOf(thrown).message} The database ${working} is half restored and could not be dropped again (${failureOf(left).message}): drop it by hand.`;
  return new FailureError({ kind: 'outcomeUnknown', message }, { cause: thrown });
}

function notRenamed(thrown: unknown, working: string, rename: string): FailureError {
  const message = `Everything is restored, in the database ${working}: it could not be given its name (${failureOf(thrown).message}). Give it by: ${rename}`;
  return new FailureError({ kind: 'outcomeUnknown', message }, { cause: thrown });
}
