/** Days and times of the history, in the person's own time zone. */

const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' });
const time = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** Spans one looks back over, with where each begins. */
export const spans = ['always', 'today', 'week', 'month'] as const;
export type Span = (typeof spans)[number];
export const spanWords: Readonly<Record<Span, string>> = {
  always: 'Any time',
  today: 'Today',
  week: 'Last 7 days',
  month: 'Last 30 days',
};

/** Midnight here of the first day that counts; undefined: no limit. */
export function spanStart(span: Span, nowMs: number): number | undefined {
  if (span === 'always') return undefined;
  const start = new Date(nowMs);
  start.setHours(0, 0, 0, 0);
  start.setDate(start.getDate() - (span === 'today' ? 0 : span === 'week' ? 6 : 29));
  return start.getTime();
}

/** The day as a heading. */
export const dayOf = (atMs: number): string => day.format(atMs);
/** The time within the day. */
export const timeOf = (atMs: number): string => time.format(atMs);
