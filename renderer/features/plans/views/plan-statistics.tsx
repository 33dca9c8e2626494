import { useMemo } from 'react';
import { type StatisticsRow, statisticsOf } from '../../../../shared/plan/statistics.ts';
import { shownCount } from '../../../ui/amounts.ts';
import { cx } from '../../../ui/class-names.ts';
import { visibleText } from '../../../ui/visible-text.ts';
import { pagesText, severityFill, severityOf, shownMs } from '../metrics.ts';
import type { ViewProps } from '../plan-model.ts';

/** The plan added up: by kind of node, by table, by index; and what lies outside of the nodes. */
export function PlanStatistics({ model, onSelect }: ViewProps) {
  const { byType, byTable, byIndex } = useMemo(() => statisticsOf(model.plan, model.figures), [model]);
  return (
    <div className="@container h-full space-y-5 overflow-auto p-4">
      <Outside model={model} />
      <Table title="By kind of node" rows={byType} onSelect={onSelect} />
      <Table title="By table" rows={byTable} onSelect={onSelect} />
      <Table title="By index" rows={byIndex} onSelect={onSelect} />
    </div>
  );
}

function Table({
  title,
  rows,
  onSelect,
}: {
  title: string;
  rows: readonly StatisticsRow[];
  onSelect: (id: number) => void;
}) {
  if (rows.length === 0) return null;
  const number = 'px-2 text-right tabular-nums whitespace-nowrap';
  return (
    <table className="w-full max-w-4xl border-collapse text-xs">
      <caption className="pb-1 text-left text-sm font-medium">{title}</caption>
      <thead className="border-b border-line text-2xs text-muted">
        <tr>
          <th className="py-1 text-left font-medium">Name</th>
          <th className={cx(number, 'font-medium')}>Nodes</th>
          <th className="hidden px-2 text-left font-medium @min-[600px]:table-cell">Share of the time</th>
          <th className={cx(number, 'font-medium')}>Time</th>
          <th className={cx(number, 'font-medium')}>Rows</th>
          <th className={cx(number, 'font-medium')}>Pages</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name} className="h-7 border-b border-line hover:bg-hover">
            <td className="max-w-40 @min-[600px]:max-w-72">
              <button
                type="button"
                className="block w-full truncate text-left"
                onClick={() => row.nodeIds[0] !== undefined && onSelect(row.nodeIds[0])}
              >
                {visibleText(row.name)}
              </button>
            </td>
            <td className={number}>{row.count}</td>
            <td className="hidden px-2 @min-[600px]:table-cell">
              <span aria-hidden className="block h-2 w-32 overflow-hidden rounded-full bg-sunken">
                <span
                  className={cx('block h-full', severityFill[severityOf(row.share, 'time')])}
                  style={{ width: `${Math.min(1, row.share) * 100}%` }}
                />
              </span>
            </td>
            <td className={number}>{row.exclusiveMs === null ? '' : shownMs(row.exclusiveMs)}</td>
            <td className={number}>{row.rows === null ? '' : shownCount(Math.round(row.rows))}</td>
            <td className={number}>{row.pages ? pagesText(row.pages) : ''}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Triggers, JIT, settings and the rest that is of no node. */
function Outside({ model: { plan } }: Pick<ViewProps, 'model'>) {
  const facts: [string, string][] = [
    ...plan.triggers.map((trigger): [string, string] => [
      `Trigger ${trigger.constraint ?? trigger.name}${trigger.relation ? ` on ${trigger.relation}` : ''}`,
      `${trigger.timeMs === null ? '' : `${shownMs(trigger.timeMs)} in `}${shownCount(trigger.calls)} calls`,
    ]),
    ...(plan.jit
      ? [
          ['JIT', `${shownMs(plan.jit.totalMs)}, ${plan.jit.functions} functions; ${plan.jit.options}`] as [
            string,
            string,
          ],
        ]
      : []),
    ...(plan.serialization ? [['Serialization', plan.serialization] as [string, string]] : []),
    ...(plan.planningMemory ? [['Memory of the planner', plan.planningMemory] as [string, string]] : []),
    ...plan.settings.map(([name, value]): [string, string] => [name, value]),
    ...(plan.queryIdentifier ? [['Query identifier', plan.queryIdentifier] as [string, string]] : []),
    ...(plan.queryParameters ? [['Parameters', plan.queryParameters] as [string, string]] : []),
  ];
  if (facts.length === 0) return null;
  return (
    <dl className="grid max-w-4xl grid-cols-[max-content_1fr] gap-x-4 gap-y-1 text-xs">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{visibleText(name)}</dt>
          <dd className="selectable break-words">{visibleText(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
