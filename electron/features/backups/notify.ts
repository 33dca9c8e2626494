/** Tells how a scheduled backup went: in the system's own way, and to a web address where one was given. */
import type { BackupSchedule } from '../../../shared/api/backups.ts';
import type { Log, Platform } from '../../platform.ts';
import type { KeptBackup } from '../../store/backups.ts';

const withinMs = 15_000;

export async function notifyOf(
  schedule: BackupSchedule,
  kept: KeptBackup,
  { notify, log }: { readonly notify: Platform['notify']; readonly log: Log },
): Promise<void> {
  const drillFailed = kept.drill !== null && (kept.drill.failure !== null || kept.drill.differences.length > 0);
  const failed = kept.state !== 'good' || drillFailed;
  if (schedule.notify === 'none' || (schedule.notify === 'failures' && !failed)) return;
  const title = failed ? `${schedule.name}: the backup FAILED` : `${schedule.name}: backed up`;
  const body = drillFailed
    ? `${kept.database}: the backup was made, and its restore drill failed.`
    : (kept.failure?.message ?? `${kept.database}: ${kept.rows.toLocaleString('en')} rows, read back and sound.`);
  notify({ title, body });
  if (schedule.webhook === null) return;
  const { connectionName, database, state, fileName, sizeBytes, rows, tookMs, atMs } = kept;
  const facts = {
    schedule: schedule.name,
    connection: connectionName,
    database,
    state: failed && state === 'good' ? 'drillFailed' : state,
    fileName,
    sizeBytes,
    rows,
    tookMs,
    at: new Date(atMs).toISOString(),
    message: body,
  };
  try {
    const answer = await fetch(schedule.webhook, {
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
