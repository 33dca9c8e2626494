import { client } from '../client/connect.ts';
import { openSqlDiagram } from '../features/diagrams/open-sql-file.ts';
import { useStructureCommands } from '../features/objects/structure-commands.ts';
import { toast } from '../ui/toast.tsx';
import { useCommand } from '../workspace/commands.ts';
import { connectionOf, useConnections } from '../workspace/connections.ts';
import { openDialog } from '../workspace/dialogs.ts';
import { changeLayout, useLayout } from '../workspace/layout.ts';
import { changeSettings } from '../workspace/settings.ts';
import { closeTab, openTab, stepTab, useTabs } from '../workspace/tabs.ts';
import { reopenClosedTab } from './keep-workspace.ts';

const hasTab = () => useTabs.getState().activeId !== null;

/** The connection a new query goes to: the sidebar's, else the only one. */
function connectionForNewQuery(): string | null {
  const { currentConnectionId } = useLayout.getState();
  const { connections } = useConnections.getState();
  if (connections.some((each) => each.id === currentConnectionId)) return currentConnectionId;
  return connections.length === 1 ? (connections[0]?.id ?? null) : null;
}

/** The recording from elsewhere that the tab in front is of. */
function recordingInSight(): string | null {
  const { tabs, activeId } = useTabs.getState();
  const place = tabs.find(({ id }) => id === activeId)?.place;
  return place && 'recordingId' in place ? (place.recordingId ?? null) : null;
}

async function toggleWorkload(): Promise<void> {
  try {
    const { workloadRunning } = await client.sample.status();
    await (workloadRunning ? client.sample.stopWorkload() : client.sample.startWorkload());
    toast(workloadRunning ? 'The sample workload was stopped.' : 'The sample server is busy now.');
  } catch (thrown) {
    toast(thrown instanceof Error ? thrown.message : String(thrown), 'danger');
  }
}

/** Binds the commands that need no particular page. */
export function useAppCommands(theme: 'light' | 'dark'): void {
  useCommand('query.new', () => {
    const connectionId = connectionForNewQuery();
    const database =
      connectionId === useLayout.getState().currentConnectionId ? useLayout.getState().currentDatabase : null;
    openTab({ kind: 'query', connectionId, database });
  });
  useCommand(
    'diagram.open',
    () => {
      const recordingId = recordingInSight();
      if (recordingId) {
        openTab({ kind: 'diagram', connectionId: null, database: null, recordingId });
        return;
      }
      const connectionId = connectionForNewQuery();
      const { currentConnectionId, currentDatabase } = useLayout.getState();
      const database = connectionId === currentConnectionId ? currentDatabase : null;
      openTab({ kind: 'diagram', connectionId, database });
    },
    () => connectionForNewQuery() !== null || recordingInSight() !== null,
  );
  useCommand(
    'rowGraph.open',
    () => {
      const connectionId = connectionForNewQuery();
      const { currentConnectionId, currentDatabase } = useLayout.getState();
      const own = connectionOf(connectionId)?.database ?? '';
      const database = connectionId === currentConnectionId ? (currentDatabase ?? own) : own;
      if (connectionId !== null) openTab({ kind: 'rowGraph', connectionId, database, object: null, key: null });
    },
    () => connectionForNewQuery() !== null,
  );
  useCommand('diagram.file', () => void openSqlDiagram());
  useStructureCommands();
  useCommand('connection.new', () => openDialog({ kind: 'connection' }));
  useCommand('connection.import', () => openDialog({ kind: 'import' }));
  useCommand('sample.open', () => openDialog({ kind: 'sample' }));
  useCommand(
    'tables.import',
    () => {
      const { currentConnectionId: connectionId, currentDatabase: database } = useLayout.getState();
      if (!connectionId) return;
      const what = { connectionId, ...(database ? { database } : {}), schema: 'public' };
      openDialog({ kind: 'importRows', what });
    },
    () => useLayout.getState().currentConnectionId !== null,
  );
  useCommand(
    'script.run',
    () => {
      const { currentConnectionId: connectionId, currentDatabase: database } = useLayout.getState();
      if (connectionId) openDialog({ kind: 'script', what: { connectionId, ...(database ? { database } : {}) } });
    },
    () => useLayout.getState().currentConnectionId !== null,
  );
  useCommand(
    'tables.export',
    () => {
      const { currentConnectionId: connectionId, currentDatabase: database } = useLayout.getState();
      if (!connectionId) return;
      const source = { kind: 'pick' as const, connectionId, ...(database ? { database } : {}), schema: null };
      openDialog({ kind: 'export', what: { source, name: database ?? 'tables' } });
    },
    () => connectionForNewQuery() !== null && useLayout.getState().currentConnectionId !== null,
  );
  useCommand('tab.close', () => void closeTab(useTabs.getState().activeId ?? ''), hasTab);
  useCommand('tab.reopen', () => void reopenClosedTab());
  useCommand('tab.next', () => stepTab(1), hasTab);
  useCommand('tab.previous', () => stepTab(-1), hasTab);
  useCommand('settings.open', () => openTab({ kind: 'settings' }));
  useCommand('plan.paste', () => openTab({ kind: 'plan', planId: null }));
  useCommand('history.open', () => openTab({ kind: 'history' }));
  useCommand('journal.open', () => openTab({ kind: 'journal' }));
  useCommand('backups.open', () => openTab({ kind: 'backups' }));
  useCommand('welcome.open', () => openTab({ kind: 'welcome' }));
  useCommand('palette.open', () => openDialog({ kind: 'palette' }));
  useCommand('help.shortcuts', () => openDialog({ kind: 'shortcuts' }));
  useCommand('sidebar.toggle', () => changeLayout({ sidebarShown: !useLayout.getState().sidebarShown }));
  useCommand('queries.open', () => {
    const { sidebarShown, sidebarView } = useLayout.getState();
    const isShown = sidebarShown && sidebarView === 'queries';
    changeLayout({ sidebarShown: true, sidebarView: isShown ? 'objects' : 'queries' });
  });
  useCommand('objects.search', () => {
    changeLayout({ sidebarShown: true, sidebarView: 'objects' });
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-focus="object-search"]')?.focus());
  });
  useCommand('theme.toggle', () => void changeSettings({ theme: theme === 'dark' ? 'light' : 'dark' }));
  useCommand('workload.toggle', () => void toggleWorkload());
}
