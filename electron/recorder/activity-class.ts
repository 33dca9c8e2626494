/** What a sample counts as: the one place that says what load is. */

export const cpu = 'CPU';
/** A transaction kept open with nothing running: no load, but what explains locks; shown apart. */
export const idleTx = 'IdleTx';

/** Sessions that do a client's work; the others are the server's own. */
export const isForeground = (backendType: string | null): boolean =>
  backendType === null || backendType === '' || backendType === 'client backend' || backendType === 'parallel worker';

/**
 * The class of a sample: the wait event type, CPU where it works and waits for nothing known, IdleTx; null where it is
 * idle, or where the state may not be seen (no pg_read_all_stats).
 */
export function classOf(backendType: string | null, state: string | null, waitType: string | null): string | null {
  if (state?.startsWith('idle in transaction')) return idleTx;
  if (state === 'idle' || state === 'disabled') return null;
  if (state === null && isForeground(backendType)) return null;
  if (!isForeground(backendType) && waitType === 'Activity') return null;
  return waitType ?? cpu;
}

/** `IO:DataFileRead`; a class that has no events is its own event. */
export const eventOf = (className: string, waitEvent: string | null): string =>
  className === cpu || className === idleTx || waitEvent === null ? className : `${className}:${waitEvent}`;

/** The class that an event of `eventOf` is of. */
export const classOfEvent = (event: string): string => event.slice(0, event.search(/:|$/));

/** The dimensions whose minutes are added up while recording; the others need the samples themselves. */
export const rolledDimensions = [
  'class',
  'event',
  'query',
  'database',
  'user',
  'application',
  'client',
  'backendType',
] as const;
export type RolledDimension = (typeof rolledDimensions)[number];

/** Those that are added up class by class as well: what one asks next after having seen that a class is high. */
export const classedDimensions = ['query', 'database', 'user', 'application', 'client'] as const;
/** Families of the sums: of one dimension, and of the class and one. */
export const sumsOf = (dimension: string): string => `activity.${dimension}`;
export const classedSumsOf = (dimension: string): string => `activity.class+${dimension}`;

/** Of `activity.*` families: the first part of the key. */
export const groups = { foreground: 'f', background: 'b' } as const;
