import { CircleAlert, Eye, EyeOff, RefreshCw } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { FolderKind, ObjectRef } from '../../../shared/api/objects.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { FailureView, failureLine } from '../../ui/failure-view.tsx';
import { TextInput } from '../../ui/field.tsx';
import type { MenuEntry } from '../../ui/menu.tsx';
import { EmptyState, Pending } from '../../ui/states.tsx';
import { Tree, type TreeRow } from '../../ui/tree.tsx';
import { copyText } from './copy.ts';
import { nodeLook } from './object-look.tsx';
import { hasRows, inDiagram, qualifiedName, selectRows } from './object-words.ts';
import { SearchResults } from './search-results.tsx';
import { chooseSection } from './sections.ts';
import { folderEntries, objectEntries } from './structure-entries.ts';
import { transferEntries } from './transfer-entries.ts';
import { type Line, linesOf } from './tree-branches.ts';
import { type ObjectTree as OneTree, objectTree } from './tree-store.ts';

export interface ObjectTreeProps {
  readonly connectionId: string;
  readonly database: string;
  readonly onOpen: (object: ObjectRef) => void;
  /** Opens the rows of a table or view. */
  readonly onOpenRows: (object: ObjectRef) => void;
  /** Opens the text in an editor. */
  readonly onRunSql: (text: string) => void;
  /** Opens a diagram of a schema, or of what is around a table. */
  readonly onDiagram: (object: ObjectRef) => void;
}

/** All objects of a database: a tree that loads as it is opened, with search over names and comments. */
export function ObjectTree({ connectionId, database, onOpen, onOpenRows, onRunSql, onDiagram }: ObjectTreeProps) {
  const tree = objectTree(connectionId, database);
  const [text, setText] = useState('');
  const includeSystem = tree.use((state) => state.includeSystem);
  useEffect(() => {
    const root = tree.use.getState().branches.get('');
    if (!root || root.state === 'failed') void tree.load('');
  }, [tree]);
  /** What Enter and a double click do: of what has rows, these. */
  const openMain = (object: ObjectRef) => (hasRows(object) ? onOpenRows(object) : onOpen(object));
  const showDdl = (object: ObjectRef) => {
    chooseSection(connectionId, database, object, 'DDL');
    onOpen(object);
  };
  const menuOf = (object: ObjectRef): readonly MenuEntry[] => [
    ...(hasRows(object)
      ? ([
          { label: 'Open rows', keys: 'Enter', run: () => onOpenRows(object) },
          { label: 'Open structure', run: () => onOpen(object) },
        ] satisfies MenuEntry[])
      : ([{ label: 'Open', keys: 'Enter', run: () => onOpen(object) }] satisfies MenuEntry[])),
    { label: 'Show DDL', run: () => showDdl(object) },
    ...(inDiagram(object) ? [{ label: 'Show in a diagram', run: () => onDiagram(object) } satisfies MenuEntry] : []),
    ...(hasRows(object)
      ? [{ label: 'Select rows in a query', run: () => onRunSql(selectRows(object)) } satisfies MenuEntry]
      : []),
    ...transferEntries(connectionId, database, object),
    { kind: 'separator' },
    ...objectEntries({ connectionId, database }, object),
    { kind: 'separator' },
    { label: 'Copy name', run: () => copyText(object.name, 'Name') },
    { label: 'Copy qualified name', run: () => copyText(qualifiedName(object), 'Name') },
  ];
  return (
    <div data-object-tree className="flex h-full min-h-0 flex-col">
      <div className="flex shrink-0 items-center gap-0.5 px-2 py-1.5">
        <TextInput
          type="search"
          aria-label="Search objects"
          placeholder="Search names and comments"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setText('');
            // Down to the list: its own keys take over from there, Enter opens.
            if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
            event.preventDefault();
            const list = event.currentTarget.closest('[data-object-tree]')?.querySelector<HTMLElement>('[role=tree]');
            list?.focus();
            if (event.key === 'Enter')
              list?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
          }}
          data-focus="object-search"
        />
        <IconButton
          label={includeSystem ? 'Hide system objects' : 'Show system objects'}
          pressed={includeSystem}
          icon={includeSystem ? <Eye size={15} strokeWidth={1.75} /> : <EyeOff size={15} strokeWidth={1.75} />}
          onClick={() => void tree.showSystem(!includeSystem)}
        />
        <IconButton
          label="Refresh objects"
          icon={<RefreshCw size={15} strokeWidth={1.75} />}
          onClick={() => void tree.refresh()}
        />
      </div>
      <div className="min-h-0 flex-1">
        {text.trim() === '' ? (
          <Branches
            tree={tree}
            onOpen={openMain}
            menuOf={menuOf}
            menuOfFolder={(folder, above) => folderEntries({ connectionId, database }, folder, above)}
          />
        ) : (
          <SearchResults
            connectionId={connectionId}
            database={database}
            text={text.trim()}
            includeSystem={includeSystem}
            onOpen={openMain}
            menuOf={menuOf}
            onReveal={(path, key) => {
              setText('');
              void tree.reveal(path, key);
            }}
          />
        )}
      </div>
    </div>
  );
}

interface BranchesProps {
  readonly tree: OneTree;
  readonly onOpen: (object: ObjectRef) => void;
  readonly menuOf: (object: ObjectRef) => readonly MenuEntry[];
  readonly menuOfFolder: (folder: FolderKind, above: ObjectRef | null) => readonly MenuEntry[];
}
function Branches({ tree, onOpen, menuOf, menuOfFolder }: BranchesProps) {
  const { branches, expanded, selectedKey } = tree.use();
  const lines = useMemo(() => linesOf(branches, expanded), [branches, expanded]);
  const rows = useMemo(() => lines.map(rowOf), [lines]);
  const root = branches.get('');
  if (!root || (root.state === 'loading' && root.nodes.length === 0)) return <Pending label="Reading the catalog" />;
  if (root.state === 'failed' && root.nodes.length === 0 && root.failure) {
    const again = (
      <Button small onClick={() => void tree.load('')}>
        Try again
      </Button>
    );
    return (
      <div className="h-full overflow-auto p-2">
        <FailureView failure={root.failure} actions={again} />
      </div>
    );
  }
  if (lines.length === 0)
    return <EmptyState title="No objects">This database has no schema that you can see.</EmptyState>;
  const lineOf = (key: string) => lines.find((line) => line.key === key);
  const open = (key: string) => {
    const line = lineOf(key);
    if (line?.kind === 'failed') void tree.load(line.of);
    else if (line?.kind === 'node' && line.node.object) onOpen(line.node.object);
    else if (line?.kind === 'node') tree.toggle(key, !line.expanded);
  };
  const menu = (key: string): readonly MenuEntry[] => {
    const line = lineOf(key);
    if (line?.kind !== 'node') return line ? [{ label: 'Try again', run: () => void tree.load(line.of) }] : [];
    const refresh: MenuEntry = { label: 'Refresh', disabled: !line.expanded, run: () => void tree.load(key) };
    if (!line.node.object) {
      const { folder } = line.node;
      const own = folder ? menuOfFolder(folder, objectAbove(lines, key)) : [];
      return own.length > 0 ? [...own, { kind: 'separator' }, refresh] : [refresh];
    }
    return [...menuOf(line.node.object), { kind: 'separator' }, refresh];
  };
  return (
    <Tree
      label="Objects"
      rows={rows}
      selectedKey={selectedKey}
      onSelect={(key) => tree.select(key)}
      onToggle={(key, expand) => tree.toggle(key, expand)}
      onOpen={open}
      menu={menu}
    />
  );
}

/** The object that a line is in; the nearest comes last. */
function objectAbove(lines: readonly Line[], key: string): ObjectRef | null {
  const above = lines.findLast((line) => line.kind === 'node' && line.node.object && key.startsWith(`${line.key}/`));
  return above?.kind === 'node' ? (above.node.object ?? null) : null;
}

function rowOf(line: Line): TreeRow {
  const { key, depth } = line;
  const still = { key, depth, expandable: false, expanded: false, dimmed: true };
  if (line.kind === 'loading') return { ...still, label: 'Loading…', busy: true };
  if (line.kind === 'empty') return { ...still, label: 'Nothing here' };
  if (line.kind === 'failed') {
    const message = failureLine(line.failure);
    return {
      ...still,
      label: message,
      title: `${message}\nPress Enter to try again.`,
      icon: <CircleAlert size={14} className="text-danger" />,
    };
  }
  const { node, expanded, busy } = line;
  return {
    key,
    depth,
    ...nodeLook(node),
    ...(node.count === undefined ? {} : { note: node.count.toLocaleString('en') }),
    expandable: node.hasChildren,
    expanded,
    busy,
  };
}
