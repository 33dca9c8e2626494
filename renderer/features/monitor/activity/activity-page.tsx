import { useCallback, useMemo } from 'react';
import type { ActivityShare, Dimension } from '../../../../shared/api/monitor.ts';
import { shownAmount } from '../../../../shared/metrics/units.ts';
import type { ChartSeries } from '../../../chart/chart-types.ts';
import { shownInstant, shownRange } from '../../../chart/time-axis.ts';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Segmented } from '../../../ui/field.tsx';
import { Pending } from '../../../ui/states.tsx';
import { earlierStretch, type TimeRange } from '../../../workspace/monitor/time-range.ts';
import { MonitorChart } from '../frame/monitor-chart.tsx';
import type { MonitorView } from '../frame/monitor-view.ts';
import { percent } from '../parts/words.ts';
import { averageOf, coverage, stackOf, totals } from './activity-series.ts';
import { ActivityToolbar } from './activity-toolbar.tsx';
import { type ActivityView, changeActivity, drill, useActivityView } from './activity-view.ts';
import { askShares } from './ask-shares.ts';
import { SampleTable } from './sample-table.tsx';
import { SharesTable } from './shares-table.tsx';

/** Classes are few; of others a legend of two lines. */
const topOf = (by: Dimension): number => (by === 'class' ? 12 : 7);
const mostShares = 200;

type ActivityInput = Parameters<typeof client.monitor.activity>[0];
/** With what it was split by: an older answer stays in its own colours while a new one is on its way. */
const askActivity = async (input: ActivityInput, options: { signal: AbortSignal }) => ({
  ...(await client.monitor.activity(input, options)),
  by: input.by,
});

/** Average active sessions over time, split, narrowed and compared; down to the single sample. */
export function ActivityPage({ view }: { view: MonitorView }) {
  const activity = useActivityView(view.id);
  const { by, background, compare } = activity;
  const { range } = view;
  const filters = activity.filters.map(({ dimension, value }) => ({ dimension, value }));
  const question = { id: view.id, fromMs: range.fromMs, toMs: range.toMs, by, filters, background };
  const other = compare === 'none' ? null : earlierStretch(compare, range);
  const answer = useCall(askActivity, { ...question, buckets: range.buckets, top: topOf(by) });
  const earlierAnswer = useCall(
    client.monitor.activity,
    other && { ...question, ...other, by: 'class' as const, buckets: range.buckets, top: topOf('class') },
  );
  const shares = useCall(askShares, { ...question, limit: mostShares });
  const earlierShares = useCall(askShares, other && { ...question, ...other, limit: mostShares });
  const shown = shares.data?.by === by ? shares.data : undefined;
  const { data } = answer;
  const compared = compare === 'none' ? undefined : earlierAnswer.data;
  const series = useMemo((): ChartSeries[] => {
    if (!data) return [];
    const stack = stackOf(data, data.by, true);
    if (!compared) return stack;
    return [
      ...stack,
      { key: 'compared', label: 'Compared', color: '--muted', values: totals(compared), over: true, dashed: true },
    ];
  }, [data, compared]);
  const lines = useMemo(
    () => (view.vcpus === null ? [] : [{ value: view.vcpus, label: `${view.vcpus} vCPU` }]),
    [view.vcpus],
  );
  const onDrill = useCallback(
    (share: ActivityShare) => drill(view.id, activity, share.key, share.label),
    [view.id, activity],
  );
  if (!data && answer.state === 'failed') return <FailureView failure={answer.failure} className="m-4" />;
  if (!data) return <Pending label="Reading the activity" />;
  return (
    <div className="flex h-full flex-col">
      <ActivityToolbar view={view} />
      <div className="shrink-0 px-3 pt-2 pb-1">
        <MonitorChart
          view={view}
          kind="stack"
          label="Average active sessions"
          note={noteOf(data, compared && other ? { answer: compared, range: other } : null)}
          buckets={data}
          series={series}
          unit={{ unit: 'sessions' }}
          lines={lines}
          heightPx={230}
        />
        {answer.state === 'failed' && <FailureView failure={answer.failure} className="mt-1" />}
      </div>
      <div className="flex h-9 shrink-0 items-center gap-3 border-y border-line px-3">
        <Segmented
          label="Below"
          value={activity.lower}
          onValue={(lower: ActivityView['lower']) => changeActivity(view.id, { lower })}
          options={[
            { value: 'shares', label: 'Shares of the range' },
            { value: 'sample', label: `Sample at ${shownInstant(view.atMs)}` },
          ]}
        />
        <span className="truncate text-2xs text-faint">
          {activity.lower === 'shares'
            ? 'Click a row to narrow to it.'
            : 'Click the chart, or step with the arrow keys, to look at another sample.'}
        </span>
      </div>
      <div className="min-h-0 flex-1">
        {activity.lower === 'sample' ? (
          <SampleTable view={view} activity={activity} />
        ) : shown ? (
          <SharesTable
            shares={shown.shares}
            before={compare === 'none' || earlierShares.data?.by !== by ? null : earlierShares.data.shares}
            activity={activity}
            onDrill={onDrill}
          />
        ) : shares.state === 'failed' ? (
          <FailureView failure={shares.failure} className="m-3" />
        ) : (
          <Pending label="Adding up" />
        )}
      </div>
    </div>
  );
}

type Answer = Parameters<typeof averageOf>[0];

/** What the numbers rest on. */
function noteOf(answer: Answer, compared: { answer: Answer; range: TimeRange } | null): string {
  const average = averageOf(answer);
  const parts = [
    average === null ? 'nothing recorded' : `${shownAmount(average, { unit: 'sessions' })} on average`,
    `${percent(coverage(answer))} of the time is covered`,
    answer.grain === 'raw' ? 'single samples' : `rolled up by the ${answer.grain}`,
  ];
  const before = compared && averageOf(compared.answer);
  if (compared) {
    const words = before === null ? 'nothing' : shownAmount(before, { unit: 'sessions' });
    parts.push(`compared with ${shownRange(compared.range)}: ${words}`);
  }
  return parts.join(' · ');
}
