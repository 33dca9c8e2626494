import { Activity } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../ui/class-names.ts';
import { FailureView, WaysOut } from '../../../ui/failure-view.tsx';
import { EmptyState, Pending } from '../../../ui/states.tsx';
import { runCommand } from '../../../workspace/commands.ts';
import { monitorTitle, openMonitor, sourceName } from '../../../workspace/monitor/open-monitor.ts';
import { type MonitorPage, type MonitorSource, monitorPages } from '../../../workspace/monitor/pages.ts';
import type { Place } from '../../../workspace/tab.ts';
import { changeTab } from '../../../workspace/tabs.ts';
import { waysOut } from '../../../workspace/trouble.ts';
import type { MonitorView } from './monitor-view.ts';
import { RangePicker } from './range-picker.tsx';
import { ScrubBar } from './scrub-bar.tsx';
import { RecordingState, SourcePicker } from './source-picker.tsx';
import { type MonitorState, useMonitor } from './use-monitor.ts';

/** Head and scrub bar that all monitoring pages of a source have in common, around the page itself. */
export function MonitorFrame({
  tabId,
  place,
  children,
}: {
  tabId: string;
  place: Extract<Place, { kind: 'monitor' }>;
  children: (view: MonitorView) => ReactNode;
}) {
  const state = useMonitor(tabId, place);
  const source = { connectionId: place.connectionId, recordingId: place.recordingId };
  const view = state.state === 'ready' ? state.view : null;
  return (
    <div className="flex h-full flex-col">
      <h1 className="sr-only">{monitorTitle(place.page, source)}</h1>
      <header className="flex h-10 shrink-0 items-center gap-2 px-3">
        <SourcePicker name={sourceName(source)} page={place.page} source={source} />
        {view && <RecordingState recording={view.recording} />}
        <span className="flex-1" />
        {view && <RangePicker view={view} />}
      </header>
      <PageLinks page={place.page} source={source} tabId={tabId} />
      {view && <ScrubBar view={view} />}
      <div className="min-h-0 flex-1 overflow-hidden">
        {view ? children(view) : <Unready state={state} connectionId={place.connectionId} />}
      </div>
    </div>
  );
}

/** The pages beside each other: a click goes there in this tab, with Ctrl or the middle button in one of its own. */
function PageLinks({ page, source, tabId }: { page: MonitorPage; source: MonitorSource; tabId: string }) {
  return (
    <nav
      aria-label="Monitoring pages"
      className="flex min-h-8 shrink-0 flex-wrap items-stretch border-b border-line px-2"
    >
      {monitorPages.map((each) => (
        <button
          key={each.page}
          type="button"
          aria-current={each.page === page ? 'page' : undefined}
          onClick={(event) =>
            event.ctrlKey || event.metaKey
              ? openMonitor(each.page, source)
              : changeTab(tabId, { place: { kind: 'monitor', page: each.page, ...source } })
          }
          onAuxClick={(event) => event.button === 1 && openMonitor(each.page, source)}
          className={cx(
            '-mb-px h-8 shrink-0 border-b-2 px-2.5 text-sm',
            each.page === page ? 'border-accent text-ink' : 'border-transparent text-muted hover:text-ink',
          )}
        >
          {each.label}
        </button>
      ))}
    </nav>
  );
}

function Unready({ state, connectionId }: { state: MonitorState; connectionId: string | null }) {
  switch (state.state) {
    case 'pending':
      return <Pending label={state.label} />;
    case 'failed':
      return (
        <FailureView
          failure={state.failure}
          className="m-4"
          actions={
            connectionId === null ? (
              <Button small onClick={state.retry}>
                Try again
              </Button>
            ) : (
              <WaysOut ways={waysOut(connectionId, state.failure, state.retry)} />
            )
          }
        />
      );
    case 'unrecorded':
      return (
        <EmptyState
          icon={<Activity size={28} strokeWidth={1.5} />}
          title="This server is not recorded yet"
          actions={
            <Button kind="primary" onClick={state.start}>
              Begin recording
            </Button>
          }
        >
          One connection samples sessions every second and counters every minute. It is kept on this machine, and goes
          on in the background while Howdah runs.
        </EmptyState>
      );
    case 'gone':
      return (
        <EmptyState
          title="This recording is not open any more"
          actions={<Button onClick={() => runCommand('recording.open')}>Open a recording…</Button>}
        >
          Open its file again to look at it.
        </EmptyState>
      );
    case 'ready':
      return null;
  }
}
