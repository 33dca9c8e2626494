/** All that is recorded on one line: load, gaps, the shown stretch (drag it), the pinned instant (click). */
import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from 'react';
import { shownInstant, shownRange } from '../../../chart/time-axis.ts';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import { cx } from '../../../ui/class-names.ts';
import type { MonitorView } from './monitor-view.ts';

const bars = 200;
/** The load of the whole span is drawn anew when this share of it has come since. */
const refresh = 1 / bars;
const soonestMs = 10_000;
const clickPx = 4;

/** Highest number of sessions in each part of the span, 0 to 1; null in a gap. */
function useLoad(view: MonitorView) {
  const { fromMs, toMs } = view.span;
  const from = fromMs ?? view.range.fromMs;
  const length = Math.max(60_000, (toMs ?? view.range.toMs) - from);
  // Rounded up, so that a live recording is not read anew at every tick.
  const step = Math.max(soonestMs, 2 ** Math.ceil(Math.log2(length * refresh)));
  const end = from + Math.ceil(length / step) * step;
  const { data } = useCall(client.monitor.activity, {
    id: view.id,
    fromMs: from,
    toMs: end,
    by: 'class' as const,
    filters: [],
    background: false,
    buckets: bars,
    top: 12,
  });
  return useMemo(() => {
    if (!data) return [];
    const sums = Array.from({ length: data.buckets }, (_, at) =>
      (data.coveredMs[at] ?? 0) === 0
        ? null
        : data.series.reduce((sum, each) => sum + (each.key === 'IdleTx' ? 0 : (each.values[at] ?? 0)), 0),
    );
    const most = Math.max(1, ...sums.map((sum) => sum ?? 0));
    return sums.map((sum, at) => ({
      startMs: data.startMs + at * data.stepMs,
      endMs: data.startMs + (at + 1) * data.stepMs,
      height: sum === null ? null : sum / most,
    }));
  }, [data]);
}

export function ScrubBar({ view }: { view: MonitorView }) {
  const { span, range } = view;
  const box = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ fromX: number; byMs: number } | null>(null);
  const load = useLoad(view);
  const from = Math.min(span.fromMs ?? range.fromMs, range.toMs - 1);
  const to = Math.max(span.toMs ?? range.toMs, from + 60_000);
  const left = (ms: number) => `${Math.min(100, Math.max(0, ((ms - from) / (to - from)) * 100))}%`;
  const width = (a: number, b: number) =>
    `${Math.max(0, ((Math.min(b, to) - Math.max(a, from)) / (to - from)) * 100)}%`;
  const perPixel = () => (to - from) / Math.max(1, box.current?.clientWidth ?? 1);
  const shownFrom = range.fromMs + (drag?.byMs ?? 0);
  const shownTo = range.toMs + (drag?.byMs ?? 0);
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ fromX: event.clientX, byMs: 0 });
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const rect = box.current?.getBoundingClientRect();
    if (rect) view.cursor.hover(from + (event.clientX - rect.left) * perPixel());
    if (drag) setDrag({ ...drag, byMs: (event.clientX - drag.fromX) * perPixel() });
  };
  const onPointerUp = (event: PointerEvent<HTMLDivElement>) => {
    const rect = box.current?.getBoundingClientRect();
    if (!drag || !rect) return;
    setDrag(null);
    const at = Math.round(from + (event.clientX - rect.left) * perPixel());
    if (Math.abs(event.clientX - drag.fromX) >= clickPx) {
      view.zoom({ fromMs: Math.round(range.fromMs + drag.byMs), toMs: Math.round(range.toMs + drag.byMs) });
      return;
    }
    view.pin(at);
    // An instant out of sight brings its surroundings into sight.
    const half = (range.toMs - range.fromMs) / 2;
    if (at < range.fromMs || at > range.toMs) view.zoom({ fromMs: Math.round(at - half), toMs: Math.round(at + half) });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const part = (range.toMs - range.fromMs) / 2;
    const by = { ArrowLeft: -part, ArrowRight: part, PageUp: -4 * part, PageDown: 4 * part }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    view.zoom({ fromMs: range.fromMs + by, toMs: range.toMs + by });
  };
  return (
    <div className="flex h-8 shrink-0 items-center gap-2 border-b border-line bg-canvas px-3 text-2xs text-faint">
      <span className="shrink-0 tabular-nums">{shownInstant(from, Date.now(), false)}</span>
      <div
        ref={box}
        role="slider"
        tabIndex={0}
        aria-label="Shown stretch of the recording"
        aria-valuemin={from}
        aria-valuemax={to}
        aria-valuenow={Math.min(to, Math.max(from, range.toMs))}
        aria-valuetext={shownRange(range)}
        title="Drag to move the shown stretch, click to look at an instant"
        className="relative h-6 min-w-0 flex-1 cursor-ew-resize touch-none overflow-hidden rounded-sm border border-line bg-surface"
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={() => setDrag(null)}
        onPointerLeave={() => view.cursor.hover(null)}
        onKeyDown={onKeyDown}
      >
        {load.map((bar) =>
          bar.height === null || bar.height === 0 ? null : (
            <div
              key={bar.startMs}
              className="absolute bottom-0 bg-wait-cpu/60"
              style={{ left: left(bar.startMs), width: width(bar.startMs, bar.endMs), height: `${bar.height * 90}%` }}
            />
          ),
        )}
        {span.gaps.map((gap) => (
          <div
            key={gap.fromMs}
            title={`${shownRange(gap)}: ${gap.message}`}
            className="absolute inset-y-0 min-w-px bg-[repeating-linear-gradient(135deg,var(--line-strong)_0_2px,transparent_2px_5px)]"
            style={{ left: left(gap.fromMs), width: width(gap.fromMs, gap.toMs) }}
          />
        ))}
        <div
          className={cx('absolute inset-y-0 min-w-1 border-x-2 border-accent bg-accent/15', drag && 'bg-accent/25')}
          style={{ left: left(shownFrom), width: width(shownFrom, shownTo) }}
        />
        {view.pinned && <div className="absolute inset-y-0 w-0.5 bg-accent" style={{ left: left(view.atMs) }} />}
      </div>
      <span className="shrink-0 tabular-nums">{span.live ? 'now' : shownInstant(to, Date.now(), false)}</span>
    </div>
  );
}
