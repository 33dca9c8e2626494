import { useMemo } from 'react';
import { figureOf } from '../../../../shared/plan/figures.ts';
import { titleOf } from '../../../../shared/plan/plan.ts';
import { cx } from '../../../ui/class-names.ts';
import { EmptyState } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { scaleOf, severityOf, shownMs } from '../metrics.ts';
import type { PlanModel, ViewProps } from '../plan-model.ts';

interface Bar {
  readonly id: number;
  readonly level: number;
  /** Parts of the whole, 0 to 1. */
  readonly from: number;
  readonly width: number;
}

const rowPx = 24;
/** Narrower than this one could neither read nor hit. */
const narrowest = 0.0015;
const fills = {
  none: 'bg-sunken text-muted',
  low: 'bg-accent-soft text-ink',
  medium: 'bg-warning-soft text-ink',
  high: 'bg-danger-soft text-ink',
};

/** Time as width: each node spans what it and all that it pays for took; what it pays for lies below it. */
export function PlanFlame({ model, selected, onSelect }: ViewProps) {
  const bars = useMemo(() => barsOf(model), [model]);
  const scale = useMemo(() => scaleOf(model.figures, 'time'), [model]);
  if (bars.length === 0)
    return <EmptyState title="No times">Only a plan made with ANALYZE and TIMING has them.</EmptyState>;
  const levels = Math.max(...bars.map(({ level }) => level)) + 1;
  return (
    <div className="h-full overflow-auto p-3">
      <ul aria-label="Time of each node" className="relative" style={{ height: levels * rowPx }}>
        {bars.map(({ id, level, from, width }) => {
          const node = model.plan.nodes[id];
          const figure = figureOf(model.figures, id);
          if (!node) return null;
          const title = `${titleOf(node)}: ${shownMs(figure.inclusiveMs ?? 0)}, ${shownMs(figure.exclusiveMs ?? 0)} of its own`;
          return (
            <li
              key={id}
              className="absolute"
              style={{ left: `${from * 100}%`, width: `${width * 100}%`, top: level * rowPx, height: rowPx }}
            >
              <button
                type="button"
                title={visibleText(title)}
                aria-label={visibleText(title)}
                onClick={() => onSelect(id)}
                className={cx(
                  'block h-full w-full truncate border border-surface px-1.5 text-left text-xs',
                  fills[severityOf(scale.share(figure), 'time')],
                  id === selected && 'outline-2 -outline-offset-2 outline-accent',
                )}
              >
                {width > 0.03 && visibleText(`${titleOf(node)}  ${shownMs(figure.inclusiveMs ?? 0)}`)}
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** A node's width is its own time and that of those it pays for, so that bars never overlap. */
function barsOf({ plan, figures }: PlanModel): Bar[] {
  const spans = plan.nodes.map(({ id }) => figureOf(figures, id).exclusiveMs ?? 0);
  const order: number[] = [];
  const visit = (id: number): void => {
    order.push(id);
    for (const part of figures.charge.paid[id] ?? []) visit(part);
  };
  const tops = [plan.root.id, ...figures.charge.outside];
  for (const top of tops) visit(top);
  for (const id of order.toReversed()) {
    const payer = figures.charge.payer[id] ?? null;
    if (payer !== null) spans[payer] = (spans[payer] ?? 0) + (spans[id] ?? 0);
  }
  const whole = tops.reduce((sum, id) => sum + (spans[id] ?? 0), 0);
  if (whole === 0) return [];
  const bars: Bar[] = [];
  const put = (id: number, level: number, from: number): void => {
    const width = (spans[id] ?? 0) / whole;
    if (width < narrowest) return;
    bars.push({ id, level, from, width });
    let next = from;
    for (const part of figures.charge.paid[id] ?? []) {
      put(part, level + 1, next);
      next += (spans[part] ?? 0) / whole;
    }
  };
  let from = 0;
  for (const top of tops) {
    put(top, 0, from);
    from += (spans[top] ?? 0) / whole;
  }
  return bars;
}
