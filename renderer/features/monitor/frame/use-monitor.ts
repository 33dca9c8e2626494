/** From a place to what its page is given: finds the recording, begins one where the person turned to a server. */
import { useEffect, useMemo, useState } from 'react';
import type { Failure } from '../../../../shared/api/base.ts';
import type { ChartEvent } from '../../../chart/chart-types.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { useCall } from '../../../client/use-call.ts';
import { useAwake } from '../../../workspace/awake.ts';
import { monitorTitle } from '../../../workspace/monitor/open-monitor.ts';
import type { MonitorPage, MonitorSource } from '../../../workspace/monitor/pages.ts';
import { readRecordings, useNewestMs, useRecordingOf, useRecordings } from '../../../workspace/monitor/recordings.ts';
import { rangeOf, usualShown } from '../../../workspace/monitor/time-range.ts';
import { cursorOf, show, useTimeView } from '../../../workspace/monitor/time-view.ts';
import { useSettings } from '../../../workspace/settings.ts';
import type { Place } from '../../../workspace/tab.ts';
import { changeTab } from '../../../workspace/tabs.ts';
import { eventWords } from './event-words.ts';
import type { MonitorView } from './monitor-view.ts';

export type MonitorState =
  | { readonly state: 'pending'; readonly label: string }
  | { readonly state: 'failed'; readonly failure: Failure; readonly retry: () => void }
  /** A server that is not recorded; `start` begins. */
  | { readonly state: 'unrecorded'; readonly start: () => void }
  /** The recording is not open (any more). */
  | { readonly state: 'gone' }
  | { readonly state: 'ready'; readonly view: MonitorView };

type MonitorPlace = Extract<Place, { kind: 'monitor' }>;

/** These happen all the time. */
const unmarked: ReadonlySet<string> = new Set(['vacuum', 'analyze']);
const mostMarks = 100;
/** Gaps are looked for anew so often. */
const gapsEveryMs = 15_000;
/** What was sampled is written within the second. */
const firstLookMs = 500;

/** Begins the recording of a server the person has turned to, once. */
function useStart(source: MonitorSource, wanted: boolean) {
  const awake = useAwake(source.connectionId);
  const [attempt, setAttempt] = useState(0);
  const [failure, setFailure] = useState<Failure | null>(null);
  const { connectionId } = source;
  useEffect(() => {
    if (!wanted || connectionId === null || (awake === 0 && attempt === 0)) return;
    let left = false;
    setFailure(null);
    client.recordings.start({ connectionId }).then(
      () => void readRecordings(),
      (thrown) => !left && setFailure(failureFrom(thrown)),
    );
    return () => {
      left = true;
    };
  }, [wanted, connectionId, awake, attempt]);
  const start = () => setAttempt((now) => now + 1);
  return { failure, starting: awake > 0 || attempt > 0, start };
}

/** What is marked on the charts of the range. */
function useEvents(view: Omit<MonitorView, 'events'> | null): readonly ChartEvent[] {
  const { data } = useCall(
    client.monitor.events,
    view && { id: view.id, fromMs: view.range.fromMs, toMs: view.range.toMs },
  );
  return useMemo(
    () =>
      (data ?? [])
        .filter((event) => !unmarked.has(event.kind))
        .slice(-mostMarks)
        .map((event) => ({ atMs: event.atMs, label: eventWords(event) })),
    [data],
  );
}

/** What the procedures call it by. Null while there is none. */
function useSpan(id: string | null, newestMs: number | null) {
  const round = newestMs === null ? 0 : Math.floor(newestMs / gapsEveryMs);
  const answer = useCall(
    ({ id: wanted }: { id: string; round: number }, options) => client.monitor.span({ id: wanted }, options),
    id === null ? null : { id, round },
  );
  // A recording that has only begun: its first sample is told of before the next look at its gaps.
  const fresh = answer.state === 'done' && answer.data.toMs === null && newestMs !== null;
  const { reload } = answer;
  useEffect(() => {
    if (!fresh) return;
    const timer = setTimeout(reload, firstLookMs);
    return () => clearTimeout(timer);
  }, [fresh, reload]);
  return answer;
}

export function useMonitor(tabId: string, place: MonitorPlace): MonitorState {
  const { connectionId, recordingId, page } = place;
  const source = useMemo(() => ({ connectionId, recordingId }), [connectionId, recordingId]);
  const { loaded, failure: listFailure } = useRecordings();
  const recording = useRecordingOf(source);
  const id = recording?.id ?? null;
  const newest = useNewestMs(id);
  const span = useSpan(id, newest);
  const start = useStart(source, loaded && !recording && connectionId !== null);
  const timeView = useTimeView(id ?? '');
  const key = recording?.systemIdentifier ?? connectionId ?? id ?? '';
  const vcpus = useSettings((settings) => settings.vcpus[key] ?? null);
  const title = monitorTitle(page, source);
  useEffect(() => changeTab(tabId, { title }), [tabId, title]);

  const known = span.data;
  const toMs = Math.max(newest ?? 0, known?.toMs ?? 0) || null;
  const view = useMemo((): Omit<MonitorView, 'events'> | null => {
    if (!recording || !known || toMs === null) return null;
    const live = known.live && recording.state === 'recording';
    const covered = { ...known, fromMs: known.fromMs ?? toMs, toMs, live };
    const range = rangeOf(timeView.shown ?? usualShown(covered), toMs, known.everyMs, toMs);
    const cursor = cursorOf(recording.id);
    const newestShown = Math.min(toMs, range.toMs);
    return {
      id: recording.id,
      source,
      recording,
      span: covered,
      range,
      atMs: timeView.pinnedMs ?? newestShown,
      pinned: timeView.pinnedMs !== null,
      live: live && timeView.pinnedMs === null && (timeView.shown?.kind ?? 'last') === 'last',
      cursor,
      vcpus,
      zoom: ({ fromMs, toMs: end }) => show(recording.id, { kind: 'fixed', fromMs, toMs: end }, covered),
      pin: cursor.pin,
      go: (to: MonitorPage, focus?: string) =>
        changeTab(tabId, {
          place: { kind: 'monitor', page: to, ...source, ...(focus === undefined ? {} : { focus }) },
          title: monitorTitle(to, source),
        }),
    };
  }, [recording, known, toMs, timeView, source, vcpus, tabId]);

  const events = useEvents(view);
  const marked = useMemo(() => view && { ...view, events }, [view, events]);

  if (marked) return { state: 'ready', view: marked };
  if (!recording) {
    if (!loaded) return { state: 'pending', label: 'Looking for the recording' };
    if (listFailure) return { state: 'failed', failure: listFailure, retry: () => void readRecordings() };
    if (start.failure) return { state: 'failed', failure: start.failure, retry: start.start };
    if (connectionId === null) return { state: 'gone' };
    if (!start.starting) return { state: 'unrecorded', start: start.start };
    return { state: 'pending', label: 'Beginning to record' };
  }
  if (span.state === 'failed') return { state: 'failed', failure: span.failure, retry: span.reload };
  if (recording.trouble) return { state: 'failed', failure: recording.trouble, retry: span.reload };
  return { state: 'pending', label: recording.state === 'recording' ? 'Waiting for the first sample' : 'Reading' };
}
