import 'uplot/dist/uPlot.min.css';
import { ChartArea, Ellipsis } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { shownAmount } from '../../shared/metrics/units.ts';
import { IconButton } from '../ui/button.tsx';
import { DropdownMenu } from '../ui/menu.tsx';
import { chartCsv, chartPng } from './chart-file.ts';
import { ChartLegend } from './chart-legend.tsx';
import { ChartTable } from './chart-table.tsx';
import type { ChartData, ChartEvent, ChartFile, TimeCursor, TimeRange } from './chart-types.ts';
import { bucketAt, lastKnown } from './columns.ts';
import { onTheme } from './paint.ts';
import { Plot, type PlotArea } from './plot.ts';
import { PlotOverlay } from './plot-overlay.tsx';
import { shownInstant } from './time-axis.ts';

export interface TimeChartProps extends ChartData {
  /** Its title and accessible name. */
  readonly label: string;
  /** Behind the title: what the numbers rest on. */
  readonly note?: ReactNode;
  /** Of the plotting area with its axes; the legend comes on top. */
  readonly heightPx: number;
  readonly cursor: TimeCursor;
  /** Up to when something can be known; later is no gap. The end of the range where not given. */
  readonly endMs?: number;
  readonly events?: readonly ChartEvent[];
  /** The person has brushed a stretch. */
  readonly onZoom?: (range: TimeRange) => void;
  /** The person wants the chart as a file. */
  readonly onSave?: (file: ChartFile) => void;
  /** In place of curves where none has a value. */
  readonly emptyWords?: string;
  /** At the right of the title. */
  readonly actions?: ReactNode;
}

const noEvents: readonly ChartEvent[] = [];

/** Curves or stacked areas over time, with legend, crosshair, brush and a table of the same numbers. */
export function TimeChart(props: TimeChartProps) {
  const { label, note, kind, buckets, series, unit, heightPx, cursor, onZoom, onSave, actions } = props;
  const { emptyWords = 'Nothing is recorded of this time' } = props;
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [asTable, setAsTable] = useState(false);
  const plot = useRef<Plot | null>(null);
  const shown = useMemo(() => series.filter((each) => !hidden.has(each.key)), [series, hidden]);
  const toggle = (key: string) =>
    setHidden((now) => {
      const next = new Set(now);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  const save = async (as: ChartFile['kind']) => {
    const content =
      as === 'csv'
        ? new Blob([chartCsv(buckets, shown)], { type: 'text/csv' })
        : plot.current && (await chartPng(plot.current.canvas, label, shown));
    if (content) onSave?.({ name: label, kind: as, content });
  };
  const empty = lastKnown(buckets, series) === null;
  return (
    <figure className="m-0 flex min-w-0 flex-col gap-1" aria-label={label}>
      <figcaption className="flex min-h-6 items-center gap-2">
        <span className="shrink-0 text-xs font-semibold">{label}</span>
        {note && <span className="min-w-0 truncate text-2xs text-faint">{note}</span>}
        <span className="ml-auto flex items-center gap-1">
          {actions}
          <DropdownMenu
            align="end"
            trigger={<IconButton label={`More about ${label}`} icon={<Ellipsis size={16} strokeWidth={1.75} />} />}
            items={[
              { kind: 'choice', label: 'Show as a table', checked: asTable, run: () => setAsTable(!asTable) },
              { label: 'Save as PNG…', disabled: !onSave || asTable, run: () => void save('png') },
              { label: 'Save as CSV…', disabled: !onSave, run: () => void save('csv') },
            ]}
          />
        </span>
      </figcaption>
      <div className="relative" style={{ height: heightPx }}>
        {asTable ? (
          <ChartTable label={label} buckets={buckets} series={shown} unit={unit} />
        ) : (
          <Drawn {...props} series={shown} plot={plot} {...(onZoom ? { onZoom } : {})} />
        )}
        {empty && !asTable && (
          <p className="pointer-events-none absolute inset-0 flex items-center justify-center gap-1.5 text-xs text-muted">
            <ChartArea size={14} strokeWidth={1.75} aria-hidden />
            <span className="rounded-sm bg-surface px-1">{emptyWords}</span>
          </p>
        )}
      </div>
      <ChartLegend {...{ kind, buckets, series, unit, cursor, hidden }} onToggle={toggle} />
    </figure>
  );
}

/** The drawn chart itself; keeps the uPlot of its element in step with the props. */
function Drawn(props: TimeChartProps & { plot: { current: Plot | null } }) {
  const { label, kind, buckets, series, unit, range, lines, reach, cursor, plot, onZoom, events } = props;
  const host = useRef<HTMLDivElement>(null);
  const [area, setArea] = useState<PlotArea | null>(null);
  const endMs = props.endMs ?? range.toMs;
  const input = { kind, buckets, series, unit, range, endMs, ...(lines ? { lines } : {}), ...(reach ? { reach } : {}) };
  const latest = useRef(input);
  latest.current = input;
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const made = new Plot(element, latest.current, setArea);
    plot.current = made;
    setArea(made.area);
    const observer = new ResizeObserver(() => {
      made.resize(element.clientWidth, element.clientHeight);
      setArea(made.area);
    });
    observer.observe(element);
    const leaveTheme = onTheme(() => made.restart());
    return () => {
      leaveTheme();
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [plot]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `input` is made of exactly these
  useEffect(() => {
    plot.current?.update(latest.current);
    if (plot.current) setArea(plot.current.area);
  }, [kind, buckets, series, unit.unit, unit.perSecond, range.fromMs, range.toMs, lines, reach, endMs]);
  const wordsAt = (atMs: number): string => {
    const at = bucketAt(buckets, atMs) ?? lastKnown(buckets, series);
    if (at === null) return 'nothing is recorded of this time';
    const words = series.map((each) => {
      const value = each.values[at];
      return `${each.label} ${value == null ? 'not known' : shownAmount(value, unit)}`;
    });
    return `${shownInstant(buckets.startMs + at * buckets.stepMs)}: ${words.join(', ')}`;
  };
  return (
    <>
      <div ref={host} className="absolute inset-0" />
      {area && area.width > 0 && (
        <PlotOverlay
          {...{ label, area, range, cursor, wordsAt }}
          stepMs={buckets.stepMs}
          events={events ?? noEvents}
          {...(onZoom ? { onZoom } : {})}
        />
      )}
    </>
  );
}
