import { useMemo } from 'react';
import { type Forecast, forecast } from '../../../../shared/advice/forecast.ts';
import type { Series } from '../../../../shared/api/monitor.ts';
import { shownAmount } from '../../../../shared/metrics/units.ts';
import type { Buckets, ChartSeries } from '../../../chart/chart-types.ts';
import { shownLength } from '../../../chart/time-axis.ts';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Callout, Pending } from '../../../ui/states.tsx';
import { MonitorChart } from '../frame/monitor-chart.tsx';
import type { MonitorView } from '../frame/monitor-view.ts';

const buckets = 240;
const hourMs = 3_600_000;

export interface Grown {
  /** Of the size now and as long ahead as was watched. */
  readonly buckets: Buckets;
  readonly series: readonly ChartSeries[];
  readonly forecast: Forecast | null;
  readonly readings: number;
}

/** The sum of the series where each is known, as one curve, and what is to be expected after it. Pure. */
export function grown({ startMs, stepMs, buckets: count, series }: Series, everyMs: number): Grown {
  const sums = Array.from({ length: count }, (_, at) => {
    const known = series.map(({ values }) => values[at] ?? null).filter((value) => value !== null);
    return known.length === series.length && known.length > 0 ? known.reduce((sum, each) => sum + each, 0) : null;
  });
  // A size is read once an hour and holds until then: only what was read counts as a reading.
  const apart = Math.max(1, Math.round(everyMs / stepMs));
  const readings = sums
    .map((value, at) => ({ atMs: startMs + (at + 1) * stepMs, value, at }))
    .filter(
      (each): each is { atMs: number; value: number; at: number } => each.value !== null && each.at % apart === 0,
    );
  const found = forecast(readings);
  const last = sums.findLastIndex((value) => value !== null);
  const ahead = found ? Math.min(count, Math.floor((found.untilMs - startMs) / stepMs) - last - 1) : 0;
  const total = Math.max(count, last + 1 + ahead);
  const column = (make: (at: number) => number | null) => Array.from({ length: total }, (_, at) => make(at));
  const bandAt = (at: number) => (found && at > last ? found.at(startMs + (at + 1) * stepMs) : null);
  // What was read holds until the next reading: the time up to it is no gap.
  const coveredMs = Array.from({ length: total }, (_, at) => (sums[at] == null && !bandAt(at) ? 0 : stepMs));
  const measured = { key: 'size', label: 'Recorded', values: column((at) => sums[at] ?? null), color: '--tag-teal' };
  const band: ChartSeries[] = found
    ? [
        { key: 'low', label: 'At least', values: column((at) => bandAt(at)?.low ?? null), color: '--wait-other' },
        {
          key: 'band',
          label: 'Uncertain (95 %)',
          values: column((at) => {
            const each = bandAt(at);
            return each && each.high - each.low;
          }),
          color: '--tag-orange',
          pattern: 'rise',
        },
        {
          key: 'middle',
          label: 'Expected',
          values: column((at) => bandAt(at)?.middle ?? null),
          color: '--ink',
          over: true,
          dashed: true,
        },
      ]
    : [];
  return {
    buckets: { startMs, stepMs, buckets: total, coveredMs },
    series: [measured, ...band],
    forecast: found,
    readings: readings.length,
  };
}

/** How large it was over all that is recorded, and will be, with how sure that is. */
export function GrowthChart({
  view,
  label,
  family,
  keys,
  heightPx = 240,
}: {
  view: MonitorView;
  label: string;
  family: 'database_size' | 'relation_size';
  keys: readonly (readonly string[])[];
  heightPx?: number;
}) {
  const { span } = view;
  const toMs = Math.ceil((span.toMs ?? view.range.toMs) / hourMs) * hourMs;
  const fromMs = Math.min(span.fromMs ?? view.range.fromMs, toMs - 2 * hourMs);
  const answer = useCall(
    client.monitor.series,
    keys.length === 0
      ? null
      : {
          id: view.id,
          fromMs,
          toMs,
          family,
          metrics: ['bytes'],
          keys: keys.map((key) => [...key]),
          together: true,
          buckets,
        },
  );
  const found = useMemo(() => (answer.data ? grown(answer.data, hourMs) : null), [answer.data]);
  const wide = useMemo((): MonitorView | null => {
    if (!found) return null;
    const { startMs, stepMs, buckets: count } = found.buckets;
    const endMs = startMs + count * stepMs;
    return {
      ...view,
      range: { fromMs: startMs, toMs: endMs, stepMs, buckets: count },
    };
  }, [found, view]);
  if (!found && answer.state === 'failed') return <FailureView failure={answer.failure} className="m-3" />;
  if (keys.length === 0)
    return <p className="p-4 text-sm text-muted">No size is recorded yet: sizes are read once an hour.</p>;
  if (!found || !wide) return <Pending label="Reading the sizes" />;
  const rate = (value: number) => `${value < 0 ? '−' : ''}${shownAmount(Math.abs(value), { unit: 'bytes' })}`;
  return (
    <div className="flex flex-col gap-2">
      <MonitorChart
        view={wide}
        kind="stack"
        label={label}
        buckets={found.buckets}
        series={found.series}
        unit={{ unit: 'bytes' }}
        everyMs={hourMs}
        heightPx={heightPx}
      />
      {found.forecast ? (
        <p className="selectable px-1 text-xs text-muted">
          Grows by <b className="text-ink tabular-nums">{rate(found.forecast.perDay)}</b> a day (±{' '}
          {rate(found.forecast.perDayError)}), from {shownLength(found.forecast.historyMs)} of history. Looks as far
          ahead as that is long; the band holds 95 % of what is to be expected if things go on as they did.
        </p>
      ) : (
        <Callout tone="info">
          Too little is recorded for a forecast: sizes are read once an hour, and five readings are needed.
        </Callout>
      )}
    </div>
  );
}
