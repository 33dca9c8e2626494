import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import type { DiagramTable } from '../../../shared/api/diagrams.ts';
import { shownCount } from '../../ui/amounts.ts';
import { cx } from '../../ui/class-names.ts';
import { TextInput } from '../../ui/field.tsx';
import { visibleText } from '../../ui/visible-text.ts';

const rowPx = 26;

export interface TableListProps {
  readonly tables: readonly DiagramTable[];
  readonly selected: ReadonlySet<string>;
  readonly marks: ReadonlyMap<string, 'added' | 'changed'>;
  /** Chosen here: the diagram flies to it. `adds`: what is selected stays so. */
  readonly onGo: (id: string, adds: boolean) => void;
}

/** The tables that are shown, by name: to search, to go to, and for who cannot see the drawing. */
export function TableList({ tables, selected, marks, onGo }: TableListProps) {
  const [text, setText] = useState('');
  const scroller = useRef<HTMLDivElement>(null);
  const found = useMemo(() => matching(tables, text), [tables, text]);
  const rows = useVirtualizer({
    count: found.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 8,
  });
  const at = found.findIndex(({ id }) => selected.has(id));
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const next = event.key === 'Enter' ? Math.max(at, 0) : Math.min(found.length - 1, Math.max(0, at + step));
    const table = found[next];
    if ((step === 0 && event.key !== 'Enter') || !table) return;
    event.preventDefault();
    rows.scrollToIndex(next);
    onGo(table.id, event.shiftKey);
  };
  return (
    <section aria-label="Tables of the diagram" className="flex h-full min-h-0 flex-col bg-canvas">
      <div className="shrink-0 p-2">
        <TextInput
          type="search"
          aria-label="Find a table or column"
          placeholder="Find a table or column"
          data-focus="diagram-search"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      <div ref={scroller} className="min-h-0 flex-1 overflow-auto">
        <div
          role="listbox"
          aria-multiselectable
          aria-label="Tables"
          tabIndex={0}
          className="relative"
          style={{ height: rows.getTotalSize() }}
          onKeyDown={onKeyDown}
        >
          {rows.getVirtualItems().map(({ index, start }) => {
            const table = found[index];
            if (!table) return null;
            const mark = marks.get(table.id);
            return (
              <button
                key={table.id}
                type="button"
                role="option"
                aria-selected={selected.has(table.id)}
                tabIndex={-1}
                style={{ top: start, height: rowPx }}
                className={cx(
                  'absolute inset-x-0 flex items-center gap-2 px-3 text-left text-xs',
                  selected.has(table.id) ? 'bg-selected' : 'hover:bg-hover',
                )}
                onClick={(event) => onGo(table.id, event.shiftKey || event.ctrlKey || event.metaKey)}
              >
                <span className="min-w-0 flex-1 truncate">
                  {visibleText(table.name)}
                  <span className="pl-1.5 text-faint">{visibleText(table.schema)}</span>
                </span>
                {mark && (
                  <span className={cx('text-2xs', mark === 'added' ? 'text-success' : 'text-warning')}>
                    {mark === 'added' ? 'new' : 'changed'}
                  </span>
                )}
              </button>
            );
          })}
        </div>
        {found.length === 0 && (
          <p className="px-3 py-2 text-xs text-muted">No table or column of that name is shown.</p>
        )}
      </div>
      <p className="shrink-0 border-t border-line px-3 py-1.5 text-2xs text-muted">
        {shownCount(found.length)} of {shownCount(tables.length)} {tables.length === 1 ? 'table' : 'tables'}
      </p>
    </section>
  );
}

/** Names that begin so first, then those that contain it, then tables with such a column. */
function matching(tables: readonly DiagramTable[], text: string): readonly DiagramTable[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return tables;
  const rank = ({ schema, name, columns }: DiagramTable): number => {
    const own = name.toLowerCase();
    if (own.startsWith(wanted)) return 0;
    if (`${schema.toLowerCase()}.${own}`.includes(wanted)) return 1;
    return columns.some((column) => column.name.toLowerCase().includes(wanted)) ? 2 : 3;
  };
  return tables
    .map((table) => ({ table, order: rank(table) }))
    .filter(({ order }) => order < 3)
    .sort((a, b) => a.order - b.order)
    .map(({ table }) => table);
}
