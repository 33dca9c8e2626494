/** What is remembered of a statement, in a few words that fit after its first line. */
import type { RememberedStatement } from '../../../../shared/api/memory.ts';
import { shownAmount } from '../../../../shared/metrics/units.ts';

const bars = '▁▂▃▄▅▆▇█';

/** Bars from the lowest (0) to the highest value; a dot where nothing is known. Empty below two values. */
export function sparkline(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return '';
  const highest = Math.max(...known);
  return values
    .map((value) => (value === null ? '·' : (bars[Math.round((value / (highest || 1)) * (bars.length - 1))] ?? '')))
    .join('');
}

/** "3 h ago" */
export function ago(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} h ago`;
  return `${Math.round(minutes / 1440)} d ago`;
}

const dayMs = 86_400_000;
const ms = (value: number): string => shownAmount(value, { unit: 'ms' });

export interface MemoryPart {
  readonly text: string;
  readonly opens: 'statement' | 'plan';
}

/** What the recorder knows, and what the kept plans know: each is a press to the page that tells the rest. */
export function memoryParts(one: RememberedStatement, nowMs: number): MemoryPart[] {
  const figures = figuresOf(one);
  return [
    ...(figures ? [{ text: figures, opens: 'statement' as const }] : []),
    ...(one.plan ? [{ text: planWords(one.plan, nowMs), opens: 'plan' as const }] : []),
  ];
}

function figuresOf(one: RememberedStatement): string | null {
  if (one.key === null) return null;
  // Of less than a day the rate is made up to a day, which is said.
  const about = one.coveredMs < 0.9 * dayMs ? '≈' : '';
  const calls =
    one.callsADay === null ? null : `${about}${shownAmount(Math.max(1, one.callsADay), { unit: 'count' })} calls a day`;
  const busy = one.sampled && one.msADay !== null ? `${about}${ms(one.msADay)} a day (sampled)` : null;
  const [wait] = one.waits;
  const words = [
    calls ?? busy,
    one.meanMs === null ? null : `mean ${ms(one.meanMs)}`,
    one.p95MinuteMs === null ? null : `p95 of minutes ${ms(one.p95MinuteMs)}`,
    sparkline(one.trend) || null,
    wait ? `${wait.event} ${Math.round(wait.share * 100)} %` : null,
  ];
  return words.filter((word) => word !== null).join(' · ');
}

/** For the pointer that rests on it, and whoever does not see where it stands. */
export const pressHint: Record<MemoryPart['opens'], string> = {
  statement: 'From the recording of this server, by the statement without its values. Press to open its page.',
  plan: 'The last plan that was kept of this statement. Press to open it.',
};

const planWords = (plan: NonNullable<RememberedStatement['plan']>, nowMs: number): string =>
  plan.changedAtMs === null
    ? `plan ${ago(nowMs - plan.atMs)}`
    : `plan ${ago(nowMs - plan.atMs)}, changed ${ago(nowMs - plan.changedAtMs)}`;
