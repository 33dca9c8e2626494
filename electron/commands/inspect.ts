/** `howdah inspect FILE`: what a recording holds, and whether all of it is sound. */
import { existsSync, statSync } from 'node:fs';
import { type Inspection, inspectRecording } from '../recorder/file/inspect.ts';
import { RecordingFile } from '../recorder/file/recording-file.ts';
import { answer } from '../recorder/read/questions.ts';
import { bytes, duration, instant, percent } from '../recorder/report/words.ts';
import { readArguments } from './command.ts';

/** Exit 0: sound; 1: damaged, or not to be read at all. */
export async function inspectCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { json: { type: 'boolean' } }, ['FILE']);
  const [path = ''] = positionals;
  const inspection = inspectRecording(path);
  const file = new RecordingFile(path);
  const info = answer(file, 'info', {});
  const { gaps } = answer(file, 'span', {});
  file.close();
  // What is being written lies beside the file until it is put into it.
  const sizeBytes = statSync(path).size + (existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0);
  const sound = inspection.damage === null && inspection.damagedPieces === 0;
  if (values.json) console.log(JSON.stringify({ sound, sizeBytes, ...info, ...inspection, gaps }, null, 2));
  else print(sound, sizeBytes, { ...info, gaps }, inspection);
  return sound ? 0 : 1;
}

/** A text of the file cannot move the cursor of the terminal. */
const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\ufffd');

function print(
  sound: boolean,
  sizeBytes: number,
  info: ReturnType<typeof answer<'info'>> & { gaps: ReturnType<typeof answer<'span'>>['gaps'] },
  found: Inspection,
): void {
  const wholeMs = (info.toMs ?? 0) - (info.fromMs ?? 0);
  const line = (name: string, value: string): void => console.log(`${name.padEnd(12)} ${plain(value)}`);
  line('Recording', info.name);
  line(
    'Server',
    `PostgreSQL ${info.serverVersion || 'not known'}${info.systemIdentifier ? `, system ${info.systemIdentifier}` : ''}`,
  );
  line(
    'Time',
    info.fromMs === null
      ? 'nothing yet'
      : `${instant(info.fromMs)} to ${instant(info.toMs ?? 0)} (${duration(wholeMs)})`,
  );
  line(
    'Samples',
    `${found.samples.toLocaleString('en')} sessions seen in ${found.ticks.toLocaleString('en')} ticks; ${wholeMs > 0 ? percent(Math.min(1, found.coveredMs / wholeMs)) : '0 %'} of the time`,
  );
  line(
    'Statements',
    `${found.statements.toLocaleString('en')}, ${found.texts.toLocaleString('en')} with text${info.redacted ? ' (redacted)' : ''}`,
  );
  line('Events', String(found.events));
  line('Size', `${bytes(sizeBytes)}: ${found.parts.map((part) => `${part.name} ${bytes(part.bytes)}`).join(', ')}`);
  line(
    'Format',
    `version ${found.formatVersion}${found.formatVersion < found.newestVersion ? ` (newest is ${found.newestVersion})` : ''}`,
  );
  console.log('\nMetrics');
  for (const { name, rows, keys, bytes: size } of found.families)
    console.log(
      `  ${name.padEnd(26)} ${rows.toLocaleString('en').padStart(10)} rows  ${keys.toLocaleString('en').padStart(7)} keys  ${bytes(size).padStart(8)}`,
    );
  if (found.snapshots.length > 0) console.log('\nSnapshots');
  for (const { kind, database, count } of found.snapshots)
    console.log(`  ${kind.padEnd(26)} ${String(count).padStart(10)}  ${plain(database)}`);
  if (info.gaps.length > 0) console.log('\nGaps');
  for (const { fromMs, toMs, reason, message } of info.gaps.slice(0, 20))
    console.log(`  ${instant(fromMs)}  ${duration(toMs - fromMs).padEnd(10)} ${reason}: ${plain(message)}`);
  if (info.gaps.length > 20) console.log(`  and ${info.gaps.length - 20} more`);
  console.log(`\n${verdict(sound, found)}`);
}

function verdict(sound: boolean, { damage, damagedPieces, pieces }: Inspection): string {
  if (sound) return `Sound: all ${pieces.toLocaleString('en')} pieces are as they were written.`;
  const part =
    damagedPieces > 0
      ? `${damagedPieces} of ${pieces.toLocaleString('en')} pieces are damaged; they show as gaps.`
      : '';
  return `Damaged: ${[damage, part].filter(Boolean).join(' ')}`;
}
