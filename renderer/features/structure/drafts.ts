/** Changes that are being thought out, one a tab: kept while another tab is in front, gone with the tab. */
import { create } from 'zustand';
import { onTabClosed } from '../../workspace/tabs.ts';

export interface Draft<Model> {
  /** As the server has it; null: nothing yet. */
  readonly before: Model | null;
  /** What one began with; the draft is changed where `after` differs. */
  readonly start: Model;
  readonly after: Model;
  /** By the way that lets others work. */
  readonly safely: boolean;
}

const useDrafts = create<{ readonly byTab: ReadonlyMap<string, Draft<unknown>> }>(() => ({ byTab: new Map() }));

/** The caller knows what kind of model its own tab holds. */
export const useDraft = <Model>(tabId: string): Draft<Model> | undefined =>
  useDrafts(({ byTab }) => byTab.get(tabId)) as Draft<Model> | undefined;

export const putDraft = <Model>(tabId: string, draft: Draft<Model>): void =>
  useDrafts.setState(({ byTab }) => ({ byTab: new Map(byTab).set(tabId, draft as Draft<unknown>) }));

export function changeDraft<Model>(tabId: string, change: (after: Model) => Model): void {
  const draft = useDrafts.getState().byTab.get(tabId) as Draft<Model> | undefined;
  if (draft) putDraft(tabId, { ...draft, after: change(draft.after) });
}

export function forgetDraft(tabId: string): void {
  useDrafts.setState(({ byTab }) => ({ byTab: new Map([...byTab].filter(([key]) => key !== tabId)) }));
}

const isChanged = ({ start, after }: Draft<unknown>): boolean => JSON.stringify(start) !== JSON.stringify(after);

/** True where closing the tab would lose what was thought out. */
export function hasDraft(tabId: string): boolean {
  const draft = useDrafts.getState().byTab.get(tabId);
  return draft !== undefined && isChanged(draft);
}
export const anyDraft = (): boolean => [...useDrafts.getState().byTab.values()].some(isChanged);

onTabClosed(({ id }) => forgetDraft(id));
