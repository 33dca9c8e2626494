import { ChevronDown, ChevronRight, Lock } from 'lucide-react';
import { useState } from 'react';
import type { ListedConnection } from '../../shared/api/connections.ts';
import { cx } from '../ui/class-names.ts';
import { ContextMenu, type MenuEntry } from '../ui/menu.tsx';
import { visibleText } from '../ui/visible-text.ts';
import { colorClass, environmentMark } from '../workspace/connection-look.ts';

export interface ConnectionListProps {
  readonly connections: readonly ListedConnection[];
  readonly currentId: string | null;
  readonly onChoose: (connection: ListedConnection) => void;
  /** Double click or Enter: a query tab on it. */
  readonly onOpen: (connection: ListedConnection) => void;
  readonly menu: (connection: ListedConnection) => readonly MenuEntry[];
}

/** The connections of each group, in the order of the list; no group first. */
export function byGroup(connections: readonly ListedConnection[]): [string, ListedConnection[]][] {
  const groups = new Map<string, ListedConnection[]>();
  for (const connection of connections)
    groups.set(connection.group, [...(groups.get(connection.group) ?? []), connection]);
  return [...groups].sort(([a], [b]) => a.localeCompare(b));
}

/** Saved connections, grouped, each with its colour and environment. */
export function ConnectionList({ connections, currentId, onChoose, onOpen, menu }: ConnectionListProps) {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const toggle = (group: string) =>
    setFolded((now) => {
      const next = new Set(now);
      if (!next.delete(group)) next.add(group);
      return next;
    });
  return (
    <div className="h-full overflow-auto pb-2">
      {byGroup(connections).map(([group, members]) => (
        <div key={group}>
          {group !== '' && (
            <button
              type="button"
              aria-expanded={!folded.has(group)}
              onClick={() => toggle(group)}
              className="flex h-6 w-full items-center gap-1 px-2 text-xs text-faint hover:text-ink"
            >
              {folded.has(group) ? (
                <ChevronRight size={14} strokeWidth={1.75} />
              ) : (
                <ChevronDown size={14} strokeWidth={1.75} />
              )}
              <span className="truncate">{visibleText(group)}</span>
            </button>
          )}
          {!folded.has(group) && (
            <ul>
              {members.map((connection) => (
                <ConnectionRow
                  key={connection.id}
                  connection={connection}
                  current={connection.id === currentId}
                  indented={group !== ''}
                  onChoose={onChoose}
                  onOpen={onOpen}
                  menu={menu}
                />
              ))}
            </ul>
          )}
        </div>
      ))}
    </div>
  );
}

function ConnectionRow({
  connection,
  current,
  indented,
  onChoose,
  onOpen,
  menu,
}: { connection: ListedConnection; current: boolean; indented: boolean } & Pick<
  ConnectionListProps,
  'onChoose' | 'onOpen' | 'menu'
>) {
  const mark = environmentMark[connection.environment];
  return (
    <li>
      <ContextMenu items={() => menu(connection)}>
        <button
          type="button"
          aria-current={current ? 'true' : undefined}
          title={`${connection.user}@${connection.host}:${connection.port}/${connection.database}${connection.tags.length > 0 ? `  ${connection.tags.map((tag) => `#${tag}`).join(' ')}` : ''}`}
          onClick={() => onChoose(connection)}
          onDoubleClick={() => onOpen(connection)}
          onKeyDown={(event) => event.key === 'Enter' && current && onOpen(connection)}
          className={cx(
            'flex h-7 w-full items-center gap-2 pr-2 text-left text-sm',
            indented ? 'pl-5' : 'pl-2.5',
            current ? 'bg-selected' : 'hover:bg-hover',
          )}
        >
          <span aria-hidden className={cx('h-3.5 w-1 shrink-0 rounded-full', colorClass[connection.color])} />
          <span className="truncate">{visibleText(connection.name)}</span>
          {connection.readOnly && (
            <Lock size={12} strokeWidth={2} className="shrink-0 text-faint" aria-label="read-only" />
          )}
          <span className="min-w-0 flex-1 truncate text-right text-2xs text-faint">
            {visibleText(connection.database)}
          </span>
          {mark && (
            <span className={cx('shrink-0 rounded-sm px-1 text-2xs font-medium', mark.className)}>{mark.label}</span>
          )}
        </button>
      </ContextMenu>
    </li>
  );
}
