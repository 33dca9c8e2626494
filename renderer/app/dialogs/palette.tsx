import * as Radix from '@radix-ui/react-dialog';
import { Database, Rows3, SquareTerminal, Zap } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from 'react';
import { relationKinds } from '../../../shared/api/data.ts';
import { menuLabels } from '../../../shared/commands.ts';
import { client } from '../../client/connect.ts';
import { useCall } from '../../client/use-call.ts';
import { KindIcon } from '../../features/objects/kind-icon.tsx';
import { cx } from '../../ui/class-names.ts';
import { giveFocusBack, keepFocus } from '../../ui/focus/keyboard-focus.ts';
import { visibleText } from '../../ui/visible-text.ts';
import { wake } from '../../workspace/awake.ts';
import { runnableCommands, shownKeysOf, useBoundCommands } from '../../workspace/commands.ts';
import { useConnections } from '../../workspace/connections.ts';
import { changeLayout, useLayout } from '../../workspace/layout.ts';
import { activateTab, openTab, useTabs } from '../../workspace/tabs.ts';
import { rank, rankCommand } from './palette-rank.ts';

interface Choice {
  readonly key: string;
  readonly label: string;
  readonly detail: string;
  readonly icon: ReactNode;
  readonly keys?: string;
  /** Found by this as well as by its label. */
  readonly also?: string;
  readonly command?: true;
  readonly run: () => void;
}

const most = 60;
const iconLook = { size: 15, strokeWidth: 1.75 } as const;

/** Everything that is at hand without the server: commands, open tabs, connections. */
function localChoices(): Choice[] {
  const commands = runnableCommands()
    .filter((command) => command.id !== 'palette.open')
    .map((command): Choice => {
      return {
        key: `command:${command.id}`,
        label: command.label,
        detail: menuLabels[command.menu],
        icon: <Zap {...iconLook} />,
        keys: shownKeysOf(command.id),
        command: true,
        run: command.run,
      };
    });
  const tabs = useTabs.getState().tabs.map(
    (tab): Choice => ({
      key: `tab:${tab.id}`,
      label: tab.title,
      detail: 'Open tab',
      icon: <SquareTerminal {...iconLook} />,
      run: () => activateTab(tab.id),
    }),
  );
  const connections = useConnections.getState().connections.map(
    (connection): Choice => ({
      key: `connection:${connection.id}`,
      label: connection.name,
      detail: [
        'New query',
        `${connection.host}/${connection.database}`,
        ...connection.tags.map((tag) => `#${tag}`),
      ].join(' · '),
      also: [
        connection.group,
        connection.host,
        connection.environment,
        ...connection.tags.map((tag) => `#${tag}`),
      ].join(' '),
      icon: <Database {...iconLook} />,
      run: () => {
        wake(connection.id);
        changeLayout({ currentConnectionId: connection.id, currentDatabase: null });
        openTab({ kind: 'query', connectionId: connection.id, database: null });
      },
    }),
  );
  return [...commands, ...tabs, ...connections];
}

/** The objects of the current database whose names fit, from the backend's index. */
function useObjectChoices(typed: string): Choice[] {
  const { currentConnectionId: connectionId, currentDatabase: database } = useLayout();
  const wanted =
    connectionId && database && typed.trim().length >= 2
      ? { connectionId, database, text: typed.trim(), limit: 30 }
      : null;
  const found = useCall(client.objects.search, wanted);
  if (!wanted || !found.data || !connectionId || !database) return [];
  return found.data.flatMap(({ node, path }) => {
    const object = node.object;
    if (!object) return [];
    const run = () => openTab({ kind: 'object', connectionId, database, object });
    return [
      {
        key: `object:${node.key}`,
        label: node.label,
        detail: path.map((step) => step.label).join(' › '),
        icon: <KindIcon kind={object.kind} />,
        also: object.schema ? `${object.schema}.${object.name}` : undefined,
        run,
      },
      ...(withRows.has(object.kind)
        ? [
            {
              key: `rows:${node.key}`,
              label: node.label,
              detail: `Rows › ${path.map((step) => step.label).join(' › ')}`,
              icon: <Rows3 {...iconLook} />,
              also: `rows of ${object.schema}.${object.name}`,
              run: () => openTab({ kind: 'data', connectionId, database, object }),
            },
          ]
        : []),
    ];
  });
}

const withRows: ReadonlySet<string> = new Set(relationKinds);

/** Type to find any command, tab, connection or object; Enter does it. */
export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Radix.Root open={open} onOpenChange={(now) => !now && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          ref={keepFocus}
          onCloseAutoFocus={giveFocusBack}
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-50 w-[640px] max-w-[calc(100vw-32px)] -translate-x-1/2 overflow-hidden rounded-lg bg-raised shadow-overlay"
        >
          <Radix.Title className="sr-only">Command palette</Radix.Title>
          <PaletteBody onClose={onClose} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** What is found by its label comes before what is found by the rest that is known of it. */
function scored(choice: Choice, typed: string): { choice: Choice; score: number }[] {
  const score = (choice.command ? rankCommand : rank)(typed, choice.label);
  if (score !== null) return [{ choice, score }];
  const also = choice.also?.toLowerCase().includes(typed.trim().toLowerCase());
  return also ? [{ choice, score: 300 }] : [];
}

/** Objects keep the backend's order among themselves, which knows their kinds and comments. */
function inGivenOrder(found: readonly { choice: Choice; score: number }[]): { choice: Choice; score: number }[] {
  let least = Number.POSITIVE_INFINITY;
  return found.map(({ choice, score }) => {
    least = Math.min(least, score);
    return { choice, score: least };
  });
}

function PaletteBody({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  // What is there may still be on its way when the palette is opened: a page with its commands, the connections.
  const bound = useBoundCommands();
  const { tabs } = useTabs();
  const { connections } = useConnections();
  // biome-ignore lint/correctness/useExhaustiveDependencies: it reads these where they are kept
  const local = useMemo(localChoices, [bound, tabs, connections]);
  const objects = useObjectChoices(typed);
  const fitting = useMemo(() => local.flatMap((choice) => scored(choice, typed)), [local, typed]);
  const found = inGivenOrder(objects.map((choice) => scored(choice, typed)[0] ?? { choice, score: 0 }));
  const choices = [...fitting, ...found]
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map((each) => each.choice);
  const chosen = Math.min(at, choices.length - 1);
  const go = (choice: Choice | undefined) => {
    if (!choice) return;
    onClose();
    // After the dialog gave the focus back, so that what opens can take it.
    setTimeout(choice.run);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') go(choices[chosen]);
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const next = (chosen + (event.key === 'ArrowDown' ? 1 : -1) + choices.length) % Math.max(1, choices.length);
      setAt(next);
      list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
    } else return;
    event.preventDefault();
  };
  return (
    <>
      <input
        // biome-ignore lint/a11y/noAutofocus: a palette is opened to type in
        autoFocus
        role="combobox"
        aria-label="Find a command, connection or object"
        aria-expanded={true}
        aria-controls="palette-list"
        aria-activedescendant={choices[chosen] ? `palette-${chosen}` : undefined}
        placeholder="Find a command, connection or object"
        spellCheck={false}
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        className="h-11 w-full border-b border-line bg-transparent px-4 text-base outline-none placeholder:text-faint"
      />
      <div ref={list} id="palette-list" role="listbox" aria-label="Choices" className="max-h-[50vh] overflow-auto p-1">
        {choices.map((choice, index) => (
          <div
            key={choice.key}
            id={`palette-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            onMouseMove={() => setAt(index)}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => go(choice)}
            onKeyDown={undefined}
            className={cx('flex h-8 items-center gap-2.5 rounded-md px-3 text-sm', index === chosen && 'bg-selected')}
          >
            <span className="text-faint">{choice.icon}</span>
            <span className="truncate">{visibleText(choice.label)}</span>
            <span className="truncate text-xs text-faint">{visibleText(choice.detail)}</span>
            {choice.keys && <kbd className="ml-auto pl-3 font-sans text-2xs text-faint">{choice.keys}</kbd>}
          </div>
        ))}
      </div>
      {choices.length === 0 && <p className="px-4 pb-3 text-sm text-muted">Nothing fits “{visibleText(typed)}”.</p>}
    </>
  );
}
