/** The saved queries as the page knows them, and opening one. */
import { create } from 'zustand';
import type { SavedQueries, SavedQuery } from '../../../shared/api/queries.ts';
import { client } from '../../client/connect.ts';
import { useConnections } from '../../workspace/connections.ts';
import { useLayout } from '../../workspace/layout.ts';
import type { Place } from '../../workspace/tab.ts';
import { activateTab, openTab, useTabs } from '../../workspace/tabs.ts';
import { changeText } from '../../workspace/texts.ts';

export const useLibrary = create<SavedQueries & { readonly loaded: boolean }>(() => ({
  queries: [],
  filesFolder: null,
  mayChooseFolder: false,
  notes: [],
  loaded: false,
}));

export type QueryPlace = Extract<Place, { kind: 'query' }>;

/** The tab that shows a saved query. */
export const tabOf = (id: string) =>
  useTabs.getState().tabs.find(({ place }) => place.kind === 'query' && place.saved?.id === id);

/** Where it was saved from, else what the sidebar shows. */
function destination(connectionId: string | null): Pick<QueryPlace, 'connectionId' | 'database'> {
  const { connections } = useConnections.getState();
  const { currentConnectionId, currentDatabase } = useLayout.getState();
  const known = (id: string | null) => (connections.some((each) => each.id === id) ? id : null);
  const own = known(connectionId);
  const current = known(currentConnectionId);
  if (own && own !== current) return { connectionId: own, database: null };
  const only = connections.length === 1 ? (connections[0]?.id ?? null) : null;
  return current ? { connectionId: current, database: currentDatabase } : { connectionId: only, database: null };
}

/** Opens a saved query, or goes to its tab. Throws the failure. */
export async function openSaved(query: Pick<SavedQuery, 'id' | 'name'>): Promise<void> {
  const open = tabOf(query.id);
  if (open) return activateTab(open.id);
  const { text, digest, connectionId, name } = await client.queries.get({ id: query.id });
  const place: Place = { kind: 'query', ...destination(connectionId), saved: { id: query.id, digest } };
  changeText(openTab(place, { title: name }), { text, caret: 0 });
}

/** A text in a tab of its own, saved nowhere. */
export function openText(title: string, text: string, more: Partial<QueryPlace> = {}): void {
  const place: Place = { kind: 'query', ...destination(null), ...more };
  changeText(openTab(place, { title }), { text, caret: 0 });
}
