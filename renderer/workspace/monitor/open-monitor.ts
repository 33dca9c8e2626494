import { wake } from '../awake.ts';
import { connectionOf, useConnections } from '../connections.ts';
import { openTab } from '../tabs.ts';
import { type MonitorPage, type MonitorSource, monitorLabel } from './pages.ts';
import { useRecordings } from './recordings.ts';

/** What the source is called. */
export function sourceName({ connectionId, recordingId }: MonitorSource): string {
  const connection = connectionOf(connectionId);
  if (connection) return connection.name;
  const { recordings } = useRecordings.getState();
  const found = recordings.find(
    (each) => each.id === recordingId || (connectionId && each.connectionId === connectionId),
  );
  if (!found) return 'recording';
  // A copy is called as the server it was made of.
  const { connections } = useConnections.getState();
  const known = [...connections, ...recordings.filter(({ id }) => id !== found.id)];
  return found.state === 'opened' && known.some(({ name }) => name === found.name)
    ? `${found.name} (file)`
    : found.name;
}

/** "Activity · shop". */
export const monitorTitle = (page: MonitorPage, source: MonitorSource): string =>
  `${monitorLabel(page)} · ${sourceName(source)}`;

/**
 * Opens a monitoring page, or goes to it; a live server's recording begins there.
 * @param focus what the page is to show first: a statement's key, say
 */
export function openMonitor(page: MonitorPage, source: MonitorSource, focus?: string): string {
  if (source.connectionId !== null) wake(source.connectionId);
  const place = { kind: 'monitor', page, ...source, ...(focus === undefined ? {} : { focus }) } as const;
  return openTab(place, { title: monitorTitle(page, source) });
}
