/** The recordings as every page sees them, and up to when each has come: told by one stream for the whole window. */
import { create } from 'zustand';
import type { Failure } from '../../../shared/api/base.ts';
import type { Recording } from '../../../shared/api/recordings.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import type { MonitorSource } from './pages.ts';

interface Recordings {
  readonly recordings: readonly Recording[];
  readonly loaded: boolean;
  readonly failure: Failure | null;
}

export const useRecordings = create<Recordings>(() => ({ recordings: [], loaded: false, failure: null }));
/** Apart from the list: it changes every second. */
const useNewest = create<{ readonly byId: ReadonlyMap<string, number> }>(() => ({ byId: new Map() }));

/** Reads the list anew. */
export async function readRecordings(): Promise<void> {
  try {
    useRecordings.setState({ recordings: await client.recordings.list(), loaded: true, failure: null });
  } catch (thrown) {
    useRecordings.setState({ loaded: true, failure: failureFrom(thrown) });
  }
}

/** Takes an event of `recordings.follow`. */
export function tellRecording(event: { id: string; toMs: number | null; changed: boolean }): void {
  const { id, toMs, changed } = event;
  if (toMs !== null && useNewest.getState().byId.get(id) !== toMs) {
    useNewest.setState(({ byId }) => ({ byId: new Map(byId).set(id, toMs) }));
  }
  if (changed) void readRecordings();
}

/** The newest instant that was told of; null before the first. */
export const useNewestMs = (recordingId: string | null): number | null =>
  useNewest(({ byId }) => (recordingId === null ? null : (byId.get(recordingId) ?? null)));

/** The recording of a source; undefined where there is none (yet). */
export const useRecordingOf = ({ connectionId, recordingId }: MonitorSource): Recording | undefined =>
  useRecordings(({ recordings }) =>
    recordingId === null ? currentOf(recordings, connectionId) : recordings.find((each) => each.id === recordingId),
  );

/** A connection that has led to another server before has more than one: the one being made, else the newest. */
function currentOf(recordings: readonly Recording[], connectionId: string | null): Recording | undefined {
  const own = recordings.filter((each) => connectionId !== null && each.connectionId === connectionId);
  const made = own.find((each) => each.state === 'recording');
  return made ?? own.toSorted((a, b) => (b.toMs ?? 0) - (a.toMs ?? 0))[0];
}

/** Where the pages of a recording are found again: by its connection, where it has one. */
export function sourceOf({ id, connectionId }: Recording): MonitorSource {
  const current = currentOf(useRecordings.getState().recordings, connectionId);
  return current?.id === id ? { connectionId, recordingId: null } : { connectionId: null, recordingId: id };
}
