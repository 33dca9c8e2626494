/** An archive of pg_dump restored by pg_restore: all of it in one transaction, into a new database or one that is there. */
import { open } from 'node:fs/promises';
import { FailureError, invalid } from '../../../../shared/failure.ts';
import { identifier } from '../../../../shared/sql/quote.ts';
import type { ConnectSpec } from '../../source.ts';
import { fileFailure } from '../archive/file-failure.ts';
import type { RestoreTold } from '../restore/run-restore.ts';
import { BackupLink } from '../wire/backup-link.ts';
import { findTools, type PgTools } from './find-tools.ts';
import { commandWords, runTool } from './run-tool.ts';
import { toolPlace } from './tool-place.ts';

export interface PgRestoreRequest {
  readonly spec: ConnectSpec;
  readonly path: string;
  readonly database: string;
  /** It is made first, and dropped again where the restore fails. */
  readonly isNew: boolean;
  readonly what: 'all' | 'structure';
  readonly owners: boolean;
  readonly grants: boolean;
}

export async function isPgArchive(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(5), 0, 5, 0);
      return bytesRead === 5 && buffer.toString('latin1') === 'PGDMP';
    } finally {
      await file.close();
    }
  } catch (thrown) {
    throw fileFailure(thrown, path);
  }
}

/** @throws what pg_restore said; nothing has changed then */
export async function runPgRestore(
  request: PgRestoreRequest,
  told: RestoreTold = {},
): Promise<{ tookMs: number; command: string }> {
  const { spec, path, database, isNew } = request;
  const began = performance.now();
  const tools = newest((await findTools()).usable);
  const place = await toolPlace(spec);
  const run = { program: tools.pgRestore, env: place.env, onLine: told.onLine, signal: told.signal };
  const home = await BackupLink.open(spec, 'howdah: restore', told.signal);
  let made = false;
  try {
    // Read through before anything is changed.
    await runTool({ ...run, args: ['--list', path], onLine: undefined });
    if (isNew) await home.script(`create database ${identifier(database)} template template0`);
    made = isNew;
    const args = argumentsOf(request);
    const command = commandWords(tools.pgRestore, args);
    told.onLine?.(`PostgreSQL's pg_restore ${tools.version}: ${command}`);
    await runTool({ ...run, args });
    return { tookMs: performance.now() - began, command };
  } catch (thrown) {
    if (made) await home.script(`drop database if exists ${identifier(database)} with (force)`);
    throw thrown;
  } finally {
    await home.close();
    await place.close();
  }
}

function argumentsOf({ path, database, what, owners, grants }: PgRestoreRequest): string[] {
  return [
    // A conninfo string of one word, so that a name with "=" in it is a name.
    `--dbname=dbname='${database.replaceAll(/['\\]/g, '\\$&')}'`,
    '--single-transaction',
    '--exit-on-error',
    '--no-password',
    '--verbose',
    ...(what === 'structure' ? ['--schema-only'] : []),
    ...(owners ? [] : ['--no-owner']),
    ...(grants ? [] : ['--no-privileges']),
    path,
  ];
}

/** It reads archives of all versions before it. */
function newest(usable: readonly PgTools[]): PgTools {
  const tools = [...usable].sort((a, b) => b.major - a.major || b.minor - a.minor)[0];
  if (tools) return tools;
  throw new FailureError({
    kind: 'unsupported',
    needs: 'pg_restore',
    message:
      'This is an archive of pg_dump, and no pg_restore was found on this machine. Install PostgreSQL’s client programs.',
  });
}

/** What pg_restore is not asked for here. @throws invalid */
export function refuseOwnOptions(given: Readonly<Record<string, boolean>>): void {
  const [name] = Object.entries(given).find(([, isGiven]) => isGiven) ?? [];
  if (name !== undefined) throw invalid('options', `${name} is for backups of Howdah; this is an archive of pg_dump.`);
}
