/** A backup by pg_dump: into a temporary name, read back whole by pg_restore (or to its last line), then renamed. */
import { randomBytes } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { devNull } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { invalid } from '../../../../shared/failure.ts';
import type { ConnectSpec } from '../../source.ts';
import { fileFailure } from '../archive/file-failure.ts';
import type { DumpChoice } from '../dump/choice.ts';
import type { BackupTold } from '../run-backup.ts';
import { BackupLink } from '../wire/backup-link.ts';
import { findTools, fittingTools } from './find-tools.ts';
import { commandWords, runTool } from './run-tool.ts';
import { toolPlace } from './tool-place.ts';

export interface PgDumpRequest {
  readonly spec: ConnectSpec;
  readonly path: string;
  readonly format: 'custom' | 'plain';
  readonly choice: DumpChoice;
  /** 0 to 9. */
  readonly level: number;
}
export interface PgDumpOutcome {
  readonly sizeBytes: number;
  readonly tookMs: number;
  readonly toolVersion: string;
  /** As it was run, but for the temporary name. */
  readonly command: string;
}

/** @throws why there is no backup; then nothing of it is left */
export async function runPgDump(request: PgDumpRequest, told: BackupTold = {}): Promise<PgDumpOutcome> {
  const { spec, path, format } = request;
  const began = performance.now();
  const link = await BackupLink.open(spec, 'howdah: backup', told.signal);
  const { versionNum } = link.facts;
  await link.close();
  const tools = fittingTools(await findTools(), versionNum);
  const place = await toolPlace(spec);
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(3).toString('hex')}.part`);
  try {
    const command = commandWords(tools.pgDump, argumentsOf(request, path));
    told.onLine?.(`PostgreSQL's pg_dump ${tools.version}: ${command}`);
    const run = { env: place.env, onLine: told.onLine, signal: told.signal };
    await runTool({ ...run, program: tools.pgDump, args: argumentsOf(request, temporary) });
    told.onLine?.('Reading it back');
    if (format === 'custom')
      await runTool({ ...run, program: tools.pgRestore, args: [`--file=${devNull}`, temporary] });
    else await checkLastLine(temporary);
    const file = await open(temporary, 'r+');
    await file.sync();
    await file.close();
    const { size } = await stat(temporary);
    await rename(temporary, path);
    return { sizeBytes: size, tookMs: performance.now() - began, toolVersion: tools.version, command };
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw fileFailure(thrown, path);
  } finally {
    await place.close();
  }
}

function argumentsOf({ format, choice, level }: PgDumpRequest, path: string): string[] {
  return [
    `--format=${format}`,
    `--file=${path}`,
    '--no-password',
    '--verbose',
    ...(format === 'custom' ? [`--compress=${level}`] : []),
    ...(choice.rows === 'none' ? ['--schema-only'] : []),
    ...(choice.schemas ?? []).map((name) => `--schema=${pattern(name)}`),
    ...(choice.withoutSchemas ?? []).map((name) => `--exclude-schema=${pattern(name)}`),
    ...(choice.withoutRowsOf ?? []).map((name) => `--exclude-table-data=${name.split('.').map(pattern).join('.')}`),
  ];
}
/** A name as a pattern that means only itself. */
const pattern = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A dump that broke off has no end, whatever the exit code said. */
async function checkLastLine(path: string): Promise<void> {
  const { size } = await stat(path);
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, Math.max(0, size - 512));
    if (!buffer.toString('utf8', 0, bytesRead).includes('PostgreSQL database dump complete'))
      throw invalid('file', 'pg_dump ended well, and its file has no end. It was not kept.');
  } finally {
    await file.close();
  }
}
