/** A backup by pg_dump or pg_dumpall: into a temporary name, read back (by pg_restore, or to its last line), then renamed. */
import { randomBytes } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { devNull } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { BackupForm, DumpTool } from '../../../../shared/api/dump-tool.ts';
import { FailureError, invalid } from '../../../../shared/failure.ts';
import type { ConnectSpec } from '../../source.ts';
import { fileFailure } from '../archive/file-failure.ts';
import type { DumpChoice } from '../dump/choice.ts';
import type { WorkTold } from '../progress.ts';
import { dumpArguments } from './dump-arguments.ts';
import { dumpDigest } from './dump-digest.ts';
import { DumpProgress } from './dump-progress.ts';
import { findTools, fittingTools, newestTools, type PgTools } from './find-tools.ts';
import { commandWords, runTool } from './run-tool.ts';
import { bareEnvironment, connectionWords, refuseTunnel, toolPlace } from './tool-place.ts';

export interface PgDumpRequest {
  readonly spec: ConnectSpec;
  readonly path: string;
  readonly tool: DumpTool;
  readonly choice: DumpChoice;
  readonly jobs: number;
}
export interface PgDumpOutcome {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly tookMs: number;
  readonly serverVersion: string;
  readonly toolVersion: string;
  /** As it was run, but for the temporary name. */
  readonly command: string;
}

/** Why there is no drill of what pg_dumpall made, and what to do instead. */
export const notOfOneDatabase =
  'A dump of pg_dumpall sets up the roles, tablespaces and settings of a whole server, and goes from database to database by commands of psql: it is not tried out here. Dump each database by itself, with pg_dump or the built-in backup; those can be drilled.';

export const formOf = (tool: DumpTool): Exclude<BackupForm, 'howdah'> =>
  tool.program === 'pg_dump' ? tool.format : 'plain';

const programIn = (tools: PgTools, { program }: DumpTool): string =>
  program === 'pg_dump' ? tools.pgDump : tools.pgDumpAll;

/** @throws invalid for what that version does not know */
const argumentsOf = (tools: PgTools, { spec, tool, choice, jobs }: PgDumpRequest, path: string): string[] => [
  ...connectionWords(spec, tool.program === 'pg_dump' ? spec.database : null),
  ...dumpArguments(tool, choice, { path, jobs }, tools),
];

/** What will be run, as one would type it. @throws invalid for what that version does not know, unsupported through a tunnel */
export function dumpCommand(tools: PgTools, request: PgDumpRequest): string {
  refuseTunnel(request.spec);
  return commandWords(programIn(tools, request.tool), argumentsOf(tools, request, request.path));
}

/** @throws why there is no backup; then nothing of it is left */
export async function runPgDump(request: PgDumpRequest, told: WorkTold = {}): Promise<PgDumpOutcome> {
  const { spec, path, tool } = request;
  const began = performance.now();
  const application = `howdah: backup ${randomBytes(4).toString('hex')}`;
  const progress = await DumpProgress.open(spec, application, (now) => told.onProgress?.(now));
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(3).toString('hex')}.part`);
  try {
    const { serverVersion, serverVersionNum } = progress;
    const tools = fittingTools(await findTools(), serverVersionNum);
    const command = dumpCommand(tools, request);
    const place = await toolPlace(spec, application);
    try {
      told.onLine?.(`PostgreSQL's ${tool.program} ${tools.version}: ${command}`);
      const onLine = (line: string) => {
        progress.line(line);
        told.onLine?.(line);
      };
      const args = argumentsOf(tools, request, temporary);
      await runTool({ program: programIn(tools, tool), args, env: place.env, onLine, signal: told.signal });
    } finally {
      await place.close();
    }
    told.onLine?.('Reading it back');
    await readThrough(temporary, formOf(tool), told);
    const digest = await sealed(temporary, formOf(tool), told);
    await rename(temporary, path);
    const tookMs = performance.now() - began;
    return { ...digest, tookMs, serverVersion, toolVersion: tools.version, command };
  } catch (thrown) {
    await rm(temporary, { force: true, recursive: true });
    throw told.signal?.aborted
      ? new FailureError({ kind: 'cancelled', message: 'The backup was cancelled. Nothing is left of it.' })
      : fileFailure(thrown, path);
  } finally {
    await progress.close();
  }
}

/** To the disk before it has its name; pg_dump has seen to the files of a directory itself. */
async function sealed(path: string, form: BackupForm, told: WorkTold) {
  if (form !== 'directory') {
    const file = await open(path, 'r+');
    await file.sync();
    await file.close();
  }
  return dumpDigest(path, undefined, told.signal);
}

/**
 * Reads a dump to its end: an archive by pg_restore, which unpacks all of it, text to the line that stands last.
 * @throws invalid where it is no whole dump
 */
export async function readThrough(path: string, form: BackupForm, told: WorkTold = {}): Promise<void> {
  if (form === 'plain') return checkLastLine(path);
  const tools = newestTools(await findTools());
  const args = [`--file=${devNull}`, path];
  try {
    await runTool({ program: tools.pgRestore, args, env: bareEnvironment(), signal: told.signal });
  } catch (thrown) {
    if (told.signal?.aborted || !(thrown instanceof FailureError)) throw thrown;
    throw invalid('file', `pg_restore cannot read it to its end: ${thrown.message}`);
  }
}

/** A dump that broke off has no end, whatever the exit code said. */
async function checkLastLine(path: string): Promise<void> {
  const { size } = await stat(path);
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, Math.max(0, size - 512));
    if (!/PostgreSQL database (cluster )?dump complete/.test(buffer.toString('utf8', 0, bytesRead)))
      throw invalid('file', 'It has no end: the last line that pg_dump writes is not there.');
  } finally {
    await file.close();
  }
}

/** Held against what it was when it was made, then read to its end. @throws invalid where a byte differs */
export async function verifyDump(
  path: string,
  form: BackupForm,
  sha256: string,
  told: WorkTold = {},
): Promise<{ readonly sizeBytes: number }> {
  const onBytes = (bytes: number) =>
    told.onProgress?.({ step: 'verifying', done: 0, all: 0, bytes, allBytes: null, now: [] });
  let digest: Awaited<ReturnType<typeof dumpDigest>>;
  try {
    digest = await dumpDigest(path, onBytes, told.signal);
  } catch (thrown) {
    throw fileFailure(thrown, path);
  }
  if (sha256 !== '' && digest.sha256 !== sha256)
    throw invalid('file', 'The dump is damaged: its bytes are not those that were written.');
  await readThrough(path, form, told);
  return digest;
}
