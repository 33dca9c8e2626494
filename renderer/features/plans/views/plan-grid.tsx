// biome-ignore-all lint/a11y/useSemanticElements: rows lie where the virtualiser puts them, which a table cannot
// biome-ignore-all lint/a11y/useFocusableInteractive: focus stays on the grid, which has the keys for all its rows
import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { figureOf } from '../../../../shared/plan/figures.ts';
import { type PlanNode, pagesOf, targetOf, titleOf } from '../../../../shared/plan/plan.ts';
import { shownCount } from '../../../ui/amounts.ts';
import { cx } from '../../../ui/class-names.ts';
import { visibleText } from '../../../ui/visible-text.ts';
import {
  type Metric,
  metricLabels,
  metricOf,
  metricText,
  pagesText,
  rowsText,
  scaleOf,
  severityFill,
  severityOf,
  shownMs,
} from '../metrics.ts';
import { NodeBadges } from '../node-badges.tsx';
import { type PlanModel, subplanText, type ViewProps } from '../plan-model.ts';

const rowPx = 28;
type ColumnName = 'below' | 'rows' | 'expected' | 'loops' | 'pages' | 'cost';
/** The widths of the columns, and where each of those behind the first two is shown. */
interface Columns {
  readonly grid: string;
  readonly shown: Readonly<Record<ColumnName, string>>;
}
/** Those that there is no room for are left out, the last first: all of them are told of the chosen node, too. */
const ofRun: Columns = {
  grid: cx(
    'grid-cols-[minmax(200px,1fr)_150px_80px]',
    '@min-[640px]:grid-cols-[minmax(200px,1fr)_150px_80px_90px]',
    '@min-[740px]:grid-cols-[minmax(200px,1fr)_150px_80px_90px_80px]',
    '@min-[860px]:grid-cols-[minmax(220px,1fr)_150px_80px_90px_80px_124px]',
    '@min-[980px]:grid-cols-[minmax(260px,1fr)_150px_80px_96px_84px_64px_130px_84px]',
  ),
  shown: {
    below: '',
    rows: 'hidden @min-[640px]:block',
    expected: 'hidden @min-[740px]:block',
    pages: 'hidden @min-[860px]:block',
    loops: 'hidden @min-[980px]:block',
    cost: 'hidden @min-[980px]:block',
  },
};
/** A plan that was not run has no figures for the others. */
const ofEstimates: Columns = {
  grid: 'grid-cols-[minmax(200px,1fr)_150px_90px_96px]',
  shown: { below: 'hidden', rows: 'hidden', expected: '', loops: 'hidden', pages: 'hidden', cost: '' },
};

/** The tree with its figures in columns; the bar shows the chosen metric. */
export function PlanGrid({ model, metric, selected, onSelect }: ViewProps & { metric: Metric }) {
  const { plan, figures } = model;
  const columns = plan.analyzed ? ofRun : ofEstimates;
  const [closed, setClosed] = useState<ReadonlySet<number>>(new Set());
  const rows = useMemo(() => visibleRows(plan.root, closed), [plan, closed]);
  const scale = useMemo(() => scaleOf(figures, metric), [figures, metric]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 12,
  });
  const at = rows.findIndex(({ id }) => id === selected);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at);
  }, [at, virtual]);
  const toggle = (id: number, close: boolean) =>
    setClosed((now) => {
      const next = new Set(now);
      if (close) next.add(id);
      else next.delete(id);
      return next;
    });
  const onKeyDown = (event: KeyboardEvent) => {
    const node = rows[at];
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to !== undefined) {
      const next = rows[Math.max(0, Math.min(rows.length - 1, to))];
      if (next) onSelect(next.id);
    } else if (event.key === 'ArrowRight' && node) toggle(node.id, false);
    else if (event.key === 'ArrowLeft' && node) {
      const parentId = figureOf(figures, node.id).parentId;
      if (node.children.length > 0 && !closed.has(node.id)) toggle(node.id, true);
      else if (parentId !== null) onSelect(parentId);
    } else return;
    event.preventDefault();
  };
  return (
    <div
      ref={scroller}
      role="treegrid"
      aria-label="Plan tree"
      aria-rowcount={rows.length + 1}
      tabIndex={0}
      onKeyDown={onKeyDown}
      className="@container h-full overflow-auto outline-offset-[-2px]"
    >
      <Header metric={metric} columns={columns} />
      <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const node = rows[item.index];
          return (
            node && (
              <Row
                key={node.id}
                columns={columns}
                model={model}
                node={node}
                metric={metric}
                share={scale.share(figureOf(figures, node.id))}
                top={item.start}
                at={item.index}
                selected={node.id === selected}
                closed={closed.has(node.id)}
                onSelect={onSelect}
                onToggle={toggle}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

function visibleRows(root: PlanNode, closed: ReadonlySet<number>): PlanNode[] {
  const rows: PlanNode[] = [];
  const visit = (node: PlanNode): void => {
    rows.push(node);
    if (!closed.has(node.id)) for (const child of node.children) visit(child);
  };
  visit(root);
  return rows;
}

function Header({ metric, columns: { grid, shown } }: { metric: Metric; columns: Columns }) {
  const heads: readonly (readonly [name: string, where?: string])[] = [
    ['Node'],
    [`${metricLabels[metric]} of its own`],
    ['With below', shown.below],
    ['Rows', shown.rows],
    ['Expected', shown.expected],
    ['Loops', shown.loops],
    ['Pages of its own', shown.pages],
    ['Cost', shown.cost],
  ];
  return (
    <div role="rowgroup" className="sticky top-0 z-10 border-b border-line bg-canvas text-2xs font-medium text-muted">
      <div role="row" className={cx('grid h-7 items-center', grid)}>
        {heads.map(([name, where], at) => (
          <span key={name} role="columnheader" className={cx('truncate px-2', at > 1 && 'text-right', where)}>
            {name}
          </span>
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  readonly columns: Columns;
  readonly model: PlanModel;
  readonly node: PlanNode;
  readonly metric: Metric;
  readonly share: number;
  readonly top: number;
  readonly at: number;
  readonly selected: boolean;
  readonly closed: boolean;
  readonly onSelect: (id: number) => void;
  readonly onToggle: (id: number, close: boolean) => void;
}

function Row({
  columns: { grid, shown },
  model,
  node,
  metric,
  share,
  top,
  at,
  selected,
  closed,
  onSelect,
  onToggle,
}: RowProps) {
  const figure = figureOf(model.figures, node.id);
  const Arrow = closed ? ChevronRight : ChevronDown;
  const pages = pagesOf(figure.exclusiveBuffers);
  const subplan = subplanText(node);
  const findings = model.findingsByNode.get(node.id) ?? [];
  const number = 'truncate px-2 text-right tabular-nums';
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys for all its rows
    <div
      role="row"
      aria-level={figure.depth + 1}
      aria-rowindex={at + 2}
      aria-selected={selected}
      aria-expanded={node.children.length > 0 ? !closed : undefined}
      data-node={node.id}
      onClick={() => onSelect(node.id)}
      className={cx(
        'absolute top-0 left-0 grid w-full items-center border-b border-line text-xs',
        grid,
        selected ? 'bg-selected' : 'hover:bg-hover',
        node.neverExecuted && 'text-muted',
      )}
      style={{ height: rowPx, transform: `translateY(${top}px)` }}
    >
      <span
        role="gridcell"
        className="flex min-w-0 items-center gap-1.5 overflow-hidden pr-2"
        title={visibleText(titleOf(node))}
        style={{ paddingLeft: 6 + figure.depth * 14 }}
      >
        <span
          aria-hidden
          className="flex size-4 shrink-0 items-center justify-center text-muted"
          onClick={(event) => {
            event.stopPropagation();
            if (node.children.length > 0) onToggle(node.id, !closed);
          }}
        >
          {node.children.length > 0 && <Arrow size={14} strokeWidth={1.75} />}
        </span>
        {subplan && <span className="shrink-0 text-accent">{subplan}</span>}
        <span className="shrink-0 font-medium">{node.label}</span>
        <span className="min-w-8 truncate text-muted empty:min-w-0">
          {visibleText(targetOf(node))}
          {node.index && node.relation && ` · ${visibleText(node.index)}`}
        </span>
        {/* Those that do not fit wrap out of sight; a finding stays. */}
        <span
          className={cx(
            'flex h-4 shrink-[99] flex-wrap gap-1.5 overflow-hidden',
            findings.length > 0 ? 'min-w-14' : 'min-w-0',
          )}
        >
          <NodeBadges node={node} figure={figure} findings={findings} />
        </span>
      </span>
      <span role="gridcell" className="flex items-center gap-2 px-2">
        <span aria-hidden className="h-2 w-16 shrink-0 overflow-hidden rounded-full bg-sunken">
          <span
            className={cx('block h-full', severityFill[severityOf(share, metric)])}
            style={{ width: `${share * 100}%` }}
          />
        </span>
        <span className="truncate tabular-nums">{metricText(metricOf(figure, metric), metric)}</span>
      </span>
      <span role="gridcell" className={cx(number, shown.below)}>
        {figure.inclusiveMs === null ? '' : shownMs(figure.inclusiveMs)}
      </span>
      <span role="gridcell" className={cx(number, shown.rows)}>
        {rowsText(figure)}
      </span>
      <span role="gridcell" className={cx(number, 'text-muted', shown.expected)}>
        {figure.plannedRowsTotal === null ? '' : shownCount(figure.plannedRowsTotal)}
      </span>
      <span role="gridcell" className={cx(number, shown.loops)}>
        {node.actual ? shownCount(node.actual.loops) : ''}
      </span>
      <span role="gridcell" className={cx(number, shown.pages)}>
        {pages ? pagesText(pages) : ''}
      </span>
      <span role="gridcell" className={cx(number, 'text-muted', shown.cost)}>
        {node.totalCost === null ? '' : shownCount(node.totalCost)}
      </span>
    </div>
  );
}
