// biome-ignore-all lint/a11y/useSemanticElements: rows laid out by place cannot be the elements of a table
/** A table of many short rows: sorted by a click, virtualised, steered with the keyboard. Each row is chosen as a whole. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { cx } from '../../../../ui/class-names.ts';
import { morePx, useFitting } from './fitting.ts';
import { type SortBy, sorted } from './sorted.ts';

export interface Column<Row> {
  readonly key: string;
  readonly label: string;
  /** Said when one points at the head: what the column means. */
  readonly title?: string;
  readonly widthPx: number;
  /** Takes what the others leave; `widthPx` is the least. */
  readonly grows?: boolean;
  /** So wide it should be before a spare one is kept. */
  readonly wantsPx?: number;
  readonly right?: boolean;
  /** Left out where there is no room for all, the highest first, until one asks for all. */
  readonly spare?: number;
  /** What it is sorted by, and what is shown where there is no `cell`. */
  readonly value: (row: Row) => string | number | null;
  readonly cell?: (row: Row) => ReactNode;
}

export interface DataTableProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  readonly sort: SortBy;
  readonly onSort: (sort: SortBy) => void;
  /** The rows come sorted. */
  readonly presorted?: boolean;
  readonly selectedKey?: string | null;
  readonly onSelect?: (key: string | null) => void;
  /** Enter or double click. */
  readonly onOpen?: (row: Row) => void;
  /** Where there are no rows. */
  readonly empty: ReactNode;
}

const rowPx = 26;
const headPx = 26;
const pageRows = 20;

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, rowKey, sort, onSort, selectedKey = null, onSelect, onOpen, empty } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [all, setAll] = useState(false);
  const fitting = useFitting(scroller, props.columns, sort.key);
  const left = props.columns.filter((each) => !fitting.includes(each));
  const columns = all ? props.columns : fitting;
  const column = props.columns.find((each) => each.key === sort.key);
  const rows = useMemo(
    () => (props.presorted || !column ? props.rows : sorted(props.rows, column.value, sort.down)),
    [props.rows, props.presorted, column, sort.down],
  );
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    scrollMargin: headPx,
    overscan: 10,
  });
  const selectedAt = selectedKey === null ? -1 : rows.findIndex((row) => rowKey(row) === selectedKey);
  const steered = useRef(false);
  useEffect(() => {
    if (!steered.current || selectedAt < 0) return;
    steered.current = false;
    virtual.scrollToIndex(selectedAt);
  }, [selectedAt, virtual]);
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, number> = {
      ArrowDown: selectedAt + 1,
      ArrowUp: selectedAt < 0 ? 0 : selectedAt - 1,
      PageDown: selectedAt + pageRows,
      PageUp: selectedAt - pageRows,
      Home: 0,
      End: rows.length - 1,
    };
    const to = moves[event.key];
    const row = rows[to === undefined ? selectedAt : Math.min(rows.length - 1, Math.max(0, to))];
    if (to !== undefined && row && onSelect) {
      steered.current = true;
      onSelect(rowKey(row));
    } else if (event.key === 'Enter' && row && onOpen) onOpen(row);
    else if (event.key === 'Escape' && selectedKey !== null && onSelect) onSelect(null);
    else return;
    event.preventDefault();
  };
  const more = left.length > 0 ? morePx : 0;
  const template = columns
    .map((each) => (each.grows ? `minmax(${each.widthPx - more}px, 1fr)` : `${each.widthPx}px`))
    .concat(more > 0 ? `${more}px` : [])
    .join(' ');
  const least = columns.reduce((sum, each) => sum + each.widthPx, 0);
  return (
    <div
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
      aria-activedescendant={selectedAt >= 0 ? `${id}-${selectedAt}` : undefined}
      onKeyDown={onKeyDown}
      className="relative h-full overflow-auto text-xs"
    >
      <div style={{ minWidth: least }}>
        <Head columns={columns} template={template} sort={sort} onSort={onSort}>
          {left.length > 0 && <More labels={left.map((each) => each.label)} all={all} onAll={setAll} />}
        </Head>
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index] as Row;
            const key = rowKey(row);
            const selected = key === selectedKey;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keyboard
              // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
              <div
                key={key}
                id={`${id}-${index}`}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={selected}
                onClick={() => onSelect?.(key)}
                onDoubleClick={() => onOpen?.(row)}
                className={cx(
                  'absolute inset-x-0 grid items-center border-b border-line',
                  selected ? 'bg-selected' : 'hover:bg-hover',
                )}
                style={{ height: rowPx, gridTemplateColumns: template, transform: `translateY(${start - headPx}px)` }}
              >
                {columns.map((each) => (
                  // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
                  <div
                    key={each.key}
                    role="gridcell"
                    className={cx('min-w-0 truncate px-2', each.right && 'text-right tabular-nums')}
                  >
                    {each.cell ? each.cell(row) : (each.value(row) ?? '')}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
      {rows.length === 0 && <div className="px-4 py-8 text-center text-sm text-muted">{empty}</div>}
    </div>
  );
}

/** Says which columns there was no room for, and brings them: the table then scrolls sideways. */
function More({ labels, all, onAll }: { labels: readonly string[]; all: boolean; onAll: (all: boolean) => void }) {
  const sign = all ? `−${labels.length}` : `+${labels.length}`;
  const words = all ? 'columns: as many as fit' : `columns there is no room for: ${labels.join(', ')}`;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: its button has the focus
    <div role="columnheader">
      <button
        type="button"
        aria-label={`${sign} ${words}`}
        title={`${sign} ${words}`}
        onClick={() => onAll(!all)}
        className="h-6 w-full text-2xs text-muted tabular-nums hover:text-ink"
      >
        {sign}
      </button>
    </div>
  );
}

function Head<Row>({
  columns,
  template,
  sort,
  onSort,
  children,
}: {
  columns: readonly Column<Row>[];
  template: string;
  sort: SortBy;
  onSort: (sort: SortBy) => void;
  children: ReactNode;
}) {
  return (
    <div role="rowgroup" className="sticky top-0 z-10 border-b border-line-strong bg-canvas">
      {/* biome-ignore lint/a11y/useFocusableInteractive: its buttons have the focus */}
      <div
        role="row"
        aria-rowindex={1}
        className="grid items-center"
        style={{ height: headPx, gridTemplateColumns: template }}
      >
        {columns.map((each) => {
          const own = sort.key === each.key;
          return (
            // biome-ignore lint/a11y/useFocusableInteractive: its button has the focus
            <div
              key={each.key}
              role="columnheader"
              aria-sort={own ? (sort.down ? 'descending' : 'ascending') : undefined}
              className="min-w-0"
            >
              <button
                type="button"
                title={each.title}
                onClick={() => onSort({ key: each.key, down: own ? !sort.down : each.right === true })}
                className={cx(
                  'flex h-6 w-full items-center gap-1 px-2 font-medium text-muted hover:text-ink',
                  each.right && 'justify-end',
                  own && 'text-ink',
                )}
              >
                <span className="truncate">{each.label}</span>
                {own &&
                  (sort.down ? (
                    <ArrowDown size={12} strokeWidth={2} aria-hidden />
                  ) : (
                    <ArrowUp size={12} strokeWidth={2} aria-hidden />
                  ))}
              </button>
            </div>
          );
        })}
        {children}
      </div>
    </div>
  );
}
