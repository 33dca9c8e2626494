/** Tells how a scheduled backup went: in the app, in the system's own way, by e-mail and to a web address where asked for. */
import { type BackupSchedule, drillFailed } from '../../../shared/api/backups.ts';
import { failureOf } from '../../../shared/failure.ts';
import type { Log, Platform } from '../../platform.ts';
import type { KeptBackup } from '../../store/backups.ts';

export interface Telling {
  readonly notify: Platform['notify'];
  /** To every page that is open. */
  readonly notice: (level: 'info' | 'error', message: string) => void;
  readonly sendMail: (letter: { readonly subject: string; readonly text: string }) => Promise<void>;
  readonly log: Log;
}
const withinMs = 15_000;

export async function notifyOf(schedule: BackupSchedule, kept: KeptBackup, telling: Telling): Promise<void> {
  const notRestored = kept.state === 'good' && drillFailed(kept.drill);
  const failed = kept.state !== 'good' || notRestored;
  if (schedule.notify === 'none' || (schedule.notify === 'failures' && !failed)) return;
  const what = notRestored ? 'the restore drill FAILED' : failed ? 'the backup FAILED' : 'backed up';
  const title = `${schedule.name}: ${what}`;
  const body = bodyOf(kept);
  telling.notify({ title, body });
  telling.notice(failed ? 'error' : 'info', `${title}. ${body}`);
  const state = notRestored ? 'drillFailed' : kept.state;
  await Promise.all([
    schedule.webhook === null ? null : post(schedule.webhook, factsOf(schedule, kept, state, body), telling.log),
    schedule.email ? write(kept, title, body, telling) : null,
  ]);
}

function bodyOf(kept: KeptBackup): string {
  const { drill } = kept;
  if (drill && drillFailed(drill))
    return `${kept.database}: the backup was made, and its restore drill failed. ${drill.failure?.message ?? drill.differences[0]}`;
  if (kept.failure) return kept.failure.message;
  if (kept.form !== 'howdah') return `${kept.database}: dumped, and read back to its end.`;
  return `${kept.database}: ${kept.rows.toLocaleString('en')} rows, read back and sound.`;
}

function factsOf(schedule: BackupSchedule, kept: KeptBackup, state: string, message: string) {
  const { connectionName, database, fileName, sizeBytes, rows, tookMs, atMs } = kept;
  const at = new Date(atMs).toISOString();
  return {
    schedule: schedule.name,
    connection: connectionName,
    database,
    state,
    fileName,
    sizeBytes,
    rows,
    tookMs,
    at,
    message,
  };
}

async function post(url: string, facts: object, log: Log): Promise<void> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(facts),
      signal: AbortSignal.timeout(withinMs),
      redirect: 'error',
    });
    if (!answer.ok) log.warn('a webhook of a backup did not take its message', { status: answer.status });
  } catch (thrown) {
    log.warn('a webhook of a backup was not reached', { why: thrown instanceof Error ? thrown.name : 'unknown' });
  }
}

async function write(kept: KeptBackup, title: string, body: string, { sendMail, notice, log }: Telling): Promise<void> {
  const { connectionName, database, fileName, atMs, tookMs } = kept;
  const lines = [
    body,
    '',
    `Database: ${database} of ${connectionName}`,
    `Begun: ${new Date(atMs).toISOString()}, took ${Math.round(tookMs / 1000)} s`,
    ...(kept.state === 'good' ? [`File: ${fileName}, ${kept.sizeBytes.toLocaleString('en')} bytes`] : []),
  ];
  try {
    await sendMail({ subject: `Howdah: ${title}`, text: `${lines.join('\n')}\n` });
  } catch (thrown) {
    // What should have told of a failure must not fail without a word.
    notice('error', `The letter about ${database} was not sent. ${failureOf(thrown).message}`);
    log.warn('a letter about a backup was not sent', { kind: failureOf(thrown).kind });
  }
}
