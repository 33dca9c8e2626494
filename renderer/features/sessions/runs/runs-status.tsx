import { CircleStop, LoaderCircle } from 'lucide-react';
import { useEffect, useState } from 'react';
import { shownDuration } from '../../../ui/amounts.ts';
import { IconButton } from '../../../ui/button.tsx';
import { Popover } from '../../../ui/popover.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { activateTab, useTabs } from '../../../workspace/tabs.ts';
import { snippet } from '../results/kept-results.ts';
import type { RunState } from '../results/run-state.ts';
import { cancelRun, useRunning } from '../tab-sessions.ts';

/** In the status bar, while anything runs in any tab: how many, and a list with the time and the way to stop each. */
export function RunsStatus() {
  const running = useRunning();
  if (running.length === 0) return null;
  return (
    <Popover
      label="Running statements"
      side="top"
      trigger={
        <button type="button" className="inline-flex shrink-0 items-center gap-1.5 text-accent hover:underline">
          <LoaderCircle size={12} className="animate-spin" aria-hidden />
          {running.length} running
        </button>
      }
    >
      <ul className="flex w-[440px] max-w-full flex-col gap-1">
        {running.map(({ tabId, run }) => (
          <RunLine key={tabId} tabId={tabId} run={run} />
        ))}
      </ul>
    </Popover>
  );
}

function RunLine({ tabId, run }: { tabId: string; run: RunState }) {
  const title = useTabs(({ tabs }) => tabs.find((tab) => tab.id === tabId)?.title ?? '');
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const { range, source } = run;
  const sql = range ? source.text.slice(range.from, range.to) : source.text;
  return (
    <li className="flex items-center gap-2">
      <button
        type="button"
        className="flex min-w-0 flex-1 items-center gap-2 rounded-sm px-1 py-0.5 text-left hover:bg-hover"
        title="Go to its tab"
        onClick={() => activateTab(tabId)}
      >
        <span className="max-w-36 shrink-0 truncate text-xs font-medium">{visibleText(title)}</span>
        <span className="min-w-0 flex-1 truncate font-mono text-2xs text-muted">{visibleText(snippet(sql))}</span>
        <span className="shrink-0 text-xs text-muted tabular-nums">
          {shownDuration(Math.max(0, now - run.startedAtMs))}
        </span>
      </button>
      <IconButton
        label={`Cancel ${title}`}
        icon={<CircleStop size={14} strokeWidth={1.75} />}
        onClick={() => void cancelRun(tabId)}
      />
    </li>
  );
}
