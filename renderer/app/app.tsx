import { useEffect, useLayoutEffect, useState } from 'react';
import type { AppInfo } from '../../shared/api/app.ts';
import type { Failure } from '../../shared/api/base.ts';
import { client } from '../client/connect.ts';
import { failureFrom } from '../client/failure.ts';
import { useStream } from '../client/use-stream.ts';
import { warmUp } from '../diagram/layout/elk-layout.ts';
import { SaveQueries } from '../features/queries/save-queries.tsx';
import { Button } from '../ui/button.tsx';
import { FailureView } from '../ui/failure-view.tsx';
import { SplitPane } from '../ui/split-pane.tsx';
import { EmptyState, Pending } from '../ui/states.tsx';
import { Toaster, toast } from '../ui/toast.tsx';
import { listenToKeys, runCommand } from '../workspace/commands.ts';
import { useConnections } from '../workspace/connections.ts';
import { changeLayout, useLayout } from '../workspace/layout.ts';
import { takeSettings } from '../workspace/settings.ts';
import { useTabs } from '../workspace/tabs.ts';
import { AppDialogs } from './dialogs/app-dialogs.tsx';
import { ClosingGuard } from './dialogs/closing-guard.tsx';
import { GuardDialog } from './dialogs/guard-dialog.tsx';
import { FailureBoundary } from './failure-boundary.tsx';
import { IconRail } from './icon-rail.tsx';
import { openWorkspace } from './keep-workspace.ts';
import { Page } from './pages.tsx';
import { Sidebar } from './sidebar.tsx';
import { StatusBar } from './status-bar.tsx';
import { TabStrip } from './tab-strip.tsx';
import { useAppCommands } from './use-app-commands.ts';
import { useNativeMenu } from './use-native-menu.ts';
import { useRecordingsOfApp } from './use-recordings.ts';
import { useTheme } from './use-theme.ts';

type Start = { state: 'pending' } | { state: 'failed'; failure: Failure } | { state: 'ready'; info: AppInfo };

async function start(): Promise<AppInfo> {
  const [info, settings] = await Promise.all([client.app.info(), client.app.settings(), openWorkspace()]);
  takeSettings(settings);
  for (const { keptAs } of info.setAside) {
    toast(`A damaged file was set aside as ${keptAs}; the newest good copy took its place.`, 'warning');
  }
  return info;
}

/** The whole window. */
export function App() {
  const theme = useTheme();
  const [at, setAt] = useState<Start>({ state: 'pending' });
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt starts again
  useEffect(() => {
    setAt({ state: 'pending' });
    start().then(
      (info) => setAt({ state: 'ready', info }),
      (thrown) => setAt({ state: 'failed', failure: failureFrom(thrown) }),
    );
  }, [attempt]);
  if (at.state === 'pending') return <Pending label="Opening Howdah" />;
  if (at.state === 'failed') {
    return (
      <div className="mx-auto max-w-xl p-8">
        <FailureView
          failure={at.failure}
          actions={<Button onClick={() => setAttempt((now) => now + 1)}>Try again</Button>}
        />
      </div>
    );
  }
  return <Shell info={at.info} theme={theme} />;
}

function Shell({ info, theme }: { info: AppInfo; theme: 'light' | 'dark' }) {
  const { sidebarShown, sidebarPx } = useLayout();
  const { tabs, activeId } = useTabs();
  const active = tabs.find((tab) => tab.id === activeId);
  useAppCommands(theme);
  useRecordingsOfApp();
  useNativeMenu(info.host === 'desktop');
  useLayoutEffect(() => listenToKeys(window), []);
  // A diagram asked for in the moment in which a connection is there would wait for this longer than for the server.
  // It has a thread of its own: waiting until the page is idle would only lose time.
  useEffect(() => void warmUp(4), []);
  useStream(client.connections.watch, undefined, (connections) =>
    useConnections.setState({ connections, loaded: true }),
  );
  useStream(client.app.events, undefined, (event) => {
    if (event.kind === 'command') runCommand(event.commandId);
    else if (event.kind === 'settings') takeSettings(event.settings);
    else if (event.kind === 'notice') toast(event.message, event.level === 'error' ? 'danger' : event.level);
  });
  const main = (
    <main className="flex h-full min-w-0 flex-col bg-surface">
      <TabStrip />
      <div
        id="page"
        role="tabpanel"
        aria-labelledby={active ? `tab-${active.id}` : undefined}
        className="min-h-0 flex-1"
      >
        {active ? (
          <FailureBoundary key={active.id} place={active.title}>
            <Page tab={active} />
          </FailureBoundary>
        ) : (
          <EmptyState
            title="Nothing open"
            actions={<Button onClick={() => runCommand('query.new')}>New query</Button>}
          />
        )}
      </div>
    </main>
  );
  return (
    <div className="flex h-full flex-col">
      <div className="flex min-h-0 flex-1">
        <IconRail theme={theme} />
        {sidebarShown ? (
          <SplitPane
            direction="row"
            sized="first"
            sizePx={sidebarPx}
            minPx={200}
            restMinPx={420}
            onSize={(px) => changeLayout({ sidebarPx: px })}
            label="Resize the sidebar"
            first={<Sidebar />}
            second={main}
          />
        ) : (
          <div className="min-w-0 flex-1">{main}</div>
        )}
      </div>
      <StatusBar info={info} />
      <AppDialogs />
      {active && <GuardDialog key={active.id} tabId={active.id} />}
      <ClosingGuard />
      <SaveQueries />
      <Toaster />
    </div>
  );
}
