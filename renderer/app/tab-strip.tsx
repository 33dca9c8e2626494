import {
  Activity,
  Archive,
  Database,
  History,
  House,
  LoaderCircle,
  Network,
  PencilRuler,
  Plus,
  Server,
  Settings,
  SquareTerminal,
  Table2,
  TableProperties,
  Trash2,
  Undo2,
  Waypoints,
  Workflow,
  X,
} from 'lucide-react';
import { type DragEvent, useRef } from 'react';
import { useTabActivity } from '../features/sessions/tab-sessions.ts';
import { IconButton } from '../ui/button.tsx';
import { cx } from '../ui/class-names.ts';
import { ContextMenu } from '../ui/menu.tsx';
import { scrollSideways, useChosenInSight } from '../ui/scroll/sideways.ts';
import { visibleText } from '../ui/visible-text.ts';
import { runCommand, shownKeysOf } from '../workspace/commands.ts';
import { colorClass, environmentMark } from '../workspace/connection-look.ts';
import { useConnection } from '../workspace/connections.ts';
import { shortStructureTitle } from '../workspace/structure/structure-place.ts';
import { connectionIdOf, type Place, type Tab } from '../workspace/tab.ts';
import { activateTab, closeTab, moveTab, stepTab, useTabs } from '../workspace/tabs.ts';

const icons = {
  welcome: House,
  query: SquareTerminal,
  object: TableProperties,
  data: Table2,
  diagram: Workflow,
  structure: PencilRuler,
  rowGraph: Waypoints,
  plan: Network,
  history: History,
  servers: Server,
  monitor: Activity,
  journal: Undo2,
  backups: Archive,
  settings: Settings,
} as const;

/** The open tabs: click, drag to order, middle click or the cross to close. */
export function TabStrip() {
  const { tabs, activeId } = useTabs();
  const dragged = useRef<string | null>(null);
  const strip = useRef<HTMLDivElement>(null);
  // More tabs than there is room for: the shown one is in sight, also one that was opened from elsewhere.
  useChosenInSight(strip, activeId);
  const drop = (beforeId: string | null) => (event: DragEvent) => {
    event.preventDefault();
    if (dragged.current) moveTab(dragged.current, beforeId);
    dragged.current = null;
  };
  return (
    <div className="flex h-9 shrink-0 items-stretch border-b border-line bg-canvas">
      <div
        ref={strip}
        role="tablist"
        aria-label="Open tabs"
        onWheel={scrollSideways}
        className="flex min-w-0 items-stretch overflow-x-auto [scrollbar-width:none]"
      >
        {tabs.map((tab) => (
          <TabButton
            key={tab.id}
            tab={tab}
            active={tab.id === activeId}
            onDragStart={() => (dragged.current = tab.id)}
            onDrop={drop(tab.id)}
          />
        ))}
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the rest of the strip takes a dragged tab; the keyboard moves tabs otherwise */}
      <div className="flex flex-1 items-center pl-1" onDragOver={(event) => event.preventDefault()} onDrop={drop(null)}>
        <IconButton
          label="New query"
          keys={shownKeysOf('query.new')}
          icon={<Plus size={16} strokeWidth={1.75} />}
          onClick={() => runCommand('query.new')}
        />
      </div>
    </div>
  );
}

function iconOf(place: Place) {
  if (place.kind === 'object' && place.object.kind === 'database') return Database;
  return place.kind === 'structure' && place.mode === 'drop' ? Trash2 : icons[place.kind];
}

/** What is done to an object is told by the icon: there is room for its name. */
function TabTitle({ tab: { place, title } }: { tab: Tab }) {
  const short = place.kind === 'structure' ? shortStructureTitle(place) : null;
  if (!short) return <span className="truncate">{visibleText(title)}</span>;
  return (
    <span className="truncate">
      <span className="sr-only">{short.verb} </span>
      {visibleText(short.name)}
    </span>
  );
}

function TabButton({
  tab,
  active,
  onDragStart,
  onDrop,
}: {
  tab: Tab;
  active: boolean;
  onDragStart: () => void;
  onDrop: (event: DragEvent) => void;
}) {
  const connection = useConnection(connectionIdOf(tab.place));
  const mark = connection && environmentMark[connection.environment];
  const { running, transaction } = useTabActivity(tab.id);
  const Icon = iconOf(tab.place);
  const others = () => useTabs.getState().tabs.filter((each) => each.id !== tab.id);
  return (
    <ContextMenu
      items={() => [
        { label: 'Close', keys: shownKeysOf('tab.close'), run: () => void closeTab(tab.id) },
        {
          label: 'Close others',
          disabled: others().length === 0,
          run: () => void Promise.all(others().map((each) => closeTab(each.id))),
        },
        { kind: 'separator' },
        { label: 'Reopen closed tab', keys: shownKeysOf('tab.reopen'), run: () => runCommand('tab.reopen') },
      ]}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dragging is the mouse's way; the tab inside is the control */}
      <div
        draggable
        onDragStart={onDragStart}
        onDragOver={(event) => event.preventDefault()}
        onDrop={onDrop}
        className={cx(
          'group relative flex max-w-56 min-w-28 items-center border-r border-line',
          // The one in front is read whole; the others give way.
          active ? 'shrink-0 bg-surface text-ink' : 'text-muted hover:bg-hover hover:text-ink',
        )}
      >
        <span
          aria-hidden
          className={cx(
            'absolute inset-x-0 top-0 h-0.5',
            active
              ? connection && connection.color !== 'none'
                ? colorClass[connection.color]
                : 'bg-accent'
              : 'bg-transparent',
          )}
        />
        {mark && <span aria-hidden className={cx('absolute inset-y-0 left-0 w-[3px]', mark.edge)} />}
        <button
          type="button"
          role="tab"
          id={`tab-${tab.id}`}
          aria-selected={active}
          aria-controls="page"
          tabIndex={active ? 0 : -1}
          title={[tab.title, connection?.name, mark?.label].filter(Boolean).join(' · ')}
          onClick={() => activateTab(tab.id)}
          onAuxClick={(event) => event.button === 1 && void closeTab(tab.id)}
          onKeyDown={(event) => {
            if (event.key === 'ArrowRight') stepTab(1);
            else if (event.key === 'ArrowLeft') stepTab(-1);
            else if (event.key === 'Delete') void closeTab(tab.id);
            else return;
            event.preventDefault();
            requestAnimationFrame(() => document.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus());
          }}
          className={cx(
            'flex h-full min-w-0 flex-1 items-center gap-1.5 pl-2.5 text-sm',
            // Room for the cross, where there is one.
            active ? 'pr-7' : 'pr-2.5 group-hover:pr-7',
          )}
        >
          {running ? (
            <LoaderCircle size={14} className="shrink-0 animate-spin text-accent" role="img" aria-label="Running" />
          ) : (
            <Icon size={14} strokeWidth={1.75} className="shrink-0" aria-hidden />
          )}
          <TabTitle tab={tab} />
          {transaction !== 'idle' && (
            <span
              role="img"
              aria-label={`Transaction ${transaction}`}
              className={cx('size-2 shrink-0 rounded-full', transaction === 'open' ? 'bg-warning' : 'bg-danger')}
            />
          )}
        </button>
        <IconButton
          label={`Close ${tab.title}`}
          icon={<X size={14} strokeWidth={1.75} />}
          tabIndex={-1}
          // For the mouse; the keyboard has Delete and the close command, and a list of tabs holds tabs only.
          aria-hidden
          onClick={() => void closeTab(tab.id)}
          className={cx('absolute right-1 size-5', !active && 'opacity-0 group-hover:opacity-100')}
        />
      </div>
    </ContextMenu>
  );
}
