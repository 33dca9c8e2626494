import { Copy } from 'lucide-react';
import { type ReactNode, useCallback, useState } from 'react';
import type { KeptPlan, PlanEntry } from '../../../shared/api/plans.ts';
import { client } from '../../client/connect.ts';
import { useCall } from '../../client/use-call.ts';
import { IconButton } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { Segmented } from '../../ui/field.tsx';
import { useIsNarrow } from '../../ui/scroll/narrow.ts';
import { SplitPane } from '../../ui/split-pane.tsx';
import { Callout } from '../../ui/states.tsx';
import { Sections } from '../../ui/tabs.tsx';
import { visibleLines, visibleText } from '../../ui/visible-text.ts';
import { changeLayout, useLayout } from '../../workspace/layout.ts';
import { FindingsList } from './findings-list.tsx';
import { metricLabels, metricsOf, shownMs } from './metrics.ts';
import { NodeDetails } from './node-details.tsx';
import { PlanList } from './plan-list.tsx';
import { type PlanModel, usePlanModel, type ViewProps } from './plan-model.ts';
import { CompareView } from './views/compare-view.tsx';
import { PlanDiagram } from './views/plan-diagram.tsx';
import { PlanFlame } from './views/plan-flame.tsx';
import { PlanGrid } from './views/plan-grid.tsx';
import { changeLook, type PlanLook, usePlanLook } from './views/plan-looks.ts';
import { PlanStatistics } from './views/plan-statistics.tsx';
import { WhatIfView } from './views/what-if-view.tsx';

/** With less room than this the findings stand below the plan. */
const sideBySidePx = 840;

/** A kept plan in all its views. */
export function PlanView({
  kept,
  notices,
  onShow,
}: {
  kept: KeptPlan;
  notices: readonly string[];
  onShow: (id: number, sql: string | null) => void;
}) {
  const model = usePlanModel(kept.text);
  const possible = metricsOf(model.plan, model.figures);
  const { view, metric: wanted, selected: chosen, beforeId } = usePlanLook(kept.id);
  const look = (change: Partial<PlanLook>) => changeLook(kept.id, change);
  const metric = wanted !== null && possible.includes(wanted) ? wanted : (possible[0] ?? 'cost');
  const selected = chosen ?? model.findings.find(({ nodeId }) => nodeId !== null)?.nodeId ?? 0;
  const onSelect = useCallback((id: number | null) => changeLook(kept.id, { selected: id }), [kept.id]);
  const { planSidePx, planBelowPx } = useLayout();
  const [box, setBox] = useState<HTMLDivElement | null>(null);
  const below = useIsNarrow(box, sideBySidePx);
  const before = useCall(client.plans.get, beforeId === null ? null : { id: beforeId });
  const props = { model, selected, onSelect };
  const compare = (entry: PlanEntry) => look({ beforeId: entry.id, view: 'compare' });
  const sections = [
    { value: 'tree', label: 'Tree', content: <PlanGrid {...props} metric={metric} /> },
    { value: 'diagram', label: 'Diagram', content: view === 'diagram' && <PlanDiagram {...props} metric={metric} /> },
    { value: 'time', label: 'Time', content: <PlanFlame {...props} /> },
    { value: 'statistics', label: 'Statistics', content: <PlanStatistics {...props} /> },
    { value: 'text', label: 'Text', content: <PlanText text={kept.text} /> },
    { value: 'history', label: 'History', content: <History kept={kept} onShow={onShow} onCompare={compare} /> },
    { value: 'whatIf', label: 'What if', content: <WhatIfView kept={kept} onShow={onShow} /> },
    ...(before.data
      ? [
          {
            value: 'compare',
            label: 'Compare',
            content: <CompareView before={before.data} model={model} onSelect={onSelect} />,
          },
        ]
      : []),
  ];
  return (
    <div className="flex h-full flex-col">
      <Summary
        model={model}
        notices={notices}
        end={
          possible.length > 1 && (
            <Segmented
              label="Measure by"
              value={metric}
              options={possible.map((value) => ({ value, label: metricLabels[value] }))}
              onValue={(value) => look({ metric: value })}
            />
          )
        }
      />
      <div ref={setBox} className="min-h-0 flex-1">
        <SplitPane
          direction={below ? 'column' : 'row'}
          sized="second"
          sizePx={below ? planBelowPx : planSidePx}
          minPx={below ? 120 : 240}
          restMinPx={below ? 200 : 400}
          onSize={(px) => changeLayout(below ? { planBelowPx: px } : { planSidePx: px })}
          label="Resize the findings"
          first={
            <Sections
              label="Views of the plan"
              value={view}
              onValue={(value) => look({ view: value })}
              sections={sections}
            />
          }
          second={<PlanAside {...props} below={below} />}
        />
      </div>
    </div>
  );
}

const asideHead = 'sticky top-0 border-line bg-canvas px-3 py-1.5 text-xs font-semibold text-muted';

/** What could be better, and all about the chosen node: one below the other, or side by side below the plan. */
function PlanAside({ below, ...props }: ViewProps & { below: boolean }) {
  const { model, selected } = props;
  const { length } = model.findings;
  return (
    <aside aria-label="Findings and details" className={cx('h-full', below ? 'grid grid-cols-2' : 'overflow-auto')}>
      <div className={cx(below && 'overflow-auto border-r border-line')}>
        <h2 className={cx(asideHead, 'border-b')}>Findings{length > 0 && ` (${length})`}</h2>
        <FindingsList {...props} />
      </div>
      <div className={cx(below && 'overflow-auto')}>
        <h2 className={cx(asideHead, below ? 'border-b' : 'border-y')}>Node</h2>
        <NodeDetails model={model} nodeId={selected} />
      </div>
    </aside>
  );
}

/** The whole in one line, and what the reader should know about the text. */
function Summary({
  model: { plan, figures },
  notices,
  end,
}: {
  model: PlanModel;
  notices: readonly string[];
  end: ReactNode;
}) {
  const facts: [string, string][] = [
    ...(plan.executionMs !== null ? [['Execution', shownMs(plan.executionMs)] as [string, string]] : []),
    ...(plan.executionMs === null && figures.totalMs !== null
      ? [['Time', shownMs(figures.totalMs)] as [string, string]]
      : []),
    ...(plan.planningMs !== null ? [['Planning', shownMs(plan.planningMs)] as [string, string]] : []),
    ...(figures.triggersMs > 0 ? [['Triggers', shownMs(figures.triggersMs)] as [string, string]] : []),
    ...(plan.jit ? [['JIT', shownMs(plan.jit.totalMs)] as [string, string]] : []),
    ...(plan.serializationMs ? [['Serialization', shownMs(plan.serializationMs)] as [string, string]] : []),
    ...(plan.root.totalCost !== null ? [['Cost', String(plan.root.totalCost)] as [string, string]] : []),
    ['Nodes', String(plan.nodes.length)],
  ];
  const said = [...plan.notes, ...notices];
  return (
    <>
      <div className="flex h-9 shrink-0 items-center gap-3 border-b border-line pr-2">
        <dl className="flex h-full min-w-0 flex-1 items-center gap-5 overflow-x-auto px-3 text-xs whitespace-nowrap">
          {facts.map(([name, value]) => (
            <div key={name} className="flex gap-1.5">
              <dt className="text-muted">{name}</dt>
              <dd className="font-medium tabular-nums">{value}</dd>
            </div>
          ))}
          {!plan.analyzed && <div className="text-muted">Estimates only: the statement was not run.</div>}
        </dl>
        {end}
      </div>
      {said.length > 0 && (
        <Callout tone="info" className="m-2 shrink-0">
          {said.slice(0, 5).map((line) => (
            <p key={line}>{visibleText(line)}</p>
          ))}
        </Callout>
      )}
    </>
  );
}

function PlanText({ text }: { text: string }) {
  return (
    <div className="relative h-full">
      <IconButton
        label="Copy the plan"
        icon={<Copy size={15} strokeWidth={1.75} />}
        onClick={() => void navigator.clipboard.writeText(text)}
        className="absolute top-2 right-4 border border-line bg-surface"
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached with the keyboard */}
      <pre tabIndex={0} className="h-full overflow-auto p-3 font-mono text-xs leading-5">
        {visibleLines(text)}
      </pre>
    </div>
  );
}

/** Of the same statement, however its literals were; of no statement, the plans that have none either. */
function History({
  kept,
  onShow,
  onCompare,
}: {
  kept: KeptPlan;
  onShow: (id: number, sql: string | null) => void;
  onCompare: (entry: PlanEntry) => void;
}) {
  const { fingerprint } = kept;
  const list = useCall(client.plans.list, { limit: 200, ...(fingerprint ? { fingerprint } : {}) });
  const entries = list.data?.entries ?? [];
  return (
    <div className="h-full overflow-auto">
      {!fingerprint && (
        <p className="border-b border-line px-3 py-2 text-xs text-muted">
          This plan came without its statement: all kept plans are listed.
        </p>
      )}
      <PlanList
        entries={entries}
        shownId={kept.id}
        onOpen={(entry) => onShow(entry.id, entry.sql)}
        onCompare={onCompare}
        onRemoved={list.reload}
        withSql={!fingerprint}
      />
    </div>
  );
}
