/**
 * Which stretch of time the monitoring pages show, and at which instant they look: one range and one cursor a source,
 * shared by all its pages and charts.
 */
import { create } from 'zustand';
import { type Shown, type Span, type TimeRange, usualShown } from './time-range.ts';

export interface TimeView {
  /** Null: nobody has chosen yet. */
  readonly shown: Shown | null;
  /** What was shown before, the newest last. */
  readonly back: readonly Shown[];
  /** The instant all screens look at; null: the newest. */
  readonly pinnedMs: number | null;
}

const fresh: TimeView = { shown: null, back: [], pinnedMs: null };
const longestBack = 50;

const useViews = create<{ readonly views: ReadonlyMap<string, TimeView> }>(() => ({ views: new Map() }));

export const useTimeView = (sourceId: string): TimeView => useViews(({ views }) => views.get(sourceId) ?? fresh);
const viewOf = (sourceId: string): TimeView => useViews.getState().views.get(sourceId) ?? fresh;

function change(sourceId: string, part: Partial<TimeView>): void {
  useViews.setState(({ views }) => ({
    views: new Map(views).set(sourceId, { ...(views.get(sourceId) ?? fresh), ...part }),
  }));
}

/** Shows another stretch; the one before can be gone back to. */
export function show(sourceId: string, shown: Shown, span: Span): void {
  const { shown: before, back } = viewOf(sourceId);
  change(sourceId, { shown, back: [...back, before ?? usualShown(span)].slice(-longestBack) });
}

/** Shows what was shown before. */
export function showBack(sourceId: string): void {
  const { back } = viewOf(sourceId);
  const shown = back.at(-1);
  if (shown) change(sourceId, { shown, back: back.slice(0, -1) });
}

/** Holds still (`range`), or goes with the newest again. */
export function follow(sourceId: string, on: boolean, range: TimeRange): void {
  const { fromMs, toMs } = range;
  change(sourceId, {
    shown: on ? { kind: 'last', lengthMs: toMs - fromMs } : { kind: 'fixed', fromMs, toMs },
    ...(on ? { pinnedMs: null } : {}),
  });
}

/** The cursor that the charts of a source share. */
export interface SourceCursor {
  readonly hoverMs: () => number | null;
  readonly pinnedMs: () => number | null;
  readonly hover: (atMs: number | null) => void;
  readonly pin: (atMs: number | null) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

const cursors = new Map<string, SourceCursor>();

/** The same object for the same source. Hovering is told to listeners only; pinning is part of the view. */
export function cursorOf(sourceId: string): SourceCursor {
  const known = cursors.get(sourceId);
  if (known) return known;
  const listeners = new Set<() => void>();
  let hoverMs: number | null = null;
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const cursor: SourceCursor = {
    hoverMs: () => hoverMs,
    pinnedMs: () => viewOf(sourceId).pinnedMs,
    hover: (atMs) => {
      if (hoverMs === atMs) return;
      hoverMs = atMs;
      tell();
    },
    pin: (atMs) => {
      change(sourceId, { pinnedMs: atMs });
      tell();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  cursors.set(sourceId, cursor);
  return cursor;
}
