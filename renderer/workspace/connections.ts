/** The saved connections as every page sees them: one stream, kept current from any window. */
import { create } from 'zustand';
import type { ListedConnection } from '../../shared/api/connections.ts';

export const useConnections = create<{ readonly connections: readonly ListedConnection[]; readonly loaded: boolean }>(
  () => ({ connections: [], loaded: false }),
);

export const connectionOf = (id: string | null): ListedConnection | undefined =>
  useConnections.getState().connections.find((each) => each.id === id);
export const useConnection = (id: string | null): ListedConnection | undefined =>
  useConnections((all) => all.connections.find((each) => each.id === id));
