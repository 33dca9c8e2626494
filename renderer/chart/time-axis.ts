/** Instants as a person reads them, in the time zone of this machine, always 24 hours. */

const two = (part: number): string => String(part).padStart(2, '0');
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const dayOf = (at: Date): string => `${at.getDate()} ${months[at.getMonth()]}`;
const minuteOf = (at: Date): string => `${two(at.getHours())}:${two(at.getMinutes())}`;
const dayMs = 86_400_000;

/**
 * Labels of an axis: only as fine as its steps, and the day (or year) where it begins.
 * @param splits instants of the labels, ascending @param stepMs between two of them
 */
export function axisLabels(splits: readonly number[], stepMs: number): string[] {
  let before: Date | null = null;
  return splits.map((ms) => {
    const at = new Date(ms);
    const newYear = before !== null && before.getFullYear() !== at.getFullYear();
    const newDay = before !== null && before.getDate() !== at.getDate();
    before = at;
    if (stepMs >= 28 * dayMs)
      return newYear || at.getMonth() === 0 ? String(at.getFullYear()) : (months[at.getMonth()] ?? '');
    if (stepMs >= dayMs) return newYear ? `${dayOf(at)} ${at.getFullYear()}` : dayOf(at);
    if (newDay || (at.getHours() === 0 && at.getMinutes() === 0 && at.getSeconds() === 0)) return dayOf(at);
    return stepMs < 60_000 ? `${minuteOf(at)}:${two(at.getSeconds())}` : minuteOf(at);
  });
}

/** "14:03:05" of today, "20 Nov 14:03:05" of another day. @param fine with seconds */
export function shownInstant(ms: number, nowMs: number = Date.now(), fine = true): string {
  const at = new Date(ms);
  const now = new Date(nowMs);
  const time = fine ? `${minuteOf(at)}:${two(at.getSeconds())}` : minuteOf(at);
  if (at.toDateString() === now.toDateString()) return time;
  const year = at.getFullYear() === now.getFullYear() ? '' : ` ${at.getFullYear()}`;
  return `${dayOf(at)}${year} ${time}`;
}

/** "20 Nov 14:03:05 – 15:03:05". */
export function shownRange({ fromMs, toMs }: { fromMs: number; toMs: number }, nowMs: number = Date.now()): string {
  const fine = toMs - fromMs < 600_000;
  const sameDay = new Date(fromMs).toDateString() === new Date(toMs).toDateString();
  const end = sameDay ? shownInstant(toMs, toMs, fine) : shownInstant(toMs, nowMs, fine);
  return `${shownInstant(fromMs, nowMs, fine)} – ${end}`;
}

/** "5 min", "1 h", "2 d": a length in its largest whole unit. */
export function shownLength(ms: number): string {
  const lengths: readonly [number, string][] = [
    [365 * dayMs, 'y'],
    [dayMs, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1000, 's'],
  ];
  const [length, name] = lengths.find(([each]) => ms >= each) ?? [1000, 's'];
  return `${Number((ms / length).toFixed(1))} ${name}`;
}
