import { FolderInput, Plus } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { ListedConnection } from '../../shared/api/connections.ts';
import type { ObjectRef } from '../../shared/api/objects.ts';
import { qualified } from '../../shared/sql/quote.ts';
import { readAhead } from '../client/catalogs.ts';
import { client } from '../client/connect.ts';
import { useCall } from '../client/use-call.ts';
import { warmUp } from '../diagram/layout/elk-layout.ts';
import { ObjectTree } from '../features/objects/object-tree.tsx';
import { databaseEntries } from '../features/objects/structure-entries.ts';
import { forgetTrees } from '../features/objects/tree-store.ts';
import { QueriesPanel } from '../features/queries/queries-panel.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { FailureView, WaysOut } from '../ui/failure-view.tsx';
import { DropdownMenu, type MenuEntry } from '../ui/menu.tsx';
import { SplitPane } from '../ui/split-pane.tsx';
import { EmptyState, Spinner } from '../ui/states.tsx';
import { visibleText } from '../ui/visible-text.ts';
import { useAwake, wake, wakeIfAwake } from '../workspace/awake.ts';
import { runCommand } from '../workspace/commands.ts';
import { useConnections } from '../workspace/connections.ts';
import { openDialog } from '../workspace/dialogs.ts';
import { changeLayout, useLayout } from '../workspace/layout.ts';
import { openMonitor } from '../workspace/monitor/open-monitor.ts';
import { onStructureChanged } from '../workspace/structure/structure-changes.ts';
import { openTab } from '../workspace/tabs.ts';
import { changeText } from '../workspace/texts.ts';
import { askAbout, canAsk, waysOut } from '../workspace/trouble.ts';
import { ConnectionList } from './connection-list.tsx';

function choose(connection: ListedConnection): void {
  wake(connection.id);
  if (useLayout.getState().currentConnectionId === connection.id) return;
  changeLayout({ currentConnectionId: connection.id, currentDatabase: null });
}
const openQuery = (connection: ListedConnection) => {
  choose(connection);
  openTab({ kind: 'query', connectionId: connection.id, database: null });
};

/** The saved connection that leads to Howdah's own sample server. Asked again where a connection comes or goes. */
function useSampleConnectionId(): string | undefined {
  const count = useConnections(({ connections }) => connections.length);
  const { data, reload } = useCall(client.sample.status, undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the count stands for the change
  useEffect(reload, [reload, count]);
  return data?.connectionId;
}

const destinationOf = ({ host, port, database, user, ssh }: ListedConnection): string =>
  JSON.stringify([host, port, database, user, ssh]);

/** After an edit the same connection may lead elsewhere: its objects are read anew, and its own database is shown. */
function useMovedConnections(connections: readonly ListedConnection[]): void {
  const known = useRef(new Map<string, string>());
  useEffect(() => {
    for (const connection of connections) {
      const { id } = connection;
      const before = known.current.get(id);
      const now = destinationOf(connection);
      known.current.set(id, now);
      if (before === undefined || before === now) continue;
      forgetTrees(id);
      if (useLayout.getState().currentConnectionId === id) changeLayout({ currentDatabase: null });
      wakeIfAwake(id);
    }
  }, [connections]);
}

const connectionMenu = (connection: ListedConnection, isSample: boolean): readonly MenuEntry[] => [
  { label: 'New query', run: () => openQuery(connection) },
  { label: 'Show objects', run: () => choose(connection) },
  { label: 'Diagram', run: () => openTab({ kind: 'diagram', connectionId: connection.id, database: null }) },
  { label: 'Monitor', run: () => openMonitor('overview', { connectionId: connection.id, recordingId: null }) },
  ...(isSample
    ? ([
        { kind: 'separator' },
        { label: 'Start the sample server', run: () => runCommand('sample.open') },
        { label: 'Start or stop the workload', run: () => runCommand('workload.toggle') },
      ] satisfies MenuEntry[])
    : []),
  { kind: 'separator' },
  { label: 'Edit…', run: () => openDialog({ kind: 'connection', connectionId: connection.id }) },
  { label: 'Duplicate', run: () => void client.connections.duplicate({ id: connection.id }) },
  { kind: 'separator' },
  { label: 'Delete…', danger: true, run: () => openDialog({ kind: 'removeConnection', connectionId: connection.id }) },
];

/** What the rail has chosen: connections and objects, or the saved queries. */
export function Sidebar() {
  const view = useLayout((layout) => layout.sidebarView);
  if (view === 'queries')
    return (
      <div className="h-full bg-canvas">
        <QueriesPanel />
      </div>
    );
  return <Connections />;
}

/** Connections above, the objects of the current one below. */
function Connections() {
  const { connections, loaded } = useConnections();
  const { connectionsPx, currentConnectionId } = useLayout();
  const current = connections.find((each) => each.id === currentConnectionId);
  const sampleId = useSampleConnectionId();
  useMovedConnections(connections);
  const list = (
    <section aria-label="Connections" className="flex h-full flex-col">
      <header className="flex h-8 shrink-0 items-center gap-1 pr-1.5 pl-3">
        <h2 className="flex-1 text-xs font-semibold text-muted">Connections</h2>
        <IconButton
          label="Import connections"
          icon={<FolderInput size={15} strokeWidth={1.75} />}
          onClick={() => openDialog({ kind: 'import' })}
        />
        <IconButton
          label="New connection"
          icon={<Plus size={16} strokeWidth={1.75} />}
          onClick={() => openDialog({ kind: 'connection' })}
        />
      </header>
      <div className="min-h-0 flex-1">
        {loaded && connections.length === 0 ? (
          <div className="flex flex-col items-start gap-2 px-3 py-1">
            <p className="text-xs text-muted">Nothing saved yet.</p>
            <Button small onClick={() => openDialog({ kind: 'connection' })}>
              New connection
            </Button>
            <Button small onClick={() => openDialog({ kind: 'sample' })}>
              Open the sample
            </Button>
          </div>
        ) : (
          <ConnectionList
            connections={connections}
            currentId={currentConnectionId}
            onChoose={choose}
            onOpen={openQuery}
            menu={(connection) => connectionMenu(connection, connection.id === sampleId)}
          />
        )}
      </div>
    </section>
  );
  if (!current) return <div className="h-full bg-canvas">{list}</div>;
  return (
    <div className="h-full bg-canvas">
      <SplitPane
        direction="column"
        sized="first"
        sizePx={connectionsPx}
        minPx={80}
        onSize={(px) => changeLayout({ connectionsPx: px })}
        label="Resize the list of connections"
        first={list}
        second={<CurrentConnection key={current.id} connection={current} isSample={current.id === sampleId} />}
      />
    </div>
  );
}

/** Nothing is said to a server before the person turns to it. */
function CurrentConnection({ connection, isSample }: { connection: ListedConnection; isSample: boolean }) {
  const round = useAwake(connection.id);
  if (round > 0) return <CurrentObjects key={round} connection={connection} isSample={isSample} />;
  return (
    <EmptyState title="Not connected yet" actions={<Button onClick={() => wake(connection.id)}>Connect</Button>}>
      The objects of {visibleText(connection.name)} are shown here.
    </EmptyState>
  );
}

/** The object tree of the current connection, with its databases to choose from. */
function CurrentObjects({ connection, isSample }: { connection: ListedConnection; isSample: boolean }) {
  const databases = useCall(client.objects.databases, { connectionId: connection.id });
  const chosen = useLayout((layout) => layout.currentDatabase);
  // One that was dropped or renamed is chosen no longer.
  const gone = databases.state === 'done' && !databases.data.some((each) => each.name === chosen);
  const database = (gone ? null : chosen) ?? databases.data?.find((each) => each.current)?.name ?? null;
  useEffect(() => {
    if (database !== chosen) changeLayout({ currentDatabase: database });
  }, [database, chosen]);
  useEffect(() => {
    if (!database) return undefined;
    void warmUp(8);
    return readAhead({ connectionId: connection.id, database });
  }, [connection.id, database]);
  const failure = databases.state === 'failed' ? databases.failure : null;
  const { reload } = databases;
  useEffect(() => onStructureChanged((id) => id === connection.id && reload()), [connection.id, reload]);
  useEffect(() => {
    if (failure && canAsk(failure)) askAbout({ connectionId: connection.id, failure, retry: reload });
  }, [failure, connection.id, reload]);
  if (failure && !databases.data) {
    return (
      <div className="h-full overflow-auto p-2">
        <FailureView
          failure={failure}
          actions={
            <>
              {isSample && (
                <Button small kind="primary" onClick={() => runCommand('sample.open')}>
                  Start the sample server
                </Button>
              )}
              <WaysOut ways={waysOut(connection.id, failure, reload)} />
            </>
          }
        />
      </div>
    );
  }
  if (!database) {
    return (
      <div className="p-3">
        {databases.state === 'pending' ? <Spinner label="Connecting" /> : <EmptyState title="No database" />}
      </div>
    );
  }
  const open = (object: ObjectRef) => openTab({ kind: 'object', connectionId: connection.id, database, object });
  const runSql = (sql: string) => {
    const tabId = openTab({ kind: 'query', connectionId: connection.id, database });
    changeText(tabId, { text: sql, caret: sql.length });
  };
  return (
    <section aria-label="Objects" className="flex h-full flex-col">
      <header className="flex h-8 shrink-0 items-center gap-2 border-b border-line px-2">
        <select
          aria-label="Database"
          value={database}
          onChange={(event) => changeLayout({ currentDatabase: event.currentTarget.value })}
          className="h-6 min-w-0 flex-1 rounded-md border border-transparent bg-transparent text-xs font-semibold text-ink hover:border-line-strong"
        >
          {(databases.data ?? [])
            .filter((each) => each.allowConnections || each.name === database)
            .map((each) => (
              <option key={each.name} value={each.name}>
                {each.name}
              </option>
            ))}
        </select>
        <DropdownMenu
          align="end"
          trigger={<IconButton label="Create in this database" icon={<Plus size={15} strokeWidth={1.75} />} />}
          items={databaseEntries(
            { connectionId: connection.id, database },
            (databases.data ?? []).find((each) => each.allowConnections && each.name !== database)?.name ?? null,
          )}
        />
      </header>
      <div className="min-h-0 flex-1">
        <ObjectTree
          key={database}
          connectionId={connection.id}
          database={database}
          onOpen={open}
          onOpenRows={(object) => openTab({ kind: 'data', connectionId: connection.id, database, object })}
          onRunSql={runSql}
          onDiagram={(object) => openTab({ ...diagramOf(object), connectionId: connection.id, database })}
        />
      </div>
    </section>
  );
}

/** A schema's tables, or a table and those one key away. */
const diagramOf = ({ kind, schema, name }: ObjectRef) => ({
  kind: 'diagram' as const,
  choice:
    kind === 'schema'
      ? { kind: 'schemas' as const, schemas: [name] }
      : { kind: 'around' as const, table: qualified(schema ?? '', name), hops: 1 },
});
