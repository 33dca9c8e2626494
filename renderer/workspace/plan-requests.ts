/** What a plan tab is to explain: handed over by the page that has the statement, run by the plan page. */
import { create } from 'zustand';
import { onTabClosed, openTab, useTabs } from './tabs.ts';

export interface PlanRequest {
  /** Null: it is planned from the recording. */
  readonly connectionId: string | null;
  readonly recordingId?: string;
  readonly database: string | null;
  /** The editor tab's session, whose SET, temporary tables and transaction count. */
  readonly sessionId: string | null;
  /** One statement, or a script and the caret in it. */
  readonly sql: string;
  readonly caret: number | null;
  readonly analyze: boolean;
  /** Somebody else's statement: it is planned, never run. */
  readonly foreign?: { readonly remark: string };
  /** Counts up: the same statement asked for again is another request. */
  readonly round: number;
}

const useRequests = create<{ readonly byTab: ReadonlyMap<string, PlanRequest> }>(() => ({ byTab: new Map() }));
/** Plan tab by the tab it was asked from, so that asking again does not open another. */
const planTabs = new Map<string, string>();
let rounds = 0;

export const usePlanRequest = (tabId: string): PlanRequest | undefined => useRequests(({ byTab }) => byTab.get(tabId));

/** Opens (or goes to) the plan tab of a tab and has the statement explained there. */
export function openPlan(fromTabId: string, title: string, request: Omit<PlanRequest, 'round'>): void {
  const { tabs } = useTabs.getState();
  const known = tabs.find((tab) => tab.id === planTabs.get(fromTabId));
  const tabId = known?.id ?? openTab({ kind: 'plan', planId: null, connectionId: request.connectionId }, { title });
  planTabs.set(fromTabId, tabId);
  useRequests.setState(({ byTab }) => ({ byTab: new Map(byTab).set(tabId, { ...request, round: ++rounds }) }));
  if (known) useTabs.setState({ activeId: tabId });
}

onTabClosed(({ id }) => {
  useRequests.setState(({ byTab }) => ({ byTab: new Map([...byTab].filter(([key]) => key !== id)) }));
});
