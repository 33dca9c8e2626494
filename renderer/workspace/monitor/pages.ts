/** The monitoring pages of a source, in the order in which they stand beside each other. */

export const monitorPages = [
  { page: 'overview', label: 'Overview' },
  { page: 'activity', label: 'Activity' },
  { page: 'sessions', label: 'Sessions' },
  { page: 'locks', label: 'Locks' },
  { page: 'statements', label: 'Statements' },
  { page: 'objects', label: 'Objects and sizes' },
  { page: 'replication', label: 'Replication and I/O' },
  { page: 'settings', label: 'Settings and changes' },
  { page: 'compare', label: 'Compare' },
  { page: 'recorder', label: 'Recorder' },
] as const;

export type MonitorPage = (typeof monitorPages)[number]['page'];

export const monitorLabel = (page: MonitorPage): string =>
  monitorPages.find((each) => each.page === page)?.label ?? page;

/** What is looked at: a live server through its recording, or a recording from elsewhere. One of the two is set. */
export interface MonitorSource {
  readonly connectionId: string | null;
  readonly recordingId: string | null;
}

export const sameSource = (a: MonitorSource, b: MonitorSource): boolean =>
  a.connectionId === b.connectionId && a.recordingId === b.recordingId;
