import { ChevronDown, ChevronRight, Lock } from 'lucide-react';
import { type KeyboardEvent, useMemo } from 'react';
import { create } from 'zustand';
import type { ListedConnection } from '../../shared/api/connections.ts';
import { cx } from '../ui/class-names.ts';
import { TextInput } from '../ui/field.tsx';
import { ContextMenu, type MenuEntry } from '../ui/menu.tsx';
import { visibleText } from '../ui/visible-text.ts';
import { colorClass, environmentMark } from '../workspace/connection-look.ts';
import { useRecordings } from '../workspace/monitor/recordings.ts';
import { type ConnectionLine, connectionLines } from './connection-lines.ts';

export interface ConnectionListProps {
  readonly connections: readonly ListedConnection[];
  readonly currentId: string | null;
  readonly onChoose: (connection: ListedConnection) => void;
  /** Double click or Enter: a query tab on it. */
  readonly onOpen: (connection: ListedConnection) => void;
  readonly menu: (connection: ListedConnection) => readonly MenuEntry[];
}

/** Outlives the component, which is put elsewhere when a connection is chosen or goes. */
const useListState = create<{ readonly folded: ReadonlySet<string>; readonly typed: string }>(() => ({
  folded: new Set(),
  typed: '',
}));

/** Fewer than these are seen at a glance. */
const filterFrom = 8;
const indentPx = 12;

/** Up and down go from line to line, as in the tree below. */
function stepFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const lines = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-connection-line]')];
  const next = lines[lines.indexOf(document.activeElement as HTMLElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** Saved connections in their groups, each with its colour, tags and environment; many of them can be filtered. */
export function ConnectionList({ connections, currentId, onChoose, onOpen, menu }: ConnectionListProps) {
  const { folded, typed } = useListState();
  const setTyped = (text: string) => useListState.setState({ typed: text });
  const filter = connections.length < filterFrom ? '' : typed;
  const lines = useMemo(() => connectionLines(connections, folded, filter), [connections, folded, filter]);
  const toggle = (group: string) =>
    useListState.setState((now) => {
      const next = new Set(now.folded);
      if (!next.delete(group)) next.add(group);
      return { folded: next };
    });
  const first = lines.find((line) => line.kind === 'connection');
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys of the buttons within
    <div className="flex h-full flex-col" onKeyDown={stepFocus}>
      {connections.length >= filterFrom && (
        <div className="shrink-0 px-2 pb-1.5">
          <TextInput
            type="search"
            aria-label="Filter connections"
            placeholder="Filter by name, host, #tag…"
            data-connection-line
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setTyped('');
              if (event.key === 'Enter' && first) onChoose(first.connection);
            }}
          />
        </div>
      )}
      <div className="min-h-0 flex-1 overflow-auto pb-2">
        {lines.length === 0 && filter.trim() !== '' && (
          <p className="px-3 py-1 text-xs text-muted">No connection fits “{visibleText(filter.trim())}”.</p>
        )}
        <ul>
          {lines.map((line) =>
            line.kind === 'group' ? (
              <GroupRow key={`group:${line.path}`} line={line} onToggle={toggle} />
            ) : (
              <ConnectionRow
                key={line.connection.id}
                connection={line.connection}
                depth={line.depth}
                current={line.connection.id === currentId}
                onChoose={onChoose}
                onOpen={onOpen}
                menu={menu}
              />
            ),
          )}
        </ul>
      </div>
    </div>
  );
}

interface GroupRowProps {
  readonly line: Extract<ConnectionLine, { kind: 'group' }>;
  readonly onToggle: (path: string) => void;
}

function GroupRow({ line, onToggle }: GroupRowProps) {
  const Arrow = line.folded ? ChevronRight : ChevronDown;
  return (
    <li>
      <button
        type="button"
        data-connection-line
        aria-expanded={!line.folded}
        title={visibleText(line.path)}
        onClick={() => onToggle(line.path)}
        className="flex h-6 w-full items-center gap-1 pr-2 text-xs text-faint hover:text-ink"
        style={{ paddingLeft: 8 + line.depth * indentPx }}
      >
        <Arrow size={14} strokeWidth={1.75} className="shrink-0" aria-hidden />
        <span className="truncate">{visibleText(line.name)}</span>
        <span className="ml-auto pl-2 text-2xs tabular-nums">{line.count}</span>
      </button>
    </li>
  );
}

/** Says that the server is being recorded in the background. */
function RecordedMark({ connectionId }: { connectionId: string }) {
  const recorded = useRecordings(({ recordings }) =>
    recordings.some((each) => each.connectionId === connectionId && each.state === 'recording'),
  );
  if (!recorded) return null;
  return <span role="img" aria-label="is being recorded" className="size-1.5 shrink-0 rounded-full bg-danger" />;
}

interface ConnectionRowProps extends Pick<ConnectionListProps, 'onChoose' | 'onOpen' | 'menu'> {
  readonly connection: ListedConnection;
  readonly depth: number;
  readonly current: boolean;
}

function ConnectionRow({ connection, depth, current, onChoose, onOpen, menu }: ConnectionRowProps) {
  const { name, user, host, port, database, color, environment, readOnly } = connection;
  const mark = environmentMark[environment];
  const tags = connection.tags.map((tag) => `#${tag}`).join(' ');
  return (
    <li>
      <ContextMenu items={() => menu(connection)}>
        <button
          type="button"
          data-connection-line
          aria-current={current ? 'true' : undefined}
          title={visibleText(`${name}  ${user}@${host}:${port}/${database}${tags ? `  ${tags}` : ''}`)}
          onClick={() => onChoose(connection)}
          onDoubleClick={() => onOpen(connection)}
          onKeyDown={(event) => event.key === 'Enter' && current && onOpen(connection)}
          className={cx(
            'flex h-7 w-full items-center gap-2 pr-2 text-left text-sm',
            current ? 'bg-selected' : 'hover:bg-hover',
          )}
          style={{ paddingLeft: 10 + depth * indentPx }}
        >
          <span aria-hidden className={cx('h-3.5 w-1 shrink-0 rounded-full', colorClass[color])} />
          <span className="truncate">{visibleText(name)}</span>
          <RecordedMark connectionId={connection.id} />
          {readOnly && <Lock size={12} strokeWidth={2} className="shrink-0 text-faint" aria-label="read-only" />}
          {/* Tags and database have what the name leaves. */}
          <span className={cx('min-w-0 flex-1 truncate text-right text-2xs', current ? 'text-muted' : 'text-faint')}>
            {visibleText(tags ? `${tags}  ${database}` : database)}
          </span>
          {mark && (
            <span className={cx('shrink-0 rounded-sm px-1 text-2xs font-medium', mark.className)}>{mark.label}</span>
          )}
        </button>
      </ContextMenu>
    </li>
  );
}
