import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { client } from '../../../client/connect.ts';
import { useStream } from '../../../client/use-stream.ts';
import { count, type DataTab } from '../data-tab.ts';
import { useChannel } from './channels.ts';

const everyMs = 2_500;
const mostCounted = 200_000;

/**
 * Follows what others change while a person looks at it: told by NOTIFY where a channel was chosen, else by looking
 * again. A hidden page asks nothing; what it was told meanwhile it looks at when it is seen.
 * @param held something is being typed, and its row has to stay where it is
 */
export function useLive(tab: DataTab, held: boolean): void {
  const { live } = useStore(tab.store);
  const channel = useChannel(tab.where);
  const missed = useRef(false);
  const isHeld = useRef(held);
  isHeld.current = held;
  const look = () => {
    missed.current = document.visibilityState !== 'visible' || tab.source.busy || isHeld.current;
    if (missed.current) return;
    tab.source.refresh(true);
    // Of a large table there is only the planner's estimate, and a filter over it may take long.
    const { counting } = tab.store.getState();
    if (!counting && (tab.model.estimatedRows ?? 0) < mostCounted) void count(tab, false);
  };
  const failure = useStream(client.data.follow, live && channel !== '' ? { ...tab.where, channel } : null, look);
  useEffect(() => tab.store.setState({ liveFailure: failure }), [tab, failure]);
  const polls = live && (channel === '' || failure !== null);
  const latest = useRef(look);
  latest.current = look;
  useEffect(() => {
    if (!polls) return;
    const timer = setInterval(() => latest.current(), everyMs);
    return () => clearInterval(timer);
  }, [polls]);
  useEffect(() => {
    if (!live) return;
    const again = () => missed.current && latest.current();
    if (!held) again();
    const off = tab.source.subscribe(again);
    document.addEventListener('visibilitychange', again);
    return () => {
      off();
      document.removeEventListener('visibilitychange', again);
    };
  }, [tab, live, held]);
}
