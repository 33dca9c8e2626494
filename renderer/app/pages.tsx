/** A total table from kind of place to page: a new member of `Place` makes the compiler ask for its line here. */
import type { ReactNode } from 'react';
import { BackupsPage } from '../features/backups/backups-page.tsx';
import { DataPage } from '../features/data/data-page.tsx';
import { DiagramPage } from '../features/diagrams/diagram-page.tsx';
import { HistoryPage } from '../features/history/history-page.tsx';
import { JournalPage } from '../features/journal/journal-page.tsx';
import { MonitorPage } from '../features/monitor/monitor-page.tsx';
import { ServersPage } from '../features/monitor/overview/servers-page.tsx';
import { ObjectPage } from '../features/objects/object-page.tsx';
import { PlanPage } from '../features/plans/plan-page.tsx';
import { RowGraphPage } from '../features/row-graph/row-graph-page.tsx';
import { QueryPage } from '../features/sessions/query-page.tsx';
import { SettingsPage } from '../features/settings/settings-page.tsx';
import { StructurePage } from '../features/structure/structure-page.tsx';
import { WelcomePage } from '../features/welcome/welcome-page.tsx';
import type { Place, PlaceKind, Tab } from '../workspace/tab.ts';

type PageOf<Kind extends PlaceKind> = (props: { tab: Tab; place: Extract<Place, { kind: Kind }> }) => ReactNode;

const pages: { readonly [Kind in PlaceKind]: PageOf<Kind> } = {
  welcome: () => <WelcomePage />,
  query: ({ tab, place }) => <QueryPage tabId={tab.id} place={place} />,
  object: ({ place }) => (
    <ObjectPage connectionId={place.connectionId} database={place.database} object={place.object} />
  ),
  data: ({ tab, place }) => <DataPage key={tab.id} tabId={tab.id} place={place} />,
  diagram: ({ tab, place }) => <DiagramPage key={tab.id} tabId={tab.id} place={place} />,
  structure: ({ tab, place }) => <StructurePage key={tab.id} tabId={tab.id} place={place} />,
  rowGraph: ({ tab, place }) => <RowGraphPage key={tab.id} tabId={tab.id} place={place} />,
  plan: ({ tab, place }) => <PlanPage key={tab.id} tabId={tab.id} place={place} />,
  history: () => <HistoryPage />,
  servers: () => <ServersPage />,
  monitor: ({ tab, place }) => <MonitorPage tabId={tab.id} place={place} />,
  journal: () => <JournalPage />,
  backups: () => <BackupsPage />,
  settings: () => <SettingsPage />,
};

/** The page of a tab. */
export function Page({ tab }: { tab: Tab }) {
  // The table is keyed by the very kind that chooses from it.
  const Shown = pages[tab.place.kind] as PageOf<PlaceKind>;
  return <Shown tab={tab} place={tab.place} />;
}
