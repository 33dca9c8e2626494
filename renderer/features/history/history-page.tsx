import { Copy, History, Play, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Failure } from '../../../shared/api/base.ts';
import type { HistoryEntry } from '../../../shared/api/history.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { rowsWords, shownDuration } from '../../ui/amounts.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { FailureView, failureLine } from '../../ui/failure-view.tsx';
import { Select } from '../../ui/field.tsx';
import { SearchField } from '../../ui/inputs/search-field.tsx';
import { EmptyState, Spinner } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { useConnections } from '../../workspace/connections.ts';
import { runWhenShown } from '../../workspace/run-options.ts';
import { openTab } from '../../workspace/tabs.ts';
import { changeText } from '../../workspace/texts.ts';
import { dayOf, type Span, spanStart, spans, spanWords, timeOf } from './history-words.ts';

const pageSize = 100;

interface Found {
  readonly entries: readonly HistoryEntry[];
  readonly more: boolean;
  readonly failure: Failure | null;
  readonly loading: boolean;
}

interface Wanted {
  readonly text: string;
  readonly outcome: 'all' | 'failed' | 'well';
  readonly connectionId: string;
  readonly span: Span;
}

function inputOf({ text, outcome, connectionId, span }: Wanted) {
  const fromMs = spanStart(span, Date.now());
  return {
    text,
    limit: pageSize,
    ...(outcome === 'all' ? {} : { outcome }),
    ...(connectionId ? { connectionId } : {}),
    ...(fromMs === undefined ? {} : { fromMs }),
  };
}

/** Search results that grow as one asks for more. */
function useHistory(wanted: Wanted, round: number) {
  const key = JSON.stringify(wanted);
  const [found, setFound] = useState<Found>({ entries: [], more: false, failure: null, loading: true });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round reads again, and the key stands for what is wanted
  useEffect(() => {
    const control = new AbortController();
    const timer = setTimeout(() => {
      setFound((now) => ({ ...now, loading: true }));
      client.history.search(inputOf(wanted), { signal: control.signal }).then(
        ({ entries, more }) => setFound({ entries, more, failure: null, loading: false }),
        (thrown) =>
          !control.signal.aborted &&
          setFound({ entries: [], more: false, failure: failureFrom(thrown), loading: false }),
      );
    }, 120);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [key, round]);
  const loadMore = async () => {
    const beforeId = found.entries.at(-1)?.id;
    const { entries, more } = await client.history.search({
      ...inputOf(wanted),
      ...(beforeId === undefined ? {} : { beforeId }),
    });
    setFound((now) => ({ ...now, entries: [...now.entries, ...entries], more }));
  };
  return { found, loadMore };
}

/** Every run of this machine, newest first, searchable. */
export function HistoryPage() {
  const [text, setText] = useState('');
  const [outcome, setOutcome] = useState<Wanted['outcome']>('all');
  const [connectionId, setConnectionId] = useState('');
  const [span, setSpan] = useState<Span>('always');
  const connections = useConnections((all) => all.connections);
  const [round, setRound] = useState(0);
  const [clearing, setClearing] = useState(false);
  const { found, loadMore } = useHistory({ text, outcome, connectionId, span }, round);
  const again = () => setRound((now) => now + 1);
  const searching = text !== '' || outcome !== 'all' || connectionId !== '' || span !== 'always';
  return (
    <div className="flex h-full flex-col">
      <header className="flex h-11 shrink-0 items-center gap-2 border-b border-line px-3">
        <SearchField
          label="Search the history"
          placeholder="Words of the statement"
          value={text}
          onValue={setText}
          className="w-80 min-w-24"
        />
        <Select
          aria-label="Connection"
          value={connectionId}
          options={[
            { value: '', label: 'All connections' },
            ...connections.map(({ id, name }) => ({ value: id, label: visibleText(name) })),
          ]}
          onValue={setConnectionId}
          className="max-w-36 min-w-36"
        />
        <Select
          aria-label="Time"
          value={span}
          options={spans.map((value) => ({ value, label: spanWords[value] }))}
          onValue={setSpan}
          className="max-w-30 min-w-30"
        />
        <Select
          aria-label="Outcome"
          value={outcome}
          options={[
            { value: 'all', label: 'All outcomes' },
            { value: 'well', label: 'Succeeded' },
            { value: 'failed', label: 'Failed' },
          ]}
          onValue={setOutcome}
          className="max-w-32 min-w-32"
        />
        {found.loading && <Spinner label="Searching" />}
        <span className="flex-1" />
        <Button
          small
          kind="quiet"
          icon={<Trash2 size={14} strokeWidth={1.75} />}
          disabled={found.entries.length === 0}
          onClick={() => setClearing(true)}
        >
          Clear history…
        </Button>
      </header>
      <div className="@container min-h-0 flex-1 overflow-auto">
        {found.failure && <FailureView failure={found.failure} className="m-3" />}
        {!found.failure && !found.loading && found.entries.length === 0 && (
          <EmptyState
            icon={<History size={28} strokeWidth={1.5} />}
            title={searching ? 'No run matches' : 'No runs yet'}
          >
            {searching ? 'Try fewer or shorter words.' : 'Every statement you run is kept here, on this machine only.'}
          </EmptyState>
        )}
        <Entries entries={found.entries} onRemoved={again} />
        {found.more && (
          <div className="p-3 text-center">
            <Button small onClick={() => void loadMore()}>
              Show more
            </Button>
          </div>
        )}
      </div>
      <ConfirmDialog
        open={clearing}
        title="Clear the whole history?"
        confirmLabel="Clear history"
        danger
        onCancel={() => setClearing(false)}
        onConfirm={() => {
          setClearing(false);
          void client.history.clear().then(again);
        }}
      >
        Every kept run is removed from this machine. Open tabs and their texts stay.
      </ConfirmDialog>
    </div>
  );
}

function Entries({ entries, onRemoved }: { entries: readonly HistoryEntry[]; onRemoved: () => void }) {
  let day = '';
  return (
    <ul>
      {entries.map((entry) => {
        const own = dayOf(entry.atMs);
        const heading = own === day ? null : own;
        day = own;
        return (
          <li key={entry.id}>
            {heading && (
              <h2 className="sticky top-0 border-b border-line bg-canvas px-3 py-1 text-xs font-semibold text-muted">
                {heading}
              </h2>
            )}
            <Entry entry={entry} onRemoved={onRemoved} />
          </li>
        );
      })}
    </ul>
  );
}

function Entry({ entry, onRemoved }: { entry: HistoryEntry; onRemoved: () => void }) {
  const known = useConnections(({ connections }) => connections.some((each) => each.id === entry.connectionId));
  const open = () => {
    const tabId = openTab({
      kind: 'query',
      connectionId: known ? entry.connectionId : null,
      database: known ? entry.database : null,
    });
    changeText(tabId, { text: entry.text, caret: 0 });
    return tabId;
  };
  const place = `${visibleText(entry.connectionName)} / ${visibleText(entry.database)}`;
  const copy = () =>
    navigator.clipboard.writeText(entry.text).then(
      () => toast('The statement was copied.', 'success'),
      () => toast('The clipboard cannot be written to.', 'danger'),
    );
  return (
    <div className="group flex items-start gap-3 border-b border-line px-3 py-1.5 hover:bg-hover">
      <span className="w-16 shrink-0 pt-px text-xs text-faint tabular-nums">{timeOf(entry.atMs)}</span>
      <button
        type="button"
        onClick={open}
        className="min-w-48 flex-1 text-left"
        title="Open in a new query tab (it is not run)"
      >
        <span className="line-clamp-2 font-mono text-xs wrap-anywhere whitespace-pre-wrap">
          {visibleText(entry.text.slice(0, 400).trim().replace(/\s+/g, ' '))}
        </span>
        {entry.failure && (
          <span className="block truncate text-xs text-danger">{visibleText(failureLine(entry.failure))}</span>
        )}
        <span className="block truncate text-xs text-muted @3xl:hidden">{place}</span>
      </button>
      <span className="hidden w-44 min-w-20 shrink-[9] truncate text-right text-xs text-muted @3xl:block">{place}</span>
      <span className="w-24 shrink-0 text-right text-xs text-muted tabular-nums">{rowsWords(entry.rows)}</span>
      <span
        className={cx('w-16 shrink-0 text-right text-xs tabular-nums', entry.failure ? 'text-danger' : 'text-muted')}
      >
        {entry.failure ? 'failed' : shownDuration(entry.durationMs)}
      </span>
      <IconButton
        label="Run it again in a new tab"
        icon={<Play size={14} strokeWidth={1.75} />}
        className="opacity-0 group-hover:opacity-100 focus-visible:opacity-100"
        disabled={!known}
        onClick={() => runWhenShown(open())}
      />
      <IconButton
        label="Copy the statement"
        icon={<Copy size={14} strokeWidth={1.75} />}
        className="opacity-0 group-hover:opacity-100 focus-visible:opacity-100"
        onClick={() => void copy()}
      />
      <IconButton
        label="Remove from the history"
        icon={<Trash2 size={14} strokeWidth={1.75} />}
        className="opacity-0 group-hover:opacity-100 focus-visible:opacity-100"
        onClick={() => void client.history.remove({ ids: [entry.id] }).then(onRemoved)}
      />
    </div>
  );
}
