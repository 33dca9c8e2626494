/** The other side of a comparison, as a view of its own: what the single pages are given, of the other stretch. */
import { useMemo } from 'react';
import { client } from '../../../client/connect.ts';
import { type CallState, useCall } from '../../../client/use-call.ts';
import { openMonitor } from '../../../workspace/monitor/open-monitor.ts';
import type { MonitorPage } from '../../../workspace/monitor/pages.ts';
import { sourceOf, useRecordings } from '../../../workspace/monitor/recordings.ts';
import { rangeOf, type SteppedRange } from '../../../workspace/monitor/time-range.ts';
import type { SourceCursor } from '../../../workspace/monitor/time-view.ts';
import { useSettings } from '../../../workspace/settings.ts';
import type { MonitorView } from '../frame/monitor-view.ts';
import { type Choice, choose, comparedStretch } from './choice.ts';

/** A live source is compared anew so often: numbers that change while one reads them cannot be compared. */
const everyMs = 30_000;

/** The view with a range that moves in steps one can read along with. */
export function steady(view: MonitorView): MonitorView {
  if (!view.live) return view;
  const by = Math.ceil(view.range.toMs / everyMs) * everyMs - view.range.toMs;
  const range = { ...view.range, fromMs: view.range.fromMs + by, toMs: view.range.toMs + by };
  return { ...view, range, atMs: Math.min(range.toMs, view.atMs + by) };
}

/** The same cursor, at the same place of another stretch. */
function shifted(cursor: SourceCursor, byMs: number): SourceCursor {
  const there = (ms: number | null) => (ms === null ? null : ms + byMs);
  const back = (ms: number | null) => (ms === null ? null : ms - byMs);
  return {
    hoverMs: () => there(cursor.hoverMs()),
    pinnedMs: () => there(cursor.pinnedMs()),
    hover: (ms) => cursor.hover(back(ms)),
    pin: (ms) => cursor.pin(back(ms)),
    subscribe: cursor.subscribe,
  };
}

/** What the sections are given: the shown stretch and the one it is compared with. */
export interface Sides {
  readonly shown: MonitorView;
  readonly compared: MonitorView;
}

export interface Compared {
  readonly view: MonitorView | null;
  readonly span: CallState<unknown>;
  /** The recording that was chosen is not open any more. */
  readonly gone: boolean;
}

export function useCompared(view: MonitorView, choice: Choice): Compared {
  const recordings = useRecordings((all) => all.recordings);
  const id = choice.recordingId ?? view.id;
  const recording = recordings.find((each) => each.id === id);
  const span = useCall(client.monitor.span, recording && id !== view.id ? { id } : null);
  const key = recording?.systemIdentifier ?? recording?.connectionId ?? id;
  const vcpus = useSettings((settings) => settings.vcpus[key] ?? null);
  const known = id === view.id ? view.span : span.data;
  const { fromMs, toMs, stepMs, buckets } = view.range;
  const { when } = choice;
  const other = useMemo((): MonitorView | null => {
    if (!recording || !known) return null;
    const shown = { fromMs, toMs };
    const stretch = comparedStretch(when, shown, known);
    const range: SteppedRange =
      when.kind === 'fixed'
        ? rangeOf(when, stretch.toMs, known.everyMs, stretch.toMs)
        : { ...stretch, stepMs, buckets };
    const source = sourceOf(recording);
    return {
      ...view,
      id,
      source,
      recording,
      span: { ...known, fromMs: known.fromMs ?? range.fromMs, toMs: known.toMs ?? range.toMs },
      range,
      atMs: range.toMs,
      pinned: false,
      live: false,
      cursor: shifted(view.cursor, range.fromMs - fromMs),
      vcpus,
      events: [],
      zoom: (to) => choose(view.id, { ...choice, when: { kind: 'fixed', ...to } }),
      go: (page: MonitorPage, focus?: string) => openMonitor(page, source, focus),
    };
  }, [recording, known, when, fromMs, toMs, stepMs, buckets, view, id, vcpus, choice]);
  return { view: other, span, gone: recording === undefined };
}
