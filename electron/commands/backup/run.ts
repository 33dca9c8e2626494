/** `howdah backup run`: one database into one file, read back before it counts. */
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { invalid } from '../../../shared/failure.ts';
import { backupName } from '../../postgres/backup/archive/backup-name.ts';
import { runBackup } from '../../postgres/backup/run-backup.ts';
import { bytes, duration } from '../../recorder/report/words.ts';
import { version } from '../../version.ts';
import { readArguments, UsageError } from '../command.ts';
import { targetOf } from '../target.ts';
import { Console, guarded, plain } from './console.ts';

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
  json: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
} as const;

export async function runCommand(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, options);
  if (values.to === undefined) throw new UsageError('--to is missing: the file, or the folder that it is to lie in.');
  const jobs = readWhole('--jobs', values.jobs, 1, 32);
  const level = readWhole('--level', values.level, 1, 19);
  const lockTimeoutMs = 1000 * readWhole('--lock-timeout', values['lock-timeout'], 1, 86_400);
  const spec = await targetOf(values.url);
  const to = resolve(values.to);
  const isFolder = existsSync(to) && statSync(to).isDirectory();
  const path = isFolder ? join(to, backupName(spec.database, new Date())) : to;
  const screen = new Console(values.verbose);
  return guarded(screen, async (signal) => {
    if (existsSync(path)) throw invalid('to', `${path} is there already. Choose another name, or remove it first.`);
    const outcome = await runBackup(
      {
        spec,
        path,
        jobs,
        level,
        lockTimeoutMs,
        program: `Howdah ${version}`,
        choice: {
          schemas: values.schema,
          withoutSchemas: values['without-schema'],
          withoutRowsOf: values['without-rows'],
          rows: values['structure-only'] ? 'none' : 'all',
        },
      },
      { signal, onProgress: screen.onProgress, onLine: screen.onLine },
    );
    const { manifest, sizeBytes, rows, tookMs } = outcome;
    for (const warning of manifest.warnings) screen.say(`howdah: ${plain(warning)}`);
    if (values.json)
      console.log(
        JSON.stringify({
          file: path,
          sizeBytes,
          rows,
          items: manifest.items.length,
          tookMs,
          verified: true,
          warnings: manifest.warnings,
        }),
      );
    else
      console.log(
        `${path}: ${manifest.items.length} items, ${rows.toLocaleString('en')} rows, ${bytes(sizeBytes)}, in ${duration(tookMs)}; read back and sound.`,
      );
    return 0;
  });
}

export function readWhole(name: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most)
    throw new UsageError(`${name} wants a number from ${least} to ${most}, not "${text}".`);
  return number;
}
