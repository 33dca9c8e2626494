/** Pane sizes and what is folded away: kept with the workspace. */
import { create } from 'zustand';

export interface Layout {
  readonly sidebarShown: boolean;
  readonly sidebarPx: number;
  readonly sidebarView: 'objects' | 'queries';
  /** Height of the list of connections above the object tree. */
  readonly connectionsPx: number;
  /** Height of the results below the editor. */
  readonly resultsPx: number;
  /** All results of a script one below the other. */
  readonly resultsStacked: boolean;
  /** Width of the findings beside a plan. */
  readonly planSidePx: number;
  /** Height of the findings below a plan, where there is no room beside it. */
  readonly planBelowPx: number;
  readonly valuePanelShown: boolean;
  readonly valuePanelPx: number;
  /** The connection and database whose objects the sidebar shows. */
  readonly currentConnectionId: string | null;
  readonly currentDatabase: string | null;
  /** By table: which of its columns stands for its rows; '' for none. */
  readonly rowLabels: Readonly<Record<string, string>>;
  /** By table: the channel of NOTIFY on which its changes are told. */
  readonly followChannels: Readonly<Record<string, string>>;
}

export const defaultLayout: Layout = {
  sidebarShown: true,
  sidebarPx: 280,
  sidebarView: 'objects',
  connectionsPx: 220,
  // Two fifths of the window, so that a large screen is used from the start.
  resultsPx: Math.max(380, Math.round((globalThis.innerHeight ?? 0) * 0.42)),
  resultsStacked: false,
  planSidePx: 360,
  planBelowPx: 240,
  valuePanelShown: false,
  valuePanelPx: 340,
  currentConnectionId: null,
  currentDatabase: null,
  rowLabels: {},
  followChannels: {},
};

export const useLayout = create<Layout>(() => defaultLayout);

/** Takes over the kept values whose type still fits; the rest keeps its default. */
export function restoreLayout(saved: Record<string, unknown>): void {
  const fitting = Object.entries(saved).filter(([name, value]) => {
    const usual = defaultLayout[name as keyof Layout];
    return (
      name in defaultLayout &&
      value !== null &&
      (typeof value === typeof usual || (usual === null && typeof value === 'string'))
    );
  });
  useLayout.setState(Object.fromEntries(fitting) as Partial<Layout>);
}

export const changeLayout = (change: Partial<Layout>): void => useLayout.setState(change);
