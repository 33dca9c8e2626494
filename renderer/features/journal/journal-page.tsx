import { Copy, Settings, SquareTerminal, Trash2, Undo2 } from 'lucide-react';
import { useState } from 'react';
import type { JournalEntry } from '../../../shared/api/journal.ts';
import { client } from '../../client/connect.ts';
import { useCall } from '../../client/use-call.ts';
import { SqlText } from '../../editor/sql-text.tsx';
import { rowsWords } from '../../ui/amounts.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { FailureView } from '../../ui/failure-view.tsx';
import { Callout, EmptyState, Pending, Spinner } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { runCommand } from '../../workspace/commands.ts';
import { openTab } from '../../workspace/tabs.ts';
import { changeText } from '../../workspace/texts.ts';
import { ChangedRows } from './changed-rows.tsx';

const mostEntries = 200;
const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** What was changed from here, the rows as they were, and the script that brings them back. */
export function JournalPage() {
  const [limit, setLimit] = useState(mostEntries);
  const list = useCall(client.journal.list, { limit });
  const [chosen, setChosen] = useState<number | null>(null);
  const [clearing, setClearing] = useState(false);
  if (list.state === 'pending' && !list.data) return <Pending label="Reading the journal" />;
  if (list.state === 'failed' && !list.data) return <FailureView failure={list.failure} className="m-3" />;
  const entries = list.data?.entries ?? [];
  const entry = entries.find(({ id }) => id === chosen) ?? entries[0];
  if (!entry) {
    return (
      <EmptyState
        icon={<Undo2 size={28} strokeWidth={1.5} />}
        title="Nothing to undo yet"
        actions={<Button onClick={() => runCommand('settings.open')}>Guard rails in the settings</Button>}
      >
        When a statement of the editor inserts, changes or deletes rows of a table with a key, the rows are kept here as
        they were, on this machine only. A script then brings them back. Settings say for which environments.
      </EmptyState>
    );
  }
  const remove = (id: number) => void client.journal.remove({ ids: [id] }).then(list.reload);
  return (
    <div className="flex h-full min-h-0">
      <div className="flex w-[clamp(280px,34%,380px)] shrink-0 flex-col border-r border-line">
        <header className="flex h-11 shrink-0 items-center justify-between border-b border-line px-3">
          <h1 className="text-sm font-semibold">Undo journal</h1>
          <span className="flex-1" />
          <IconButton
            label="What is kept (settings)"
            icon={<Settings size={15} strokeWidth={1.75} />}
            onClick={() => runCommand('settings.open')}
          />
          <Button small kind="quiet" icon={<Trash2 size={14} strokeWidth={1.75} />} onClick={() => setClearing(true)}>
            Clear journal…
          </Button>
        </header>
        <ul className="min-h-0 flex-1 overflow-auto">
          {entries.map((each) => (
            <li key={each.id} className="group relative border-b border-line">
              <EntryButton entry={each} chosen={each.id === entry.id} onChoose={() => setChosen(each.id)} />
              <IconButton
                label="Remove from the journal"
                icon={<Trash2 size={14} strokeWidth={1.75} />}
                className="absolute top-1 right-1 opacity-0 group-hover:opacity-100 focus-visible:opacity-100"
                onClick={() => remove(each.id)}
              />
            </li>
          ))}
          {list.data?.more && (
            <li className="p-3 text-center">
              <Button small onClick={() => setLimit((now) => Math.min(500, now + mostEntries))} disabled={limit >= 500}>
                Show more
              </Button>
            </li>
          )}
        </ul>
      </div>
      <EntryView key={entry.id} entry={entry} />
      <ConfirmDialog
        open={clearing}
        title="Clear the whole undo journal?"
        confirmLabel="Clear journal"
        danger
        onCancel={() => setClearing(false)}
        onConfirm={() => {
          setClearing(false);
          void client.journal.clear().then(list.reload);
        }}
      >
        The kept rows are removed from this machine; what was changed with them cannot be undone from here any more.
      </ConfirmDialog>
    </div>
  );
}

function EntryButton({ entry, chosen, onChoose }: { entry: JournalEntry; chosen: boolean; onChoose: () => void }) {
  return (
    <button
      type="button"
      aria-current={chosen}
      onClick={onChoose}
      className={cx('flex w-full flex-col gap-0.5 px-3 py-1.5 text-left', chosen ? 'bg-selected' : 'hover:bg-hover')}
    >
      <span className="line-clamp-2 pr-6 font-mono text-xs wrap-anywhere">
        {visibleText(entry.title.slice(0, 300).trim().replace(/\s+/g, ' '))}
      </span>
      <span className="flex w-full gap-2 text-xs text-muted">
        <span className="tabular-nums">{when.format(entry.atMs)}</span>
        <span className="min-w-0 flex-1 truncate">
          {visibleText(entry.connectionName)} / {visibleText(entry.database)}
        </span>
        <span className={cx('shrink-0 tabular-nums', entry.notCaptured && 'text-warning')}>
          {isKept(entry) ? `${rowsWords(entry.rows)}${entry.notCaptured ? ', in part' : ''}` : 'not kept'}
        </span>
      </span>
    </button>
  );
}

const shownRows = 100;
/** With rows, what is said of it is what is missing beside them. */
const isKept = ({ rows, notCaptured }: JournalEntry): boolean => notCaptured === null || rows > 0;

function EntryView({ entry }: { entry: JournalEntry }) {
  const detail = useCall(client.journal.get, { id: entry.id, limit: shownRows });
  const inverse = useCall(client.journal.inverse, isKept(entry) ? { id: entry.id } : null);
  const script = inverse.data?.script;
  const open = () => {
    const tabId = openTab(
      { kind: 'query', connectionId: entry.connectionId, database: entry.database },
      { title: 'Undo' },
    );
    changeText(tabId, { text: script ?? '', caret: 0 });
  };
  const copy = () =>
    navigator.clipboard.writeText(script ?? '').then(
      () => toast('Script copied.', 'success'),
      () => toast('The browser did not allow writing to the clipboard.', 'warning'),
    );
  return (
    <div className="flex min-w-0 flex-1 flex-col overflow-auto">
      <div className="max-h-40 shrink-0 overflow-auto border-b border-line">
        <SqlText label="Statement" text={entry.title} />
      </div>
      {entry.notCaptured && (
        <Callout
          tone="warning"
          title={isKept(entry) ? 'Only a part of it can be undone' : 'The rows of this statement were not kept'}
          className="m-3"
        >
          {visibleText(entry.notCaptured)}
        </Callout>
      )}
      {isKept(entry) && (
        <>
          <section aria-label="Changed rows" className="flex flex-col gap-2 border-b border-line p-3">
            <h2 className="text-sm font-semibold">
              {entry.rows > shownRows ? `The first ${shownRows} of ${rowsWords(entry.rows)}` : rowsWords(entry.rows)}
            </h2>
            {detail.data && <ChangedRows changes={detail.data.changes} />}
            {detail.state === 'failed' && <FailureView failure={detail.failure} />}
          </section>
          <section aria-label="Script that undoes it" className="flex flex-col gap-2 p-3">
            <div className="flex items-center gap-2">
              <h2 className="flex-1 text-sm font-semibold">Script that undoes it</h2>
              <Button small icon={<Copy size={14} strokeWidth={1.75} />} disabled={!script} onClick={() => void copy()}>
                Copy
              </Button>
              <Button
                small
                kind="primary"
                icon={<SquareTerminal size={14} strokeWidth={1.75} />}
                disabled={!script}
                onClick={open}
              >
                Open in a query tab
              </Button>
            </div>
            <p className="text-xs text-muted">
              All of it or nothing, and only while each row still looks as it was left. It is not run until you run it.
            </p>
            {inverse.state === 'failed' && <FailureView failure={inverse.failure} />}
            {inverse.state === 'pending' && !script && (
              <span className="late">
                <Spinner label="Writing the script" />
              </span>
            )}
            {script && (
              <div className="overflow-hidden rounded-md border border-line">
                <SqlText label="The script" text={script} />
              </div>
            )}
          </section>
        </>
      )}
    </div>
  );
}
