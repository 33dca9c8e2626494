/** Which backups of a schedule stay. Several rules; what one of them keeps is kept. */
import type { KeepRules } from '../../../shared/api/backups.ts';

export interface Dated {
  readonly id: string;
  readonly atMs: number;
}

/**
 * The backups that no rule keeps: never the newest, whatever the rules say. Without any rule nothing is removed.
 * @param good only those that were read back and found whole: a bad one must not push a good one out
 */
export function toRemove(good: readonly Dated[], rules: KeepRules): string[] {
  const newestFirst = [...good].sort((a, b) => b.atMs - a.atMs);
  if (rules.last + rules.days + rules.weeks + rules.months === 0) return [];
  const kept = new Set(newestFirst.slice(0, Math.max(1, rules.last)).map(({ id }) => id));
  for (const [count, periodOf] of [
    [rules.days, dayOf],
    [rules.weeks, weekOf],
    [rules.months, monthOf],
  ] as const) {
    const seen = new Set<string>();
    for (const { id, atMs } of newestFirst) {
      const period = periodOf(new Date(atMs));
      if (seen.has(period)) continue;
      // The newest of each period, for so many periods that have one.
      if (seen.size === count) break;
      seen.add(period);
      kept.add(id);
    }
  }
  return newestFirst.filter(({ id }) => !kept.has(id)).map(({ id }) => id);
}

const dayOf = (at: Date): string => `${at.getFullYear()}-${at.getMonth()}-${at.getDate()}`;
const monthOf = (at: Date): string => `${at.getFullYear()}-${at.getMonth()}`;
/** By its Monday. */
const weekOf = (at: Date): string =>
  dayOf(new Date(at.getFullYear(), at.getMonth(), at.getDate() - ((at.getDay() + 6) % 7)));
