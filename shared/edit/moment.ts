/** Dates and times as PostgreSQL writes them (DateStyle ISO), in their parts. */
export const momentKinds = ['date', 'timestamp', 'timestamptz'] as const;
export type MomentKind = (typeof momentKinds)[number];

export interface Moment {
  /** 2026-01-31 */
  readonly date: string;
  /** 23:59:59.123456; empty for a date. */
  readonly time: string;
  /** +02, -03:30; empty where there is none. */
  readonly zone: string;
}

const written = /^(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d:\d\d(?:\.\d{1,6})?)([+-]\d\d(?::\d\d)?)?)?$/;

/** Null for infinity, years BC or over 9999, and whatever else has no such parts. */
export function readMoment(kind: MomentKind, text: string): Moment | null {
  const [found, date = '', time = '', zone = ''] = written.exec(text) ?? [];
  if (found === undefined || (kind === 'date') !== (time === '')) return null;
  return (kind === 'timestamptz') === (zone !== '') ? { date, time, zone } : null;
}

export const writeMoment = (kind: MomentKind, { date, time, zone }: Moment): string =>
  kind === 'date' ? date : `${date} ${time}${kind === 'timestamptz' ? zone : ''}`;

/** A clock of the page gives minutes or seconds: what is finer stays, as long as the rest does. */
export function withTime(moment: Moment, clock: string): Moment {
  const time = clock.length === 5 ? `${clock}:00` : clock;
  return moment.time.startsWith(time) ? moment : { ...moment, time };
}

/** The instant by this machine's clock and zone. */
export function momentNow(now: Date): Moment {
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = -now.getTimezoneOffset();
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return {
    date: `${String(now.getFullYear()).padStart(4, '0')}-${two(now.getMonth() + 1)}-${two(now.getDate())}`,
    time: `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`,
    zone: `${minutes < 0 ? '-' : '+'}${two(hours)}${rest > 0 ? `:${two(rest)}` : ''}`,
  };
}

/** All offsets that are in use, west to east. */
export const offsets: readonly string[] = [
  ...Array.from({ length: 12 }, (_, at) => `-${String(12 - at).padStart(2, '0')}`),
  ...Array.from({ length: 15 }, (_, at) => `+${String(at).padStart(2, '0')}`),
  ...['-09:30', '-03:30', '-02:30', '+03:30', '+04:30', '+05:30', '+05:45', '+06:30', '+08:45', '+09:30', '+10:30'],
  '+12:45',
  '+13:45',
].toSorted((a, b) => minutesOf(a) - minutesOf(b));

function minutesOf(offset: string): number {
  const [hours = '0', minutes = '0'] = offset.slice(1).split(':');
  return (offset.startsWith('-') ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** `2026-01-31` and what may follow it: no DateStyle of a session makes another day of it. */
export const isIsoDay = (text: string): boolean =>
  /^\d{4,}-\d\d-\d\d(?=$|[ T])/.test(text) || /^-?infinity$/.test(text);
