/** The open tabs. To go anywhere, open a tab: `openTab({ kind: 'object', … })`. */
import { create } from 'zustand';
import { type Place, placeTitle, samePlace, type Tab } from './tab.ts';

interface Tabs {
  readonly tabs: readonly Tab[];
  readonly activeId: string | null;
}

export const useTabs = create<Tabs>(() => ({ tabs: [], activeId: null }));

const newId = (): string => crypto.randomUUID();

/** Opens a place, or goes to the tab that already shows it. @returns the tab's id */
export function openTab(place: Place, options: { title?: string; id?: string; behind?: boolean } = {}): string {
  const { tabs, activeId } = useTabs.getState();
  const there = tabs.find((tab) => samePlace(tab.place, place));
  if (there) {
    useTabs.setState({ activeId: there.id });
    return there.id;
  }
  const id = options.id ?? newId();
  const tab: Tab = { id, place, title: options.title ?? numbered(placeTitle(place), place, tabs) };
  const at = tabs.findIndex((each) => each.id === activeId);
  const next = at < 0 ? [...tabs, tab] : [...tabs.slice(0, at + 1), tab, ...tabs.slice(at + 1)];
  // The welcome page makes room for the first real place.
  const kept = place.kind === 'welcome' ? next : next.filter((each) => each.place.kind !== 'welcome' || each.id === id);
  useTabs.setState({ tabs: kept, activeId: options.behind && activeId ? activeId : id });
  return id;
}

/** "Query 3": the first number not taken. */
function numbered(title: string, place: Place, tabs: readonly Tab[]): string {
  if (place.kind !== 'query') return title;
  const taken = new Set(tabs.map((tab) => tab.title));
  let number = 1;
  while (taken.has(`${title} ${number}`)) number++;
  return `${title} ${number}`;
}

type ClosingGuard = (tab: Tab) => Promise<boolean>;
const guards = new Set<ClosingGuard>();
/** Asked before a tab is closed; false keeps it open (an open transaction, say). */
export function guardClosing(guard: ClosingGuard): () => void {
  guards.add(guard);
  return () => guards.delete(guard);
}

const closedListeners = new Set<(tab: Tab) => void>();
/** Told after a tab was closed, to free what belonged to it. */
export function onTabClosed(listener: (tab: Tab) => void): () => void {
  closedListeners.add(listener);
  return () => closedListeners.delete(listener);
}

export async function closeTab(id: string): Promise<boolean> {
  const tab = useTabs.getState().tabs.find((each) => each.id === id);
  if (!tab) return true;
  for (const guard of guards) if (!(await guard(tab))) return false;
  const { tabs, activeId } = useTabs.getState();
  const at = tabs.findIndex((each) => each.id === id);
  const left = tabs.filter((each) => each.id !== id);
  useTabs.setState({
    tabs: left,
    activeId: activeId === id ? (left[Math.min(at, left.length - 1)]?.id ?? null) : activeId,
  });
  for (const listener of closedListeners) listener(tab);
  return true;
}

export const activateTab = (id: string): void => useTabs.setState({ activeId: id });

/** Goes to the next (1) or previous (-1) tab, around the ends. */
export function stepTab(by: 1 | -1): void {
  const { tabs, activeId } = useTabs.getState();
  const at = tabs.findIndex((tab) => tab.id === activeId);
  const next = tabs[(at + by + tabs.length) % tabs.length];
  if (next) activateTab(next.id);
}

/** Puts a tab before another, or last. */
export function moveTab(id: string, beforeId: string | null): void {
  const { tabs } = useTabs.getState();
  const moved = tabs.find((tab) => tab.id === id);
  if (!moved || id === beforeId) return;
  const rest = tabs.filter((tab) => tab.id !== id);
  const at = beforeId === null ? rest.length : rest.findIndex((tab) => tab.id === beforeId);
  useTabs.setState({ tabs: [...rest.slice(0, at), moved, ...rest.slice(at)] });
}

export function changeTab(id: string, change: Partial<Pick<Tab, 'title' | 'place'>>): void {
  useTabs.setState(({ tabs }) => ({ tabs: tabs.map((tab) => (tab.id === id ? { ...tab, ...change } : tab)) }));
}

/** Puts back what was open. */
export const restoreTabs = (tabs: readonly Tab[], activeId: string | null): void =>
  useTabs.setState({ tabs, activeId: activeId ?? tabs.at(-1)?.id ?? null });
