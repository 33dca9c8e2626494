/** When which backup is due. Asked for now and then, so that sleep and a clock that jumps lose nothing. */
import { Cron } from 'croner';
import { invalid } from '../../../shared/failure.ts';
import type { BackupStore, KeptSchedule } from '../../store/backups.ts';

const everyMs = 15_000;

/** @throws invalid where it is no pattern */
export function cronOf(pattern: string): Cron {
  // Words of one part are croner's own: @daily.
  if (!pattern.trim().startsWith('@') && pattern.trim().split(/\s+/).length !== 5)
    throw invalid('cron', 'A cron pattern has five parts: minute, hour, day of the month, month and weekday.');
  try {
    return new Cron(pattern, { paused: true, mode: '5-part' });
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message.replace(/^CronPattern: /, '') : String(thrown);
    throw invalid('cron', `This is no cron pattern: ${why}`);
  }
}

/** The next moments, epoch milliseconds. */
export const momentsOf = (pattern: string, count: number): number[] =>
  cronOf(pattern)
    .nextRuns(count)
    .map((at) => at.getTime());

/** Whether a moment of its pattern has come since the last one that was seen to; several missed ones are one. */
export function isDue({ cron, lastMs, enabled }: KeptSchedule, nowMs: number): boolean {
  if (!enabled) return false;
  // A clock that was set back: the moments before the last one are not to come again.
  if (lastMs > nowMs) return false;
  const next = cronOf(cron).nextRun(new Date(lastMs));
  return next !== null && next.getTime() <= nowMs;
}

/** @returns stops it */
export function watchSchedules(store: BackupStore, run: (schedule: KeptSchedule) => void): () => void {
  const look = () => {
    const now = Date.now();
    for (const schedule of store.schedules()) {
      if (schedule.enabled && schedule.lastMs > now + 86_400_000) store.putSchedule({ ...schedule, lastMs: now });
      if (!isDue(schedule, now)) continue;
      store.putSchedule({ ...schedule, lastMs: now });
      run(schedule);
    }
  };
  const timer = setInterval(look, everyMs).unref();
  const first = setTimeout(look, 2_000).unref();
  return () => {
    clearInterval(timer);
    clearTimeout(first);
  };
}
