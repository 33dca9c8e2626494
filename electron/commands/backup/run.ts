/** `howdah backup run`: one database into one file, read back before it counts; by pg_dump where that is asked for. */
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type DumpTool, dumpSections, subjectOf } from '../../../shared/api/dump-tool.ts';
import { invalid } from '../../../shared/failure.ts';
import { backupName, endings } from '../../postgres/backup/archive/backup-name.ts';
import type { DumpChoice } from '../../postgres/backup/dump/choice.ts';
import { runBackup } from '../../postgres/backup/run-backup.ts';
import { formOf, type PgDumpRequest, runPgDump } from '../../postgres/backup/tools/run-pg-dump.ts';
import { bytes, duration } from '../../recorder/report/words.ts';
import { version } from '../../version.ts';
import { readArguments, UsageError } from '../command.ts';
import { targetOf } from '../target.ts';
import { Console, guarded, oneOf, plain, readWhole } from './console.ts';

const options = {
  url: { type: 'string' },
  to: { type: 'string' },
  schema: { type: 'string', multiple: true },
  'without-schema': { type: 'string', multiple: true },
  'without-rows': { type: 'string', multiple: true },
  'structure-only': { type: 'boolean', default: false },
  jobs: { type: 'string', default: '2' },
  level: { type: 'string', default: '1' },
  'lock-timeout': { type: 'string', default: '30' },
  with: { type: 'string', default: 'built-in' },
  format: { type: 'string', default: 'custom' },
  section: { type: 'string', multiple: true },
  table: { type: 'string', multiple: true },
  compression: { type: 'string', default: 'gzip' },
  what: { type: 'string', default: 'all' },
  json: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
} as const;

export async function runCommand(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, options);
  if (values.to === undefined) throw new UsageError('--to is missing: the file, or the folder that it is to lie in.');
  const tool = toolOf(values);
  const jobs = readWhole('--jobs', values.jobs, 1, 32);
  const level = tool ? 1 : readWhole('--level', values.level, 1, 19);
  const lockTimeoutMs = 1000 * readWhole('--lock-timeout', values['lock-timeout'], 1, 86_400);
  const spec = await targetOf(values.url);
  const name = subjectOf(tool ?? undefined, spec.database);
  const path = placeOf(values.to, name, endings[tool ? formOf(tool) : 'howdah']);
  const choice: DumpChoice = {
    schemas: values.schema,
    withoutSchemas: values['without-schema'],
    withoutRowsOf: values['without-rows'],
    rows: values['structure-only'] ? 'none' : 'all',
  };
  const screen = new Console(values.verbose);
  return guarded(screen, async (signal) => {
    if (existsSync(path)) throw invalid('to', `${path} is there already. Choose another name, or remove it first.`);
    const told = { signal, onProgress: screen.onProgress, onLine: screen.onLine };
    if (tool) return dumped({ spec, path, tool, choice, jobs }, told, values.json);
    const request = { spec, path, jobs, level, lockTimeoutMs, program: `Howdah ${version}`, choice };
    const { manifest, sizeBytes, rows, tookMs } = await runBackup(request, told);
    const { warnings } = manifest;
    const items = manifest.items.length;
    for (const warning of warnings) screen.say(`howdah: ${plain(warning)}`);
    if (values.json)
      console.log(JSON.stringify({ file: path, sizeBytes, rows, items, tookMs, verified: true, warnings }));
    else
      console.log(
        `${path}: ${items} items, ${rows.toLocaleString('en')} rows, ${bytes(sizeBytes)}, in ${duration(tookMs)}; read back and sound.`,
      );
    return 0;
  });
}

interface ToolWords {
  readonly with: string;
  readonly format: string;
  readonly section?: string[] | undefined;
  readonly table?: string[] | undefined;
  readonly compression: string;
  readonly level: string;
  readonly what: string;
}
/** Null: the built-in backup. */
function toolOf(words: ToolWords): DumpTool | null {
  const program = oneOf('--with', words.with, ['built-in', 'pg_dump', 'pg_dumpall']);
  if (program === 'built-in') return null;
  if (program === 'pg_dumpall')
    return {
      program,
      what: oneOf('--what', words.what, ['all', 'globals', 'roles', 'tablespaces']),
      rolePasswords: true,
    };
  const compression = oneOf('--compression', words.compression, ['gzip', 'lz4', 'zstd', 'none']);
  return {
    program,
    format: oneOf('--format', words.format, ['custom', 'directory', 'tar', 'plain']),
    sections: (words.section ?? []).map((word) => oneOf('--section', word, dumpSections)),
    tables: words.table ?? [],
    compression,
    level: readWhole('--level', words.level, 0, compression === 'zstd' ? 22 : 9),
    owners: true,
    grants: true,
    clean: false,
  };
}

/** A folder gets a name made for it. */
function placeOf(to: string, database: string, ending: string): string {
  const place = resolve(to);
  const isFolder = existsSync(place) && statSync(place).isDirectory();
  return isFolder ? join(place, backupName(database, new Date(), ending)) : place;
}

async function dumped(request: PgDumpRequest, told: Parameters<typeof runPgDump>[1], json: boolean): Promise<number> {
  const { sizeBytes, tookMs, toolVersion, command } = await runPgDump(request, told);
  const { path, tool } = request;
  if (json) console.log(JSON.stringify({ file: path, sizeBytes, tookMs, toolVersion, command, verified: true }));
  else
    console.log(
      `${path}: ${bytes(sizeBytes)} by ${tool.program} ${toolVersion}, in ${duration(tookMs)}; read back and whole.\n${command}`,
    );
  return 0;
}
