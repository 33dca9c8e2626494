import { useMemo } from 'react';
import type { Finding } from '../../../../shared/health/finding.ts';
import { type Health, judgeHealth } from '../../../../shared/health/health.ts';
import { useCall } from '../../../client/use-call.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Pending } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import type { MonitorView } from '../frame/monitor-view.ts';
import { gatherEvidence } from '../overview/gather.ts';
import { ScoreBar } from '../overview/score-badge.tsx';
import { type Column, DataTable } from '../parts/table/data-table.tsx';
import { useTable } from '../parts/table/use-table.ts';
import { WithDetails } from '../parts/table/with-details.tsx';
import { PresenceBadge } from './change.tsx';
import { either, type Pair, pairs, presence } from './pairs.ts';
import type { Sides } from './use-compared.ts';

const ask = ({ id, range: { fromMs, toMs }, vcpus }: MonitorView) => ({ id, fromMs, toMs, vcpus });
const points = (finding: Finding | null) => (finding ? `−${Math.min(100, finding.deduction)}` : '');
const severities = ['critical', 'warning', 'notice'] as const;

const columns: readonly Column<Pair<Finding>>[] = [
  {
    key: 'presence',
    label: 'What',
    widthPx: 68,
    value: (pair) => ['new', 'gone', 'both'].indexOf(presence(pair)),
    cell: (pair) => <PresenceBadge presence={presence(pair)} />,
  },
  {
    key: 'severity',
    label: 'Severity',
    widthPx: 76,
    value: (pair) => severities.indexOf(either(pair).severity),
    cell: (pair) => either(pair).severity,
  },
  {
    key: 'title',
    label: 'Finding',
    widthPx: 104,
    grows: true,
    value: (pair) => either(pair).title,
    cell: (pair) => visibleText(either(pair).title),
  },
  {
    key: 'shown',
    label: 'Shown',
    title: 'Points taken from its category',
    widthPx: 76,
    right: true,
    value: ({ shown }) => shown?.deduction ?? 0,
    cell: ({ shown }) => points(shown),
  },
  {
    key: 'compared',
    label: 'Compared',
    title: 'Points taken from its category',
    widthPx: 84,
    right: true,
    value: ({ compared }) => compared?.deduction ?? 0,
    cell: ({ compared }) => <span className="text-muted">{points(compared)}</span>,
  },
];

/** Both stretches judged by the same rules: what came to be found, what is no longer, and the scores. */
export function FindingsCompared({ shown, compared }: Sides) {
  const lines = useTable('presence', false);
  const own = useCall(gatherEvidence, ask(shown));
  const other = useCall(gatherEvidence, ask(compared));
  const now = useMemo(() => own.data && judgeHealth(own.data), [own.data]);
  const then = useMemo(() => other.data && judgeHealth(other.data), [other.data]);
  const failed = [own, other].find((each) => each.state === 'failed');
  if ((!now || !then) && failed?.state === 'failed') return <FailureView failure={failed.failure} className="m-4" />;
  if (!now || !then) return <Pending label="Examining both" />;
  const rows = pairs(now.findings, then.findings, ({ id }) => id);
  const chosen = rows.find(({ key }) => key === lines.selectedKey);
  return (
    <div className="flex h-full">
      <Scores now={now} then={then} />
      <div className="min-w-0 flex-1">
        <WithDetails
          table={
            <DataTable
              label="Findings compared"
              rows={rows}
              columns={columns}
              rowKey={({ key }) => key}
              {...lines}
              empty="No rule found anything in either stretch."
            />
          }
          mostPx={240}
          details={chosen && <Details pair={chosen} />}
        />
      </div>
    </div>
  );
}

function Scores({ now, then }: { now: Health; then: Health }) {
  const before = new Map(then.categories.map((each) => [each.id, each.score]));
  const line = (label: string, own: number | null, other: number | null, strong = false) => (
    <tr key={label} className={strong ? 'h-8' : 'h-7'}>
      <th
        scope="row"
        className={strong ? 'truncate pr-2 text-left font-medium' : 'truncate pr-2 text-left font-normal'}
      >
        {label}
      </th>
      <td>
        <ScoreBar score={own} />
      </td>
      <td className="pl-2 text-right text-muted tabular-nums">{other ?? '–'}</td>
    </tr>
  );
  return (
    <section aria-label="Scores compared" className="w-72 shrink-0 overflow-auto border-r border-line px-3 py-2">
      <table className="w-full text-xs">
        <thead className="text-2xs text-faint">
          <tr>
            <th scope="col" className="text-left font-normal">
              Health
            </th>
            <th scope="col" className="text-right font-normal">
              Shown
            </th>
            <th scope="col" className="pl-2 text-right font-normal" title="In the stretch it is compared with">
              was
            </th>
          </tr>
        </thead>
        <tbody>
          {line('In all', now.score, then.score, true)}
          {now.categories.map(({ id, label, score }) => line(label, score, before.get(id) ?? null))}
        </tbody>
      </table>
    </section>
  );
}

function Details({ pair }: { pair: Pair<Finding> }) {
  const finding = either(pair);
  const numbers = pairs(pair.shown?.numbers ?? [], pair.compared?.numbers ?? [], ({ label }) => label);
  return (
    <section aria-label="Finding" className="flex h-full flex-col gap-2 overflow-auto p-3 text-xs">
      <h2 className="selectable text-sm font-medium">{visibleText(finding.title)}</h2>
      <p className="selectable text-muted">{visibleText(finding.reason)}</p>
      <dl className="grid grid-cols-[max-content_max-content_max-content] gap-x-4 gap-y-0.5">
        {numbers.map((each) => (
          <div key={each.key} className="contents">
            <dt className="text-faint">{each.key}</dt>
            <dd className="selectable tabular-nums">{visibleText(each.shown?.value ?? '–')}</dd>
            <dd className="selectable text-muted tabular-nums">was {visibleText(each.compared?.value ?? '–')}</dd>
          </div>
        ))}
      </dl>
      <p className="selectable">{visibleText(finding.nextStep)}</p>
    </section>
  );
}
