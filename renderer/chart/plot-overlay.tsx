/** What lies on the plotting area: the crosshair all charts share, the pinned instant, events, and the brush. */
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import type { ChartEvent, TimeCursor, TimeRange } from './chart-types.ts';
import type { PlotArea } from './plot.ts';
import { shownInstant } from './time-axis.ts';

export interface PlotOverlayProps {
  readonly label: string;
  readonly area: PlotArea;
  readonly range: TimeRange;
  readonly stepMs: number;
  readonly cursor: TimeCursor;
  readonly events: readonly ChartEvent[];
  /** What a reader hears at an instant: "14:03: CPU 1.2, IO 0.4". */
  readonly wordsAt: (atMs: number) => string;
  readonly onZoom?: (range: TimeRange) => void;
}

/** Less than this is a click. */
const brushPx = 5;

/** The share of the range that has passed at an instant, 0 to 1; outside of it for instants out of sight. */
const share = (atMs: number, { fromMs, toMs }: TimeRange): number => (atMs - fromMs) / Math.max(1, toMs - fromMs);
const inSight = (atMs: number | null, range: TimeRange): atMs is number =>
  atMs !== null && atMs >= range.fromMs && atMs <= range.toMs;

/** For who cannot brush: half as much, or twice as much. */
const zoomKeys: Readonly<Record<string, number>> = { '+': 0.5, '=': 0.5, '-': 2 };

/** The range scaled around its pinned instant, else up to its end; never shorter than two steps. Pure. */
export function zoomed(range: TimeRange, pinnedMs: number | null, scale: number, stepMs: number): TimeRange {
  const half = Math.max(stepMs, ((range.toMs - range.fromMs) * scale) / 2);
  const middle = inSight(pinnedMs, range) ? pinnedMs : range.toMs - half;
  return { fromMs: Math.round(middle - half), toMs: Math.round(middle + half) };
}

export function PlotOverlay(props: PlotOverlayProps) {
  const { label, area, range, stepMs, cursor, events, wordsAt, onZoom } = props;
  const box = useRef<HTMLDivElement>(null);
  const crosshair = useRef<HTMLDivElement>(null);
  const [pinned, setPinned] = useState(cursor.pinnedMs());
  const [brush, setBrush] = useState<readonly [number, number] | null>(null);
  const latest = useRef(range);
  latest.current = range;
  useEffect(() => {
    // The crosshair moves with the pointer, on every chart: past React, once a frame.
    let frame = 0;
    const draw = () => {
      frame = 0;
      setPinned(cursor.pinnedMs());
      const line = crosshair.current;
      if (!line) return;
      const at = cursor.hoverMs();
      line.hidden = !inSight(at, latest.current);
      if (at !== null) line.style.left = `${share(at, latest.current) * 100}%`;
    };
    const ask = () => {
      frame ||= requestAnimationFrame(draw);
    };
    ask();
    const leave = cursor.subscribe(ask);
    return () => {
      leave();
      cancelAnimationFrame(frame);
    };
  }, [cursor]);

  const atOf = (event: { clientX: number }): number => {
    const rect = box.current?.getBoundingClientRect();
    if (!rect || rect.width === 0) return range.toMs;
    const part = Math.min(1, Math.max(0, (event.clientX - rect.left) / rect.width));
    return Math.round(range.fromMs + part * (range.toMs - range.fromMs));
  };
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setBrush([event.clientX, event.clientX]);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    cursor.hover(atOf(event));
    setBrush((now) => (now ? [now[0], event.clientX] : null));
  };
  const onPointerUp = (event: PointerEvent<HTMLDivElement>) => {
    if (!brush) return;
    setBrush(null);
    const from = atOf({ clientX: Math.min(brush[0], event.clientX) });
    const to = atOf({ clientX: Math.max(brush[0], event.clientX) });
    if (Math.abs(event.clientX - brush[0]) < brushPx) cursor.pin(from);
    else if (to - from >= stepMs) onZoom?.({ fromMs: from, toMs: to });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const far = event.shiftKey ? 10 : 1;
    const steps: Record<string, number> = { ArrowLeft: -far, ArrowRight: far, PageUp: 30, PageDown: -30 };
    const now = cursor.pinnedMs() ?? range.toMs;
    const by = steps[event.key];
    const scale = zoomKeys[event.key];
    if (scale !== undefined) onZoom?.(zoomed(range, cursor.pinnedMs(), scale, stepMs));
    else if (by !== undefined) cursor.pin(Math.min(range.toMs, Math.max(range.fromMs, now + by * stepMs)));
    else if (event.key === 'Home') cursor.pin(range.fromMs);
    else if (event.key === 'End') cursor.pin(range.toMs);
    else if (event.key === 'Escape') cursor.pin(null);
    else return;
    event.preventDefault();
  };
  const rect = box.current?.getBoundingClientRect();
  const value = pinned ?? range.toMs;
  return (
    <div
      ref={box}
      role="slider"
      tabIndex={0}
      aria-label={`${label}: time cursor`}
      aria-valuemin={range.fromMs}
      aria-valuemax={range.toMs}
      aria-valuenow={Math.min(range.toMs, Math.max(range.fromMs, value))}
      aria-valuetext={wordsAt(value)}
      title={onZoom ? 'Drag to zoom, click to look at an instant; arrow keys step, + and − zoom' : undefined}
      className="absolute cursor-crosshair touch-none overflow-hidden"
      style={{ left: area.left, top: area.top, width: area.width, height: area.height }}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={() => setBrush(null)}
      onPointerLeave={() => cursor.hover(null)}
      onKeyDown={onKeyDown}
    >
      <div ref={crosshair} hidden className="pointer-events-none absolute inset-y-0 w-px bg-faint" />
      {inSight(pinned, range) && (
        <div
          className="pointer-events-none absolute inset-y-0 -ml-px w-0.5 bg-accent"
          style={{ left: `${share(pinned, range) * 100}%` }}
        />
      )}
      {events
        .filter(({ atMs }) => inSight(atMs, range))
        .map(({ atMs, label: words }) => (
          <div
            key={`${atMs} ${words}`}
            title={`${shownInstant(atMs)}: ${words}`}
            className="absolute inset-y-0 -ml-1 w-2"
            style={{ left: `${share(atMs, range) * 100}%` }}
          >
            <div className="mx-auto h-full w-px border-l border-dashed border-warning" />
            <div className="absolute top-0 left-0 size-2 rotate-45 bg-warning" />
          </div>
        ))}
      {brush && rect && Math.abs(brush[1] - brush[0]) >= brushPx && (
        <div
          className="pointer-events-none absolute inset-y-0 border-x border-accent bg-accent/15"
          style={{ left: Math.min(...brush) - rect.left, width: Math.abs(brush[1] - brush[0]) }}
        />
      )}
    </div>
  );
}
