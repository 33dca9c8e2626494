import { FileCode, Folder, FolderCog, LibraryBig, Save } from 'lucide-react';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { templateGroups } from '../../../shared/templates/templates.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { IconButton } from '../../ui/button.tsx';
import { SearchField } from '../../ui/inputs/search-field.tsx';
import { DropdownMenu, type MenuEntry } from '../../ui/menu.tsx';
import { toast } from '../../ui/toast.tsx';
import { Tree } from '../../ui/tree.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { runCommand, shownKeysOf } from '../../workspace/commands.ts';
import { openSaved, openText, useLibrary } from './library.ts';
import { type LibraryItem, libraryRows, matchingTemplates } from './library-rows.ts';
import { NameDialog } from './name-dialog.tsx';

const look = { size: 14, strokeWidth: 1.75, 'aria-hidden': true } as const;
const failed = (thrown: unknown) => toast(failureFrom(thrown).message, 'danger');

const iconOf = (kind: LibraryItem['kind']) =>
  kind === 'query' || kind === 'template' ? (
    <FileCode {...look} />
  ) : kind === 'templates' ? (
    <LibraryBig {...look} />
  ) : (
    <Folder {...look} />
  );

/** Ids of the queries whose text or name has the words; null while nothing is searched. */
function useFound(text: string): ReadonlySet<string> | null {
  const [ids, setIds] = useState<ReadonlySet<string> | null>(null);
  const queries = useLibrary((library) => library.queries);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another library is searched anew
  useEffect(() => {
    if (text.trim() === '') return setIds(null);
    const control = new AbortController();
    client.queries.search({ text }, { signal: control.signal }).then(
      (found) => setIds(new Set(found.ids)),
      () => {},
    );
    return () => control.abort();
  }, [text, queries]);
  return text.trim() === '' ? null : ids;
}

/** The side bar's tree of saved queries and templates. */
export function QueriesPanel() {
  const { queries, filesFolder, notes } = useLibrary();
  const [text, setText] = useState('');
  const [closed, setClosed] = useState<ReadonlySet<string>>(() => new Set(closedAtFirst));
  const [selectedKey, setSelectedKey] = useState<string | null>(null);
  const [moving, setMoving] = useState<LibraryItem | null>(null);
  const found = useFound(text);
  const shown = found ? queries.filter(({ id }) => found.has(id)) : queries;
  const rows = libraryRows(shown, matchingTemplates(templateGroups, text), closed, text.trim() !== '');
  const itemOf = (key: string | null) => rows.find((row) => row.key === key)?.item ?? null;
  const open = (key: string) => {
    const item = itemOf(key);
    if (item?.kind === 'query') openSaved(item.query).catch(failed);
    else if (item?.kind === 'template') openText(item.name, item.sql);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const item = itemOf(selectedKey);
    if (!item || event.target instanceof HTMLInputElement) return;
    if (event.key === 'F2' && (item.kind === 'query' || item.kind === 'folder')) setMoving(item);
    else if (event.key === 'Delete') removeItem(item);
    else return;
    event.preventDefault();
  };
  return (
    <section aria-label="Saved queries" className="flex h-full flex-col" onKeyDown={onKeyDown}>
      <header className="flex h-8 shrink-0 items-center gap-1 pr-1.5 pl-3">
        <h2 className="flex-1 text-xs font-semibold text-muted">Saved queries</h2>
        <IconButton
          label="Save the query in front"
          keys={shownKeysOf('query.save')}
          icon={<Save size={15} strokeWidth={1.75} />}
          onClick={() => runCommand('query.save')}
        />
        <FolderMenu />
      </header>
      <div className="px-2 pb-1.5">
        <SearchField label="Search saved queries" placeholder="Search names and texts" value={text} onValue={setText} />
      </div>
      {queries.length === 0 && text === '' && (
        <p className="px-3 pb-2 text-xs text-muted">
          Nothing saved yet. {shownKeysOf('query.save')} in a query tab saves it here; the templates are to start from.
        </p>
      )}
      <div className="min-h-0 flex-1">
        <Tree
          label="Saved queries"
          rows={rows.map((row) => ({
            ...row,
            label: visibleText(row.label),
            icon: iconOf(row.item.kind),
            draggable: row.item.kind === 'query' || row.item.kind === 'folder',
            ...(row.count === null ? {} : { note: String(row.count) }),
            ...(row.item.kind === 'template' ? { title: row.item.about } : {}),
          }))}
          selectedKey={selectedKey}
          onSelect={setSelectedKey}
          onToggle={(key, expand) =>
            setClosed((now) => {
              const next = new Set(now);
              if (expand) next.delete(key);
              else next.add(key);
              return next;
            })
          }
          onOpen={open}
          onMove={(key, overKey) => {
            const item = itemOf(key);
            const to = dropGroup(overKey === null ? null : itemOf(overKey));
            if (item && to !== null) moveItem(item, to);
          }}
          menu={(key) => menuOf(itemOf(key), () => open(key), setMoving)}
        />
      </div>
      {text !== '' && rows.length === 0 && <p className="p-3 text-xs text-muted">Nothing has all these words.</p>}
      {filesFolder && (
        <footer
          className="shrink-0 truncate border-t border-line px-3 py-1 text-2xs text-faint"
          title={[filesFolder, ...notes].join('\n')}
        >
          {notes.length > 0 ? <span className="text-warning">{notes.length} not taken in · </span> : ''}
          also in {visibleText(filesFolder)}
        </footer>
      )}
      {moving && <MoveDialog item={moving} onClose={() => setMoving(null)} />}
    </section>
  );
}

/** Templates are unfolded a group at a time. */
const closedAtFirst = templateGroups.map(({ name }) => `templates ${name}`);

/** Where the queries are files as well. */
function FolderMenu() {
  const { filesFolder, mayChooseFolder } = useLibrary();
  const entries: MenuEntry[] = mayChooseFolder
    ? [
        {
          label: filesFolder ? 'Keep as files in another folder…' : 'Keep as .sql files in a folder…',
          run: () => void client.queries.chooseFolder().catch(failed),
        },
        ...(filesFolder
          ? [{ label: 'No longer as files', run: () => void client.queries.leaveFolder().catch(failed) }]
          : []),
      ]
    : [
        {
          label: filesFolder ? `Also in ${filesFolder}` : 'As .sql files too: howdah serve --queries FOLDER',
          disabled: true,
          run: () => {},
        },
      ];
  return (
    <DropdownMenu
      align="end"
      trigger={<IconButton label="Files of the saved queries" icon={<FolderCog size={15} strokeWidth={1.75} />} />}
      items={entries}
    />
  );
}

function menuOf(item: LibraryItem | null, open: () => void, move: (item: LibraryItem) => void): readonly MenuEntry[] {
  if (!item) return [];
  if (item.kind === 'template') return [{ label: 'Open in a new query tab', run: open }];
  if (item.kind !== 'query' && item.kind !== 'folder') return [];
  return [
    ...(item.kind === 'query' ? [{ label: 'Open', run: open }, { kind: 'separator' as const }] : []),
    { label: 'Rename or move…', keys: 'F2', run: () => move(item) },
    { label: 'Delete', keys: 'Del', danger: true, run: () => removeItem(item) },
  ];
}

/** The folder that something dropped there goes into; null where it cannot. */
function dropGroup(over: LibraryItem | null): string | null {
  if (over === null) return '';
  if (over.kind === 'folder') return over.group;
  return over.kind === 'query' ? over.query.group : null;
}

function moveItem(item: LibraryItem, to: string): void {
  if (item.kind === 'query' && item.query.group !== to) {
    client.queries.move({ id: item.query.id, name: item.query.name, group: to }).catch(failed);
  } else if (item.kind === 'folder') {
    const name = item.group.split('/').at(-1) ?? '';
    const group = to === '' ? name : `${to}/${name}`;
    if (group !== item.group) client.queries.moveFolder({ from: item.group, to: group }).catch(failed);
  }
}

/** Without a question: it can be undone. */
function removeItem(item: LibraryItem): void {
  const { queries } = useLibrary.getState();
  const inside =
    item.kind === 'query'
      ? [item.query]
      : item.kind === 'folder'
        ? queries.filter(({ group }) => group === item.group || group.startsWith(`${item.group}/`))
        : [];
  if (inside.length === 0) return;
  const ids = inside.map(({ id }) => id);
  const what = inside.length === 1 ? `“${visibleText(inside[0]?.name ?? '')}”` : `${inside.length} queries`;
  client.queries.remove({ ids }).then(
    () =>
      toast(`Deleted ${what}.`, 'info', {
        label: 'Undo',
        run: () => void client.queries.restore({ ids }).catch(failed),
      }),
    failed,
  );
}

function MoveDialog({ item, onClose }: { item: LibraryItem; onClose: () => void }) {
  if (item.kind === 'folder') {
    return (
      <NameDialog
        title="Rename or move the folder"
        confirmLabel="Move"
        withName={false}
        before={{ name: '', group: item.group }}
        onName={({ group }) =>
          group === item.group ? Promise.resolve() : client.queries.moveFolder({ from: item.group, to: group })
        }
        onClose={onClose}
      />
    );
  }
  if (item.kind !== 'query') return null;
  const { id, group, name } = item.query;
  return (
    <NameDialog
      title="Rename or move the query"
      confirmLabel="Move"
      before={{ name, group }}
      onName={async (named) => void (await client.queries.move({ id, ...named }))}
      onClose={onClose}
    />
  );
}
