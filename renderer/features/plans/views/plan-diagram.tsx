import { useCallback, useMemo } from 'react';
import { figureOf } from '../../../../shared/plan/figures.ts';
import { targetOf } from '../../../../shared/plan/plan.ts';
import { TreeDiagram } from '../../../diagram/tree-diagram.tsx';
import { cx } from '../../../ui/class-names.ts';
import { visibleText } from '../../../ui/visible-text.ts';
import { type Metric, metricOf, metricText, rowsText, scaleOf, severityFill, severityOf } from '../metrics.ts';
import { NodeBadges } from '../node-badges.tsx';
import { subplanText, type ViewProps } from '../plan-model.ts';

const mapColors = { none: 'var(--line-strong)', low: 'var(--accent)', medium: 'var(--warning)', high: 'var(--danger)' };

/** The plan as a tree of boxes; the thicker a line, the more rows came along it. */
export function PlanDiagram({ model, metric, selected, onSelect }: ViewProps & { metric: Metric }) {
  const { plan, figures, findingsByNode } = model;
  const scale = useMemo(() => scaleOf(figures, metric), [figures, metric]);
  const mostRows = useMemo(
    () => Math.max(1, ...figures.nodes.map(({ rowsTotal, plannedRowsTotal }) => rowsTotal ?? plannedRowsTotal ?? 0)),
    [figures],
  );
  const draw = useCallback(
    (id: number, isSelected: boolean) => {
      const node = plan.nodes[id];
      if (!node) return null;
      const figure = figureOf(figures, id);
      const share = scale.share(figure);
      const severity = severityOf(share, metric);
      const target = targetOf(node);
      return (
        <div
          className={cx(
            'flex h-full flex-col overflow-hidden rounded-md border bg-raised',
            isSelected ? 'border-accent ring-1 ring-accent' : 'border-line-strong',
            node.neverExecuted && 'opacity-55',
          )}
        >
          <div className="flex min-h-0 flex-1 flex-col px-2 py-1.5">
            <div className="flex items-baseline gap-1.5">
              <span className="truncate text-xs font-semibold">{node.label}</span>
              <span className="ml-auto shrink-0 text-xs tabular-nums">
                {metricText(metricOf(figure, metric), metric)}
              </span>
            </div>
            <div className="truncate text-2xs text-muted">
              {subplanText(node) && <span className="mr-1 text-accent">{subplanText(node)}</span>}
              {visibleText(target)}
              {node.index && node.relation && <span> · {visibleText(node.index)}</span>}
            </div>
            <div className="mt-auto flex items-center gap-1 overflow-hidden">
              <NodeBadges node={node} figure={figure} findings={findingsByNode.get(id) ?? []} />
            </div>
          </div>
          <div className="h-1 bg-sunken">
            <div className={cx('h-full', severityFill[severity])} style={{ width: `${share * 100}%` }} />
          </div>
        </div>
      );
    },
    [plan, figures, findingsByNode, scale, metric],
  );
  const edge = useCallback(
    (id: number) => {
      const figure = figureOf(figures, id);
      const rows = figure.rowsTotal ?? figure.plannedRowsTotal ?? 0;
      return {
        widthPx: 1 + (7 * Math.log1p(rows)) / Math.log1p(mostRows),
        label: figure.rowsTotal === null ? undefined : rowsText(figure),
      };
    },
    [figures, mostRows],
  );
  const mapColor = useCallback(
    (id: number) => mapColors[severityOf(scale.share(figureOf(figures, id)), metric)],
    [figures, scale, metric],
  );
  return (
    <TreeDiagram
      label="Plan diagram"
      root={plan.root}
      widthPx={232}
      heightPx={74}
      selected={selected}
      onSelect={onSelect}
      draw={draw}
      edge={edge}
      mapColor={mapColor}
    />
  );
}
