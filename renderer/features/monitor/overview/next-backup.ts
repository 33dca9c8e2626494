import type { ScheduleNow } from '../../../../shared/api/backups.ts';
import { shownAmount } from '../../../../shared/metrics/units.ts';

/** When the next backup of a server's databases is due, and how the last one of that schedule ended. Pure. */
export function nextBackup(
  schedules: readonly ScheduleNow[],
  connectionId: string | null,
  nowMs: number,
): { readonly value: string; readonly note: string } {
  const own = schedules.filter((each) => each.connectionId === connectionId && each.enabled && each.nextMs !== null);
  const [next] = own.toSorted((a, b) => (a.nextMs ?? 0) - (b.nextMs ?? 0));
  if (!next || next.nextMs === null) return { value: '–', note: 'No backup is planned' };
  const value = next.nextMs <= nowMs ? 'due now' : `in ${shownAmount(next.nextMs - nowMs, { unit: 'ms' })}`;
  const bad = next.lastState === null ? undefined : trouble[next.lastState];
  return { value, note: bad ? `The last one ${bad}` : next.name };
}

const trouble: Partial<Record<NonNullable<ScheduleNow['lastState']>, string>> = {
  failed: 'is failed',
  damaged: 'is damaged',
  gone: 'is not there any more',
  drillFailed: 'did not pass its restore drill',
};
