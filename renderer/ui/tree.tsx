import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronDown, ChevronRight, LoaderCircle } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import { cx } from './class-names.ts';
import { ContextMenu, type MenuEntry } from './menu.tsx';
import { findByPrefix, type TreeMove, treeMove } from './tree-keys.ts';

/** One line, already in its place: the caller decides what is open, the tree only shows and steers. */
export interface TreeRow {
  readonly key: string;
  /** 0 at the root. */
  readonly depth: number;
  readonly label: string;
  readonly icon?: ReactNode;
  /** Behind the label, dimmed. */
  readonly detail?: string;
  /** At the end of the line. */
  readonly note?: string;
  readonly title?: string;
  readonly expandable: boolean;
  readonly expanded: boolean;
  readonly busy?: boolean;
  readonly dimmed?: boolean;
  /** It can be dragged onto another line, where the tree has `onMove`. */
  readonly draggable?: boolean;
}

export interface TreeProps {
  readonly label: string;
  readonly rows: readonly TreeRow[];
  readonly selectedKey: string | null;
  readonly onSelect: (key: string) => void;
  readonly onToggle: (key: string, expand: boolean) => void;
  /** Enter or double click. */
  readonly onOpen: (key: string) => void;
  readonly menu?: (key: string) => readonly MenuEntry[];
  /** A line was dragged onto another one, or onto the room below all (null). For the mouse: offer a key's way, too. */
  readonly onMove?: (key: string, overKey: string | null) => void;
  /** A list: nothing opens, so no room is kept for arrows. */
  readonly flat?: boolean;
}

const rowPx = 24;
const indentPx = 14;
/** Letters typed within this time are one prefix. */
const typeAheadMs = 700;

/** A virtualised tree with the keyboard of the platform: arrows, Home, End, pages, Enter, and typing a label's beginning. */
export function Tree({ label, rows, selectedKey, onSelect, onToggle, onOpen, menu, onMove, flat }: TreeProps) {
  const dragged = useRef<string | null>(null);
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 12,
  });
  const selectedAt = selectedKey === null ? -1 : rows.findIndex((row) => row.key === selectedKey);
  useEffect(() => {
    if (selectedAt >= 0) virtual.scrollToIndex(selectedAt);
  }, [selectedAt, virtual]);
  const onKeyDown = useTreeKeys({
    rows,
    selectedAt,
    onSelect,
    onToggle,
    onOpen,
    pageRows: () => Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowPx) - 1),
  });
  const tree = (
    <div
      ref={scroller}
      role="tree"
      aria-label={label}
      aria-activedescendant={selectedAt >= 0 ? `${id}-${selectedAt}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onDragStart={(event) => {
        dragged.current = keyUnder(event.target);
      }}
      onDragOver={(event) => onMove && dragged.current !== null && event.preventDefault()}
      onDrop={(event) => {
        const key = dragged.current;
        dragged.current = null;
        const over = keyUnder(event.target);
        if (!onMove || key === null || key === over) return;
        event.preventDefault();
        onMove(key, over);
      }}
      onContextMenu={(event) => {
        const key = keyUnder(event.target);
        if (key !== null) onSelect(key);
        else if (selectedAt < 0) event.preventDefault();
      }}
      className="h-full overflow-auto outline-offset-[-2px]"
    >
      <div role="presentation" className="relative w-full" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          return (
            row && (
              <Line
                key={row.key}
                id={`${id}-${item.index}`}
                row={row}
                top={item.start}
                selected={item.index === selectedAt}
                flat={flat}
                at={item.index}
                count={rows.length}
                onSelect={onSelect}
                onToggle={onToggle}
                onOpen={onOpen}
              />
            )
          );
        })}
      </div>
    </div>
  );
  if (!menu) return tree;
  return <ContextMenu items={() => (selectedKey === null ? [] : menu(selectedKey))}>{tree}</ContextMenu>;
}

const keyUnder = (target: EventTarget): string | null =>
  target instanceof Element ? (target.closest('[data-key]')?.getAttribute('data-key') ?? null) : null;

interface LineProps extends Pick<TreeProps, 'onSelect' | 'onToggle' | 'onOpen'> {
  readonly id: string;
  readonly row: TreeRow;
  readonly top: number;
  readonly selected: boolean;
  readonly flat: boolean | undefined;
  readonly at: number;
  readonly count: number;
}
function Line({ id, row, top, selected, flat, at, count, onSelect, onToggle, onOpen }: LineProps) {
  const Arrow = row.expanded ? ChevronDown : ChevronRight;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: focus stays on the tree, which names the active line
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys for all its lines
    <div
      id={id}
      data-key={row.key}
      role="treeitem"
      draggable={row.draggable}
      aria-level={row.depth + 1}
      aria-selected={selected}
      aria-expanded={row.expandable ? row.expanded : undefined}
      aria-posinset={at + 1}
      aria-setsize={count}
      aria-busy={row.busy || undefined}
      title={row.title}
      onClick={() => onSelect(row.key)}
      onDoubleClick={() => onOpen(row.key)}
      className={cx(
        'absolute top-0 left-0 flex w-full items-center gap-1.5 pr-2 text-xs whitespace-nowrap',
        selected ? 'bg-selected' : 'hover:bg-hover',
      )}
      style={{ height: rowPx, transform: `translateY(${top}px)`, paddingLeft: 6 + row.depth * indentPx }}
    >
      {!flat && (
        <span
          aria-hidden
          className="flex size-4 shrink-0 items-center justify-center text-faint hover:text-ink"
          onClick={(event) => {
            if (!row.expandable) return;
            event.stopPropagation();
            onToggle(row.key, !row.expanded);
          }}
        >
          {row.busy ? (
            <LoaderCircle size={12} className="animate-spin" />
          ) : (
            row.expandable && <Arrow size={14} strokeWidth={1.75} />
          )}
        </span>
      )}
      {row.icon && (
        <span aria-hidden className="flex size-4 shrink-0 items-center justify-center text-muted">
          {row.icon}
        </span>
      )}
      <span className={cx('min-w-0 shrink truncate', row.dimmed && 'text-muted')}>{row.label}</span>
      {/* It takes what the label leaves: with a width of its own the label would lose a fraction of a pixel, and its end. */}
      {row.detail && (
        <span className={cx('min-w-0 flex-1 truncate', selected ? 'text-muted' : 'text-faint')}>{row.detail}</span>
      )}
      {row.note && (
        <span className={cx('ml-auto pl-2 text-2xs tabular-nums', selected ? 'text-muted' : 'text-faint')}>
          {row.note}
        </span>
      )}
    </div>
  );
}

interface Keys extends Pick<TreeProps, 'rows' | 'onSelect' | 'onToggle' | 'onOpen'> {
  readonly selectedAt: number;
  readonly pageRows: () => number;
}
function useTreeKeys({ rows, selectedAt, onSelect, onToggle, onOpen, pageRows }: Keys) {
  const typed = useRef({ text: '', atMs: 0 });
  /** @param now when the key was pressed, which a busy page hears of later */
  const typedMove = (letter: string, now: number): TreeMove | null => {
    const { text, atMs } = typed.current;
    const prefix = now - atMs < typeAheadMs ? text + letter : letter;
    typed.current = { text: prefix, atMs: now };
    const at = findByPrefix(rows, prefix, prefix.length > 1 ? selectedAt : selectedAt + 1);
    return { do: 'go', at: at >= 0 ? at : selectedAt };
  };
  return (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isLetter = event.key.length === 1 && event.key !== ' ';
    const move = isLetter ? typedMove(event.key, event.timeStamp) : treeMove(event.key, rows, selectedAt, pageRows());
    if (!move) return;
    event.preventDefault();
    if (!isLetter) typed.current = { text: '', atMs: 0 };
    const at = move.do === 'go' ? Math.min(rows.length - 1, Math.max(0, move.at)) : selectedAt;
    const row = rows[at];
    if (!row) return;
    if (move.do === 'go') onSelect(row.key);
    else if (move.do === 'toggle') onToggle(row.key, move.expand);
    else onOpen(row.key);
  };
}
