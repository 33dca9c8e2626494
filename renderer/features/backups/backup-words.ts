/** A backup's state, a job's step and a schedule's times in words. */
import type { Backup, BackupJob } from '../../../shared/api/backups.ts';
import type { BackupForm } from '../../../shared/api/dump-tool.ts';

export const stateWords: Readonly<Record<Backup['state'] | 'drillFailed', { word: string; ink: string }>> = {
  running: { word: 'Running', ink: 'text-accent' },
  good: { word: 'Good', ink: 'text-success' },
  drillFailed: { word: 'Drill failed', ink: 'text-danger' },
  failed: { word: 'Failed', ink: 'text-danger' },
  cancelled: { word: 'Cancelled', ink: 'text-muted' },
  damaged: { word: 'Damaged', ink: 'text-danger' },
  gone: { word: 'File is gone', ink: 'text-warning' },
};

export const formWords: Readonly<Record<BackupForm, string>> = {
  howdah: 'Howdah backup',
  custom: 'pg_dump, custom',
  directory: 'pg_dump, directory',
  tar: 'pg_dump, tar',
  plain: 'SQL for psql',
};

/** Of an object as the contract calls it: materializedView, materialized view. */
export const kindWords = (kind: string): string => kind.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

export const stepWords: Readonly<Record<BackupJob['step'], string>> = {
  connecting: 'Connecting',
  reading: 'Reading definitions',
  copying: 'Copying rows',
  making: 'Making objects',
  verifying: 'Reading the file back',
  finishing: 'Finishing',
};

/** A new database's name where nobody has chosen one: PostgreSQL keeps 63 bytes of a name. */
export function restoredName(database: string): string {
  let name = database.replace(/\.(sql|dump|backup|tar)$/i, '');
  const bytes = (text: string): number => new TextEncoder().encode(text).length;
  while (bytes(name) > 63 - '_restored'.length) name = [...name].slice(0, -1).join('');
  return `${name}_restored`;
}

const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
export const shownMoment = (ms: number): string => when.format(ms);

/** Of the whole; absent while nobody knows. */
export function fractionOf({ step, bytes, allBytes, done, all }: BackupJob): number | undefined {
  if (allBytes) return Math.min(1, bytes / allBytes);
  return step === 'reading' && all > 0 ? done / all : undefined;
}

export type Pattern = 'hourly' | 'daily' | 'weekly' | 'own';
/** Of a cron pattern, where it is one of the usual ones. */
export function patternOf(cron: string): { pattern: Pattern; time: string; day: string } {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = cron.trim().split(/\s+/);
  const plain = (text: string) => /^\d{1,2}$/.test(text);
  const time = plain(minute) && plain(hour) ? `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}` : '03:00';
  if (day === '*' && month === '*') {
    if (plain(minute) && hour === '*' && weekday === '*') return { pattern: 'hourly', time, day: '0' };
    if (plain(minute) && plain(hour) && weekday === '*') return { pattern: 'daily', time, day: '0' };
    if (plain(minute) && plain(hour) && /^[0-6]$/.test(weekday)) return { pattern: 'weekly', time, day: weekday };
  }
  return { pattern: 'own', time, day: '0' };
}
/** What a schedule is called as long as nobody has named it: by when it runs. */
export function usualName(cron: string): string {
  const { pattern, time } = patternOf(cron);
  if (pattern === 'hourly') return 'Hourly';
  if (pattern === 'weekly') return 'Weekly';
  if (pattern === 'own') return 'Backups';
  return time < '06:00' || time >= '20:00' ? 'Nightly' : 'Daily';
}
export function cronOf(pattern: Exclude<Pattern, 'own'>, time: string, day: string): string {
  const [hour = '3', minute = '0'] = time.split(':').map((part) => String(Number(part)));
  if (pattern === 'hourly') return `${minute} * * * *`;
  return `${minute} ${hour} * * ${pattern === 'weekly' ? day : '*'}`;
}
