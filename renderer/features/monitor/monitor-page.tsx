/** A total table from monitoring page to component: a new member of `monitorPages` makes the compiler ask for its line. */
import type { ReactNode } from 'react';
import type { MonitorPage as PageName } from '../../workspace/monitor/pages.ts';
import type { Place } from '../../workspace/tab.ts';
import { ActivityPage } from './activity/activity-page.tsx';
import { ComparePage } from './compare/compare-page.tsx';
import { MonitorFrame } from './frame/monitor-frame.tsx';
import type { MonitorView } from './frame/monitor-view.ts';
import { LocksPage } from './locks/locks-page.tsx';
import { MonitoredObjectsPage } from './objects/objects-page.tsx';
import { OverviewPage } from './overview/overview-page.tsx';
import { RecorderPage } from './recorder/recorder-page.tsx';
import { ReplicationPage } from './replication/replication-page.tsx';
import { SessionsPage } from './sessions/sessions-page.tsx';
import { MonitoredSettingsPage } from './settings/settings-page.tsx';
import { StatementsPage } from './statements/statements-page.tsx';

type PageProps = { readonly view: MonitorView; readonly focus: string | undefined };

const pages: Readonly<Record<PageName, (props: PageProps) => ReactNode>> = {
  overview: ({ view }) => <OverviewPage view={view} />,
  activity: ({ view }) => <ActivityPage view={view} />,
  sessions: ({ view }) => <SessionsPage view={view} />,
  locks: ({ view }) => <LocksPage view={view} />,
  statements: ({ view, focus }) => <StatementsPage view={view} focus={focus} />,
  objects: ({ view }) => <MonitoredObjectsPage view={view} />,
  replication: ({ view }) => <ReplicationPage view={view} />,
  settings: ({ view }) => <MonitoredSettingsPage view={view} />,
  compare: ({ view }) => <ComparePage view={view} />,
  recorder: ({ view }) => <RecorderPage view={view} />,
};

export function MonitorPage({ tabId, place }: { tabId: string; place: Extract<Place, { kind: 'monitor' }> }) {
  const Shown = pages[place.page];
  return (
    <MonitorFrame tabId={tabId} place={place}>
      {(view) => <Shown key={`${view.id} ${place.page} ${place.focus ?? ''}`} view={view} focus={place.focus} />}
    </MonitorFrame>
  );
}
