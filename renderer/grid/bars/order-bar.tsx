import { ArrowDown, ArrowUp, ListFilter, LoaderCircle, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { visibleText } from '../../ui/visible-text.ts';
import type { GridColumn, GridFilter, GridSort } from '../grid-source.ts';
import { filterText } from './filter-text.ts';

export interface OrderBarProps {
  readonly columns: readonly GridColumn[];
  readonly sort: readonly GridSort[];
  readonly filters: readonly GridFilter[];
  readonly rowCount: number;
  readonly busy: boolean;
  readonly failure: string | null;
  readonly onChange: (sort: readonly GridSort[], filters: readonly GridFilter[]) => void;
}

function Chip({
  icon,
  label,
  removeLabel,
  onRemove,
}: {
  icon: ReactNode;
  label: string;
  removeLabel: string;
  onRemove: () => void;
}) {
  return (
    <span className="inline-flex h-5 min-w-0 max-w-80 items-center gap-1 rounded-sm bg-accent-soft pl-1.5 text-xs text-ink">
      {icon}
      <span className="truncate">{label}</span>
      <button
        type="button"
        aria-label={removeLabel}
        title={removeLabel}
        onClick={onRemove}
        className="flex h-5 w-5 shrink-0 items-center justify-center rounded-sm text-muted hover:bg-selected hover:text-ink"
      >
        <X size={12} strokeWidth={2} />
      </button>
    </span>
  );
}

/** Says in which order the rows stand and which are left out, and that this concerns the fetched rows only. */
export function OrderBar({ columns, sort, filters, rowCount, busy, failure, onChange }: OrderBarProps) {
  if (sort.length === 0 && filters.length === 0 && !busy && !failure) return null;
  return (
    <section
      aria-label="Sort and filter of the fetched rows"
      className="flex min-h-8 shrink-0 flex-wrap items-center gap-1.5 border-b border-line bg-canvas px-2 py-1"
    >
      {sort.map((one) => (
        <Chip
          key={one.column}
          icon={one.descending ? <ArrowDown size={12} aria-hidden /> : <ArrowUp size={12} aria-hidden />}
          label={visibleText(columns[one.column]?.name ?? '')}
          removeLabel={`No sort on ${visibleText(columns[one.column]?.name ?? '')}`}
          onRemove={() =>
            onChange(
              sort.filter((other) => other !== one),
              filters,
            )
          }
        />
      ))}
      {filters.map((filter) => (
        <Chip
          key={`${filter.column} ${filter.operator} ${filter.value}`}
          icon={<ListFilter size={12} className="shrink-0" aria-hidden />}
          label={filterText(filter, columns)}
          removeLabel={`Remove the filter ${filterText(filter, columns)}`}
          onRemove={() =>
            onChange(
              sort,
              filters.filter((other) => other !== filter),
            )
          }
        />
      ))}
      <span className="text-xs text-muted">
        {filters.length > 0 ? `${rowCount.toLocaleString('en-US')} of the fetched rows` : 'of the fetched rows'}
      </span>
      {sort.length + filters.length > 1 && (
        <button type="button" className="text-xs text-accent hover:underline" onClick={() => onChange([], [])}>
          Clear all
        </button>
      )}
      <span role="status" className="ml-auto inline-flex items-center gap-1.5 text-xs text-muted">
        {busy && (
          <>
            <LoaderCircle size={12} className="animate-spin" aria-hidden /> Ordering
          </>
        )}
      </span>
      {failure && (
        <span role="alert" className="selectable w-full text-xs text-danger">
          {failure}
        </span>
      )}
    </section>
  );
}
