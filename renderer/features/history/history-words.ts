/** Days and times of the history, in the person's own time zone. */

const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' });
const time = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** The day as a heading. */
export const dayOf = (atMs: number): string => day.format(atMs);
/** The time within the day. */
export const timeOf = (atMs: number): string => time.format(atMs);
