/**
 * Keeps what is open: tabs and layout shortly after a change, a text at most 400 ms after the last key and at least
 * every 800 ms while keys keep coming, so that a kill loses less than a second of typing.
 */
import { client } from '../client/connect.ts';
import { toast } from '../ui/toast.tsx';
import { restoreLayout, useLayout } from '../workspace/layout.ts';
import { placeFrom } from '../workspace/tab.ts';
import { onTabClosed, openTab, restoreTabs, useTabs } from '../workspace/tabs.ts';
import { forgetText, onTextChange, restoreText, textOf } from '../workspace/texts.ts';

const restMs = 400;
const longestMs = 800;
const windowKey = 'howdah.window';

let windowId = '';
let toldFailure = false;

async function kept(work: Promise<unknown>): Promise<void> {
  try {
    await work;
    toldFailure = false;
  } catch (thrown) {
    // Once, not at every key: the state stays in the page and is saved by the next attempt that succeeds.
    if (!toldFailure) toast(thrown instanceof Error ? thrown.message : String(thrown), 'danger');
    toldFailure = true;
  }
}

/** Calls `save` after a rest, but never later than `longestMs` after the first of a row of changes. */
function restful(save: () => Promise<void>): { soon: () => void; now: () => Promise<void> } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let first = 0;
  const now = async () => {
    clearTimeout(timer);
    timer = undefined;
    first = 0;
    await save();
  };
  const soon = () => {
    const at = performance.now();
    if (timer === undefined) first = at;
    clearTimeout(timer);
    timer = setTimeout(() => void now(), Math.max(0, Math.min(restMs, first + longestMs - at)));
  };
  return { soon, now };
}

const tabsSaver = restful(() => {
  const { tabs, activeId } = useTabs.getState();
  const saved = tabs.map((tab, position) => ({
    id: tab.id,
    place: { ...tab.place },
    title: tab.title.slice(0, 300),
    position,
    active: tab.id === activeId,
  }));
  return kept(client.workspace.saveTabs({ windowId, tabs: saved }));
});
const layoutSaver = restful(() => kept(client.workspace.saveLayout({ windowId, layout: { ...useLayout.getState() } })));
const textSavers = new Map<string, ReturnType<typeof restful>>();

function saverOf(tabId: string): ReturnType<typeof restful> {
  const existing = textSavers.get(tabId);
  if (existing) return existing;
  const saver = restful(async () => {
    // A text belongs to a saved tab: a new tab goes first.
    await tabsSaver.now();
    await kept(client.workspace.saveText({ tabId, ...textOf(tabId) }));
  });
  textSavers.set(tabId, saver);
  return saver;
}

/** Puts back what was open, then keeps it. Runs nothing. */
export async function openWorkspace(): Promise<void> {
  const saved = await client.workspace.open({ wanted: sessionStorage.getItem(windowKey) });
  windowId = saved.windowId;
  sessionStorage.setItem(windowKey, windowId);
  restoreLayout(saved.layout);
  for (const text of saved.texts) restoreText(text.tabId, text);
  const tabs = saved.tabs.flatMap((tab) => {
    const place = placeFrom(tab.place);
    return place ? [{ id: tab.id, place, title: tab.title }] : [];
  });
  restoreTabs(tabs, saved.tabs.find((tab) => tab.active)?.id ?? null);
  if (tabs.length === 0) openTab({ kind: 'welcome' });
  useTabs.subscribe(() => tabsSaver.soon());
  useLayout.subscribe(() => layoutSaver.soon());
  onTextChange((tabId) => saverOf(tabId).soon());
  onTabClosed(async (tab) => {
    await textSavers.get(tab.id)?.now();
    textSavers.delete(tab.id);
    forgetText(tab.id);
  });
}

/** Opens the tab that was closed last, with its text. */
export async function reopenClosedTab(): Promise<void> {
  const open = new Set(useTabs.getState().tabs.map((tab) => tab.id));
  const closed = (await client.workspace.closed({ limit: 20 })).find(
    ({ tab }) => !open.has(tab.id) && placeFrom(tab.place),
  );
  const place = closed && placeFrom(closed.tab.place);
  if (!closed || !place) return;
  const text = await client.workspace.text({ tabId: closed.tab.id });
  if (text) restoreText(closed.tab.id, text);
  openTab(place, { id: closed.tab.id, title: closed.tab.title });
}
