import './grid.css';
import { ArrowDown, ArrowUp, X } from 'lucide-react';
import { useCallback, useDeferredValue, useEffect, useState, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { IconButton } from '../ui/button.tsx';
import { cx } from '../ui/class-names.ts';
import { TextInput } from '../ui/field.tsx';
import { visibleText } from '../ui/visible-text.ts';
import type { GridColumn, GridRow, GridSource } from './grid-source.ts';
import type { GridState } from './grid-state.ts';
import { sizeText } from './model/cell-text.ts';
import { selectCell } from './model/selection.ts';
import { CellLine } from './value/marked-text.tsx';

export interface RecordViewProps {
  readonly label: string;
  readonly source: GridSource;
  /** The grid's: the row shown is that of its cursor, the columns are in its order. */
  readonly state: GridState;
  readonly onOpenValue?: (row: number, column: number) => void;
  readonly onClose?: () => void;
}

const MOST_CHARS = 400;

/** One row turned on its side: a line for each column. */
export function RecordView({ label, source, state, onOpenValue, onClose }: RecordViewProps) {
  const wanted = useStore(state, (now) => now.selection.active.row);
  const order = useStore(state, (now) => now.layout.order);
  const subscribe = useCallback((changed: () => void) => source.subscribe(changed), [source]);
  const rowCount = useSyncExternalStore(subscribe, () => source.rowCount);
  const row = Math.max(0, Math.min(wanted, rowCount - 1));
  const data = useSyncExternalStore(subscribe, () => source.row(row));
  const failure = useSyncExternalStore(subscribe, () => source.failureAt(row));
  const [filter, setFilter] = useState('');
  const looked = useDeferredValue(filter.toLowerCase());
  useEffect(() => {
    source.request(row, 1, 'record');
    return () => source.request(row, 0, 'record');
  }, [source, row]);
  const go = (to: number) => {
    if (to < 0 || to >= rowCount) return;
    state.setState({ selection: selectCell({ row: to, position: state.getState().selection.active.position }) });
  };
  const shown = order.filter((column) => source.columns[column]?.name.toLowerCase().includes(looked));
  return (
    <section
      aria-label={`${label}, record`}
      className="flex h-full min-h-0 min-w-0 flex-col bg-surface"
      onKeyDown={(event) => {
        const step = event.key === 'PageDown' ? 1 : event.key === 'PageUp' ? -1 : 0;
        if (event.altKey && step !== 0) {
          event.preventDefault();
          go(row + step);
        } else if (event.key === 'Escape' && onClose) {
          event.stopPropagation();
          onClose();
        }
      }}
    >
      <header className="flex h-9 shrink-0 items-center gap-1 border-b border-line px-2">
        <IconButton
          label="Previous row"
          keys="Alt+PgUp"
          disabled={row <= 0}
          icon={<ArrowUp size={16} strokeWidth={1.75} />}
          onClick={() => go(row - 1)}
        />
        <IconButton
          label="Next row"
          keys="Alt+PgDn"
          disabled={row >= rowCount - 1}
          icon={<ArrowDown size={16} strokeWidth={1.75} />}
          onClick={() => go(row + 1)}
        />
        <span role="status" className="shrink-0 px-1 text-xs text-muted tabular-nums">
          {rowCount === 0
            ? 'No rows'
            : `Row ${(row + 1).toLocaleString('en-US')} of ${rowCount.toLocaleString('en-US')}`}
        </span>
        <TextInput
          aria-label="Show columns whose name contains"
          placeholder="Column name"
          className="ml-auto max-w-44 min-w-16"
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
        {onClose && <IconButton label="Close the record" icon={<X size={16} strokeWidth={1.75} />} onClick={onClose} />}
      </header>
      {failure && <p className="p-2 text-xs text-danger">{failure}</p>}
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        tabIndex={0}
        aria-label="Columns and values"
        className="min-h-0 flex-1 overflow-auto"
      >
        <table className="w-full table-fixed border-collapse text-xs">
          <colgroup>
            <col style={{ width: 'min(38%, 240px)' }} />
            <col />
          </colgroup>
          <tbody>
            {shown.map((column) => (
              <Line
                key={column}
                info={source.columns[column]}
                row={data}
                column={column}
                onOpen={onOpenValue && (() => onOpenValue(row, column))}
              />
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

interface LineProps {
  readonly info: GridColumn | undefined;
  readonly row: GridRow | undefined;
  readonly column: number;
  readonly onOpen?: () => void;
}

function Line({ info, row, column, onOpen }: LineProps) {
  return (
    <tr className="h-[26px] border-b border-line hover:bg-hover">
      <th scope="row" className="border-r border-line bg-canvas px-2 text-left font-normal">
        <div className="flex items-baseline gap-2">
          <span className="shrink-0 max-w-[70%] truncate font-medium">{visibleText(info?.name ?? '')}</span>
          <span className="min-w-0 truncate text-2xs text-faint">{visibleText(info?.typeName ?? '')}</span>
        </div>
      </th>
      <td className={cx('px-2', info?.category === 'N' && 'tabular-nums')}>
        {onOpen ? (
          <button
            type="button"
            title="Show the value"
            onClick={onOpen}
            className="selectable block h-[25px] w-full truncate text-left leading-[25px]"
          >
            <span className="sr-only">Show the value of {visibleText(info?.name ?? '')}: </span>
            <LineValue row={row} column={column} />
          </button>
        ) : (
          <div className="selectable truncate leading-[25px]">
            <LineValue row={row} column={column} />
          </div>
        )}
      </td>
    </tr>
  );
}

function LineValue({ row, column }: { row: GridRow | undefined; column: number }) {
  if (!row) return <span className="text-faint">…</span>;
  const value = row.cells[column];
  if (value === null || value === undefined) return <span className="text-[10.5px] text-faint italic">NULL</span>;
  const size = row.cut?.get(column);
  return (
    <>
      {row.invalid?.has(column) && <span className="hg-mark hg-warn">invalid UTF-8</span>}
      {size !== undefined && <span className="hg-size">{sizeText(size)}</span>}
      <CellLine text={value} mostChars={MOST_CHARS} cut={size !== undefined} />
    </>
  );
}
