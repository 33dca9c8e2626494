import { History } from 'lucide-react';
import { useEffect, useState } from 'react';
import { shownDuration } from '../../../ui/amounts.ts';

const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

/** Says that a result is not of now, how old it is, and offers one that is. */
export function KeptMark({ atMs, onRefresh }: { atMs: number; onRefresh: (() => void) | undefined }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.floor((now - atMs) / 1000));
  return (
    <span className="inline-flex shrink-0 items-center gap-1.5 rounded-sm bg-accent-soft px-1.5 text-accent">
      <History size={12} strokeWidth={1.75} aria-hidden />
      <span title={`Asked for at ${time.format(atMs)}`}>
        kept result, {seconds < 60 ? `${seconds} s` : shownDuration(seconds * 1000)} old
      </span>
      {onRefresh && (
        <button
          type="button"
          className="font-medium underline"
          onClick={(event) => {
            // The button goes with the kept result: the grid, which stays, takes the focus.
            const grid = event.currentTarget.closest('[role="tabpanel"]')?.querySelector<HTMLElement>('[role="grid"]');
            grid?.focus();
            onRefresh();
          }}
        >
          Refresh
        </button>
      )}
    </span>
  );
}
