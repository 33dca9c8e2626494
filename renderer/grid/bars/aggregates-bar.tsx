import { type ReactNode, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Aggregates, GridRange, GridSource } from '../grid-source.ts';
import type { GridState } from '../grid-state.ts';
import { countCells, toRanges } from '../model/selection.ts';

export interface AggregatesBarProps {
  readonly source: GridSource;
  readonly rowCount: number;
  readonly state: GridState;
  readonly onAggregate?: (ranges: readonly GridRange[], signal: AbortSignal) => Promise<Aggregates>;
  /** At the left: what the owner has to say about the result. */
  readonly children?: ReactNode;
}

/** A selection is added up once it has stood still for as long. */
const CALM_MS = 150;

type Answer = {
  readonly of: GridSource;
  readonly key: string;
  readonly values?: Aggregates;
  readonly failure?: string;
};

const whole = (value: number) => value.toLocaleString('en-US');

/** Count, sum, average, least and greatest of the selected cells. */
export function AggregatesBar({ source, rowCount, state, onAggregate, children }: AggregatesBarProps) {
  const selection = useStore(state, (now) => now.selection);
  const layout = useStore(state, (now) => now.layout);
  const sort = useStore(state, (now) => now.sort);
  const filters = useStore(state, (now) => now.filters);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const cells = countCells(selection, { rows: rowCount, positions: layout.visible.length });
  const ranges = cells > 1 ? toRanges(selection, layout.visible, rowCount) : [];
  const key = JSON.stringify([ranges, sort, filters]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the ranges; another source is another result
  useEffect(() => {
    if (!onAggregate || ranges.length === 0) return;
    const control = new AbortController();
    const timer = setTimeout(() => {
      onAggregate(ranges, control.signal).then(
        (values) => !control.signal.aborted && setAnswer({ of: source, key, values }),
        (thrown) =>
          !control.signal.aborted &&
          setAnswer({ of: source, key, failure: thrown instanceof Error ? thrown.message : String(thrown) }),
      );
    }, CALM_MS);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [key, source]);
  const shown = answer?.of === source && answer.key === key ? answer : null;
  return (
    <div className="flex h-[26px] shrink-0 items-center gap-4 overflow-hidden border-t border-line bg-canvas px-2 text-xs text-muted">
      <div className="min-w-0 flex-1 truncate">{children}</div>
      <div role="status" aria-label="Selection" className="flex min-w-0 items-center gap-3">
        {cells > 1 && <span>{whole(cells)} cells</span>}
        {shown?.failure && <span className="truncate text-danger">{shown.failure}</span>}
        {cells > 1 && shown?.values && <Values values={shown.values} />}
      </div>
    </div>
  );
}

function Values({ values }: { values: Aggregates }) {
  const figures: readonly (readonly [string, string | null])[] = [
    ['Sum', values.sum],
    ['Avg', values.average],
    ['Min', values.min],
    ['Max', values.max],
    ['Distinct', values.distinct === null ? null : whole(values.distinct)],
    ['NULL', values.nulls > 0 ? whole(values.nulls) : null],
  ];
  return figures.map(([name, value]) =>
    value === null ? null : (
      <span key={name} className="flex min-w-0 gap-1">
        <span>{name}</span>
        <span className="selectable max-w-52 truncate font-medium text-ink tabular-nums" title={value}>
          {value}
        </span>
      </span>
    ),
  );
}
