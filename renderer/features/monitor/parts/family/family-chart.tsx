/** Curves of any metric family, named and drawn as the family says. */
import { type ReactNode, useMemo } from 'react';
import { familyOf } from '../../../../../shared/metrics/families.ts';
import type { ShownUnit } from '../../../../../shared/metrics/units.ts';
import type { ChartKind, ChartSeries } from '../../../../chart/chart-types.ts';
import { seriesColor } from '../../../../chart/wait-classes.ts';
import { client } from '../../../../client/connect.ts';
import { useCall } from '../../../../client/use-call.ts';
import { visibleText } from '../../../../ui/visible-text.ts';
import { MonitorChart } from '../../frame/monitor-chart.tsx';
import type { MonitorView } from '../../frame/monitor-view.ts';

const noKeys: readonly (readonly string[])[] = [];

export interface FamilyCurves {
  readonly kind: ChartKind;
  readonly label: string;
  readonly family: string;
  /** All of one unit, and all counters or all gauges. */
  readonly metrics: readonly string[];
  /** A curve a row and metric; none: all rows added up. */
  readonly keys?: readonly (readonly string[])[];
  /** Of its curves, where the metrics' own names do not fit. */
  readonly names?: readonly string[];
  /** Of its curves, where they mean something elsewhere too. */
  readonly colors?: readonly string[];
  readonly note?: ReactNode;
  /** Where there may be none of what it draws. */
  readonly emptyWords?: string;
}

export function FamilyChart(props: FamilyCurves & { view: MonitorView; heightPx?: number }) {
  const { view, kind, label, family, metrics, keys = noKeys, names, colors, note, emptyWords, heightPx = 130 } = props;
  const { fromMs, toMs, buckets } = view.range;
  const answer = useCall(client.monitor.series, {
    id: view.id,
    fromMs,
    toMs,
    family,
    metrics: [...metrics],
    keys: keys.map((key) => [...key]),
    buckets,
  });
  const about = familyOf(family)?.metrics ?? [];
  const [first] = metrics;
  const metric = about.find(({ name }) => name === first);
  const unit: { unit: ShownUnit; perSecond: boolean } = {
    unit: metric?.unit ?? 'count',
    perSecond: metric?.kind === 'counter',
  };
  const series = useMemo(
    (): ChartSeries[] =>
      (answer.data?.series ?? []).map(({ key, metric: name, values }, at) => {
        const look = seriesColor(at);
        const word =
          names?.[metrics.indexOf(name)] ?? familyOf(family)?.metrics.find((each) => each.name === name)?.label ?? name;
        const row = visibleText(
          key.filter((part) => part !== '' && part !== 'normal' && part !== 'relation').join(' '),
        );
        return {
          key: `${key.join('\u0000')} ${name}`,
          label: key.length === 0 ? word : metrics.length > 1 ? `${row}: ${word}` : row,
          values,
          ...look,
          color: colors?.[at] ?? look.color,
        };
      }),
    [answer.data, family, metrics, names, colors],
  );
  if (!answer.data || series.length === 0) {
    const why = answer.state === 'pending' ? 'Reading' : 'Not recorded: this server, or this role, does not show it.';
    return (
      <figure aria-label={label} className="m-0 flex min-h-24 flex-col gap-1">
        <figcaption className="text-xs font-semibold">{label}</figcaption>
        <p className="text-xs text-muted">{why}</p>
      </figure>
    );
  }
  return (
    <MonitorChart
      view={view}
      kind={kind}
      label={label}
      note={note}
      buckets={answer.data}
      series={series}
      unit={unit}
      everyMs={familyOf(family)?.everyMs ?? 0}
      heightPx={heightPx}
      {...(emptyWords === undefined ? {} : { emptyWords })}
    />
  );
}
