/** The series with their values at the cursor; a click hides or shows one. */
import { useEffect, useState } from 'react';
import { shownAmount, type UnitOf } from '../../shared/metrics/units.ts';
import { cx } from '../ui/class-names.ts';
import { visibleText } from '../ui/visible-text.ts';
import type { Buckets, ChartKind, ChartSeries, TimeCursor } from './chart-types.ts';
import { bucketAt, lastKnown } from './columns.ts';
import { Swatch } from './swatch.tsx';
import { shownInstant } from './time-axis.ts';

/** The instant the cursor is at: under the pointer, else where it is pinned; renders when that changes. */
export function useCursorMs(cursor: TimeCursor): number | null {
  const read = () => cursor.hoverMs() ?? cursor.pinnedMs();
  const [atMs, setAtMs] = useState<number | null>(read);
  useEffect(() => {
    let frame = 0;
    const leave = cursor.subscribe(() => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        setAtMs(cursor.hoverMs() ?? cursor.pinnedMs());
      });
    });
    setAtMs(cursor.hoverMs() ?? cursor.pinnedMs());
    return () => {
      leave();
      cancelAnimationFrame(frame);
    };
  }, [cursor]);
  return atMs;
}

export interface ChartLegendProps {
  readonly kind: ChartKind;
  readonly buckets: Buckets;
  readonly series: readonly ChartSeries[];
  readonly unit: UnitOf;
  readonly cursor: TimeCursor;
  readonly hidden: ReadonlySet<string>;
  readonly onToggle: (key: string) => void;
}

export function ChartLegend({ kind, buckets, series, unit, cursor, hidden, onToggle }: ChartLegendProps) {
  const cursorMs = useCursorMs(cursor);
  const under = cursorMs === null ? null : bucketAt(buckets, cursorMs);
  const at = under ?? lastKnown(buckets, series);
  const known = at !== null && (buckets.coveredMs?.[at] ?? 1) > 0;
  const fine = buckets.stepMs < 60_000;
  return (
    <div className="flex flex-wrap items-center gap-x-1 gap-y-0.5 text-2xs text-muted">
      <span className="mr-1 min-w-14 tabular-nums" title={under === null ? 'The newest values' : 'At the cursor'}>
        {at === null ? '' : shownInstant(buckets.startMs + at * buckets.stepMs, Date.now(), fine)}
      </span>
      {series.map((each) => {
        const value = at === null ? null : each.values[at];
        const off = hidden.has(each.key);
        return (
          <button
            key={each.key}
            type="button"
            aria-pressed={!off}
            title={off ? `Show ${each.label}` : `Hide ${each.label}`}
            onClick={() => onToggle(each.key)}
            className={cx(
              'flex h-5 items-center gap-1.5 rounded-sm px-1 hover:bg-hover',
              off && 'line-through opacity-55',
            )}
          >
            <Swatch color={each.color} pattern={each.pattern} line={kind === 'lines' || each.over} />
            <span className="max-w-56 truncate">{visibleText(each.label)}</span>
            {!off && (
              <span className="text-ink tabular-nums">{value == null || !known ? '–' : shownAmount(value, unit)}</span>
            )}
          </button>
        );
      })}
    </div>
  );
}
