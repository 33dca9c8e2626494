/** A long run that ends while one looks elsewhere is told: in the page, and by the system where the page is not seen. */
import { client } from '../../../client/connect.ts';
import { shownDuration } from '../../../ui/amounts.ts';
import { toast } from '../../../ui/toast.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { useSettings } from '../../../workspace/settings.ts';
import { activateTab, useTabs } from '../../../workspace/tabs.ts';
import type { RunState } from '../results/run-state.ts';

export interface EndedRun {
  readonly title: string;
  readonly failed: boolean;
  readonly body: string;
}

/** What is said of a run that took `tookMs`. */
export function endWords(title: string, run: RunState, tookMs: number): EndedRun {
  const failures = run.messages.filter((message) => message.kind === 'failed');
  const [first] = failures;
  const took = shownDuration(tookMs);
  if (first?.kind === 'failed') {
    return { title, failed: true, body: `“${title}” failed after ${took}: ${first.failure.message.slice(0, 200)}` };
  }
  const commands = run.messages.flatMap((message) => (message.kind === 'complete' ? [message.command] : []));
  const what = commands.length === 1 ? `: ${commands[0]}` : '';
  return { title, failed: false, body: `“${title}” finished after ${took}${what}` };
}

/** Called at the end of every run. */
export function tellRunEnded(tabId: string, run: RunState): void {
  const tookMs = run.outcome?.totalMs ?? Date.now() - run.startedAtMs;
  const { tabs, activeId } = useTabs.getState();
  const tab = tabs.find((each) => each.id === tabId);
  const isSeen = activeId === tabId && document.visibilityState === 'visible' && document.hasFocus();
  if (!tab || isSeen || tookMs < useSettings.getState().longRunMs) return;
  const { body, failed } = endWords(visibleText(tab.title), run, tookMs);
  toast(body, failed ? 'danger' : 'success', { label: 'Go to it', run: () => activateTab(tabId) });
  if (!document.hasFocus()) notifySystem(body, () => activateTab(tabId));
}

function notifySystem(body: string, onClick: () => void): void {
  if (location.protocol === 'app:') {
    client.app.notify({ title: 'Howdah', body }).catch(() => undefined);
    return;
  }
  if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return;
  const shown = new Notification('Howdah', { body });
  shown.onclick = () => {
    window.focus();
    onClick();
  };
}
