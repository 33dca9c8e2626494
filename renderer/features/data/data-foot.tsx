import { useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { count, type DataTab, stopCounting } from './data-tab.ts';

const whole = (value: number) => value.toLocaleString('en-US');

/** How many rows there are: at once about, exactly on request. */
export function DataFoot({ tab }: { tab: DataTab }) {
  const { counting } = useStore(tab.store);
  const subscribe = (changed: () => void) => tab.source.subscribe(changed);
  const rows = useSyncExternalStore(subscribe, () => tab.source.rowCount);
  const exact = useSyncExternalStore(subscribe, () => tab.source.exact);
  const bounded = tab.model.paging === 'window' && rows >= 10_000;
  return (
    <span className="flex items-center gap-2 tabular-nums">
      <span>
        {exact
          ? `${whole(rows)} ${rows === 1 ? 'row' : 'rows'}`
          : bounded
            ? `First ${whole(rows)} rows`
            : `About ${whole(rows)} rows`}
      </span>
      {!exact && !counting && (
        <button type="button" className="text-accent hover:underline" onClick={() => void count(tab, true)}>
          Count exactly
        </button>
      )}
      {counting && (
        <>
          <span role="status">Counting…</span>
          <button type="button" className="text-accent hover:underline" onClick={() => stopCounting(tab)}>
            Stop
          </button>
        </>
      )}
    </span>
  );
}
