import { SquareTerminal, X } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { Statement, StatementPattern } from '../../../../shared/api/monitor.ts';
import { familyOf } from '../../../../shared/metrics/families.ts';
import { shownAmount, type UnitOf } from '../../../../shared/metrics/units.ts';
import type { ChartSeries } from '../../../chart/chart-types.ts';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Select } from '../../../ui/field.tsx';
import { Pending } from '../../../ui/states.tsx';
import { visibleLines, visibleText } from '../../../ui/visible-text.ts';
import { openTab } from '../../../workspace/tabs.ts';
import { changeText } from '../../../workspace/texts.ts';
import { MonitorChart, type MonitorChartProps } from '../frame/monitor-chart.tsx';
import { type MonitorView, recordedIn } from '../frame/monitor-view.ts';
import { ExplainButton } from '../parts/explain-button.tsx';
import { WaitBadge } from '../parts/wait-badge.tsx';
import { percent } from '../parts/words.ts';

const icon = { size: 14, strokeWidth: 1.75 } as const;
const mostWaits = 8;
const readEveryMs = familyOf('statement')?.everyMs ?? 0;
/** A key is the database, the role and the query id. */
const queryIdOf = (key: string): string => key.split('/')[2] ?? '';

/** One statement over the range: how often, how long, what it waited for; its text and the way to its plan. */
export function StatementDetails({
  view,
  statementKey,
  row,
  onClose,
}: {
  view: MonitorView;
  statementKey: string;
  /** Its line of the list, where it is in it. */
  row: Statement | StatementPattern | undefined;
  onClose: () => void;
}) {
  const { fromMs, toMs, buckets } = view.range;
  const keys = row && 'keys' in row ? row.keys : [statementKey];
  const [chosen, setChosen] = useState(statementKey);
  const key = keys.includes(chosen) ? chosen : statementKey;
  const answer = useCall(client.monitor.statement, { id: view.id, fromMs, toMs, key, buckets });
  const { data } = answer;
  const text = data?.text ?? row?.text ?? null;
  const charts = useMemo(() => (data ? chartsOf(data) : []), [data]);
  const openQuery = () => {
    const tabId = openTab({
      kind: 'query',
      connectionId: view.source.connectionId,
      database: row?.database ?? null,
      ...recordedIn(view),
    });
    changeText(tabId, { text: text ?? '', caret: 0 });
  };
  return (
    <aside aria-label="Statement" className="flex h-full flex-col">
      <header className="flex h-9 shrink-0 items-center gap-2 border-b border-line px-3">
        <h2 className="min-w-0 flex-1 truncate text-sm font-semibold">
          {queryIdOf(key) ? `Query id ${queryIdOf(key)}` : 'Statement'}
          {row && (
            <span className="font-normal text-muted">{` · ${visibleText(row.user)} in ${visibleText(row.database)}`}</span>
          )}
        </h2>
        {keys.length > 1 && (
          <Select
            aria-label="Which statement of the pattern"
            value={key}
            onValue={setChosen}
            options={keys.map((value, at) => ({ value, label: `${at + 1} of ${keys.length} of the pattern` }))}
            className="w-44!"
          />
        )}
        <Button small icon={<SquareTerminal {...icon} />} disabled={text === null} onClick={openQuery}>
          Open in a query tab
        </Button>
        <ExplainButton
          source={view.source}
          database={row?.database ?? null}
          sql={text}
          of={view.source.connectionId === null ? 'a recording' : 'the server'}
        />
        <IconButton label="Close the details" icon={<X {...icon} />} onClick={onClose} />
      </header>
      <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-auto p-3">
        {row && <Amounts row={row} />}
        {answer.state === 'failed' && <FailureView failure={answer.failure} />}
        {!data && answer.state !== 'failed' && <Pending label="Reading" />}
        {data && (
          <div className="grid shrink-0 grid-cols-1 gap-x-4 gap-y-2 lg:grid-cols-3">
            {charts.map((chart) => (
              <MonitorChart
                key={chart.label}
                view={view}
                everyMs={readEveryMs}
                buckets={data}
                heightPx={110}
                {...chart}
              />
            ))}
          </div>
        )}
        <div className="flex min-h-24 flex-1 gap-4">
          <pre className="selectable min-w-0 flex-1 overflow-auto rounded-md bg-sunken p-2 font-mono text-xs break-words whitespace-pre-wrap">
            {text === null ? 'The text of this statement is not known.' : visibleLines(text)}
          </pre>
          {data && data.waits.length > 0 && <Waits waits={data.waits} />}
        </div>
      </div>
    </aside>
  );
}

/** What its line of the list tells, whole in a narrow window too. */
function Amounts({ row }: { row: Statement }) {
  const amounts: readonly (readonly [label: string, value: number, unit: UnitOf['unit']])[] = [
    ['Total', row.totalMs, 'ms'],
    ['Mean', row.meanMs, 'ms'],
    ['Calls', row.calls, 'count'],
    ['Rows', row.rows, 'count'],
    ['Hit', row.sharedHit, 'blocks'],
    ['Read', row.sharedRead, 'blocks'],
    ['Temp', row.tempBlocks, 'blocks'],
    ['WAL', row.walBytes, 'bytes'],
    ['I/O', row.ioMs, 'ms'],
  ];
  return (
    <dl className="flex shrink-0 flex-wrap gap-x-4 gap-y-1 text-xs">
      {amounts.map(([label, value, unit]) => (
        <div key={label} className="flex gap-1.5">
          <dt className="text-faint">{label}</dt>
          <dd className="tabular-nums">{shownAmount(value, { unit })}</dd>
        </div>
      ))}
    </dl>
  );
}

type Chart = Pick<MonitorChartProps, 'kind' | 'label' | 'series' | 'unit'>;

/** How long a call took, how often it was called, and how many sessions were at it. */
function chartsOf(data: Awaited<ReturnType<typeof client.monitor.statement>>): readonly Chart[] {
  const one = (label: string, values: readonly (number | null)[], color: string): ChartSeries[] => [
    { key: label, label, values, color },
  ];
  // Of the step that goes on, only a part is covered.
  const coveredMs = (at: number) => data.coveredMs[at] || data.stepMs;
  const calls = data.calls.map((each, at) => each && each / (coveredMs(at) / 1000));
  const busy = data.totalMs.map((each, at) => each && each / coveredMs(at));
  return [
    {
      kind: 'lines',
      label: 'Mean time of a call',
      series: one('Mean time', data.meanMs, '--tag-orange'),
      unit: { unit: 'ms' },
    },
    {
      kind: 'bars',
      label: 'Calls',
      series: one('Calls', calls, '--tag-blue'),
      unit: { unit: 'count', perSecond: true },
    },
    {
      kind: 'stack',
      label: 'Sessions busy with it',
      series: one('Sessions at it', busy, '--wait-cpu'),
      unit: { unit: 'sessions' },
    },
  ];
}

function Waits({ waits }: { waits: readonly { class: string; event: string; sessionMs: number }[] }) {
  const whole = waits.reduce((sum, each) => sum + each.sessionMs, 0);
  const top = waits.toSorted((a, b) => b.sessionMs - a.sessionMs).slice(0, mostWaits);
  return (
    <section aria-label="What it waited for" className="w-72 shrink-0 overflow-auto">
      <h3 className="mb-1 text-xs font-semibold text-muted">What it waited for</h3>
      <ul className="text-xs">
        {top.map((each) => (
          <li key={`${each.class} ${each.event}`} className="flex h-6 items-center gap-2">
            <span className="min-w-0 flex-1 truncate">
              <WaitBadge
                type={each.class}
                event={each.event === each.class ? null : each.event.replace(`${each.class}:`, '')}
              />
            </span>
            <span className="text-muted tabular-nums">{shownAmount(each.sessionMs, { unit: 'ms' })}</span>
            <span className="w-12 text-right tabular-nums">{percent(each.sessionMs / Math.max(1, whole))}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
