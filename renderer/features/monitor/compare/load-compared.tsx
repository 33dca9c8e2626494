import { useMemo, useState } from 'react';
import type { ActivityShare, Dimension } from '../../../../shared/api/monitor.ts';
import { shownAmount } from '../../../../shared/metrics/units.ts';
import { Swatch } from '../../../chart/swatch.tsx';
import { shownRange } from '../../../chart/time-axis.ts';
import { waitClass } from '../../../chart/wait-classes.ts';
import { useCall } from '../../../client/use-call.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Select } from '../../../ui/field.tsx';
import { Pending } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { averageOf, coverage, stackOf, totals } from '../activity/activity-series.ts';
import { dimensionLabels } from '../activity/activity-view.ts';
import { askShares } from '../activity/ask-shares.ts';
import { useLoad } from '../activity/load-chart.tsx';
import { MonitorChart } from '../frame/monitor-chart.tsx';
import type { MonitorView } from '../frame/monitor-view.ts';
import { Fact } from '../parts/fact.tsx';
import { type Column, DataTable } from '../parts/table/data-table.tsx';
import { useTable } from '../parts/table/use-table.ts';
import { oneLine, percent } from '../parts/words.ts';
import { changeWords, figureColumns, presenceColumn } from './change.tsx';
import { readFigures } from './figures.ts';
import { either, type Pair, pairs } from './pairs.ts';
import type { Sides } from './use-compared.ts';

const sessions = (value: number) => shownAmount(value, { unit: 'sessions' });
const stretchOf = ({ id, range: { fromMs, toMs } }: MonitorView) => ({ id, fromMs, toMs });
/** By what two servers have something in common; process ids and blockers they have not. */
const dimensions = [
  'class',
  'event',
  'query',
  'database',
  'user',
  'application',
  'client',
  'backendType',
] as const satisfies readonly Dimension[];

/** How busy both were and with what: the same scale, the same place under one crosshair. */
export function LoadCompared({ shown, compared }: Sides) {
  const own = useLoad(shown);
  const other = useLoad(compared);
  const reach = useMemo(
    () => Math.max(0, ...[own.data, other.data].flatMap((each) => (each ? totals(each) : [])).map((each) => each ?? 0)),
    [own.data, other.data],
  );
  const failed = [own, other].find((each) => each.state === 'failed' && !each.data);
  if (failed?.state === 'failed') return <FailureView failure={failed.failure} className="m-4" />;
  if (!own.data || !other.data) return <Pending label="Reading the activity" />;
  const chart = (view: MonitorView, answer: typeof own.data, label: string) => (
    <MonitorChart
      view={view}
      kind="stack"
      label={label}
      note={`${sessions(averageOf(answer) ?? 0)} active on average · ${percent(coverage(answer))} covered · ${shownRange(view.range)}`}
      buckets={answer}
      series={stackOf(answer, 'class', false)}
      unit={{ unit: 'sessions' }}
      reach={reach}
      heightPx={150}
    />
  );
  return (
    <div className="flex h-full flex-col">
      <Figures
        shown={shown}
        compared={compared}
        load={{ shown: averageOf(own.data), compared: averageOf(other.data) }}
      />
      <div className="grid shrink-0 grid-cols-2 gap-x-4 border-b border-line px-3 py-2">
        {chart(shown, own.data, 'Shown')}
        {chart(compared, other.data, 'Compared')}
      </div>
      <Shares shown={shown} compared={compared} />
    </div>
  );
}

function Figures({
  shown,
  compared,
  load,
}: Sides & { load: { readonly shown: number | null; readonly compared: number | null } }) {
  const own = useCall(readFigures, stretchOf(shown));
  const other = useCall(readFigures, stretchOf(compared));
  const known = own.data && other.data ? pairs(own.data, other.data, ({ key }) => key) : [];
  const fact = (
    label: string,
    now: number | null,
    then: number | null,
    words: (value: number) => string,
    relative = true,
  ) => {
    // A share of a share says nothing to anybody.
    const change = relative ? changeWords(now, then) : '';
    const note = then === null ? 'not known before' : `was ${words(then)}${change ? ` (${change})` : ''}`;
    return <Fact key={label} label={label} value={now === null ? '–' : words(now)} note={note} />;
  };
  return (
    <dl
      aria-label="Figures compared"
      className="flex shrink-0 flex-wrap gap-x-5 gap-y-2 border-b border-line px-3 py-2"
    >
      {fact('Active sessions', load.shown, load.compared, sessions)}
      {known.map((pair) => {
        const { label, unit } = either(pair);
        const words = (value: number) => shownAmount(value, unit);
        return fact(label, pair.shown?.value ?? null, pair.compared?.value ?? null, words, unit.unit !== 'ratio');
      })}
    </dl>
  );
}

const mostShares = 200;
/** Keys of statements are a server's own; in another recording their text says which it is. */
const keyOf = (sameRecording: boolean, by: Dimension) => (share: ActivityShare) =>
  by === 'query' && !sameRecording ? oneLine(share.label) : share.key;

function columnsBy(by: Dimension): readonly Column<Pair<ActivityShare>>[] {
  return [
    {
      key: 'label',
      label: dimensionLabels[by],
      widthPx: 220,
      grows: true,
      value: (pair) => either(pair).label,
      cell: (pair) => {
        const { key, label } = either(pair);
        if (by !== 'class') {
          const words = oneLine(label) || 'none';
          return <span className={by === 'query' ? 'font-mono text-2xs' : ''}>{visibleText(words)}</span>;
        }
        const known = waitClass(key);
        return (
          <span className="flex items-center gap-1.5">
            <Swatch color={known.color} pattern={known.pattern} /> {known.label}
          </span>
        );
      },
    },
    presenceColumn<ActivityShare>(),
    ...figureColumns<ActivityShare>({
      key: 'load',
      title: 'Average active sessions',
      widthPx: 88,
      direction: 'bad',
      of: (share) => share.average,
      words: sessions,
      absentIsZero: true,
      least: 0.0005,
    }),
    ...figureColumns<ActivityShare>({
      key: 'share',
      label: 'Share',
      title: 'Of all activity in its stretch',
      widthPx: 84,
      direction: 'neither',
      of: (share) => share.share,
      words: percent,
      absentIsZero: true,
      spare: 0,
    }),
  ];
}

function Shares({ shown, compared }: Sides) {
  const [by, setBy] = useState<(typeof dimensions)[number]>('class');
  const lines = useTable('loadChange', true);
  const question = { by, filters: [], background: false, limit: mostShares };
  const own = useCall(askShares, { ...stretchOf(shown), ...question });
  const other = useCall(askShares, { ...stretchOf(compared), ...question });
  const rows = useMemo(
    () =>
      own.data?.by === by && other.data?.by === by
        ? pairs(own.data.shares, other.data.shares, keyOf(shown.id === compared.id, by))
        : undefined,
    [own.data, other.data, shown.id, compared.id, by],
  );
  const columns = useMemo(() => columnsBy(by), [by]);
  return (
    <section aria-label="Who took part" className="flex min-h-72 flex-1 flex-col">
      <div className="flex h-9 shrink-0 items-center gap-2 border-b border-line px-3 text-xs text-muted">
        Active sessions by
        <Select
          aria-label="Split by"
          value={by}
          onValue={setBy}
          options={dimensions.map((value) => ({ value, label: dimensionLabels[value] }))}
          className="w-32!"
        />
      </div>
      <div className="min-h-0 flex-1">
        {rows ? (
          <DataTable
            label="Load compared"
            rows={rows}
            columns={columns}
            rowKey={(pair) => pair.key}
            {...lines}
            empty="Nothing was active in either stretch."
          />
        ) : (
          <Pending label="Adding up" />
        )}
      </div>
    </section>
  );
}
