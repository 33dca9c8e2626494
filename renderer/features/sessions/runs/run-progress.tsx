import { useEffect, useState } from 'react';
import type { SessionProgress } from '../../../../shared/api/sessions.ts';
import { client } from '../../../client/connect.ts';
import { shownDuration } from '../../../ui/amounts.ts';
import { ProgressBar } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { notKeptWords } from '../results/messages-view.tsx';
import type { TabSession } from '../tab-sessions.ts';
import { reportedWords, shareDone, workWords } from './progress-words.ts';

/** A run shorter than this ends before anybody has read what it is at. */
const patienceMs = 1_500;
const everyMs = 1_000;

interface Known {
  readonly progress: SessionProgress | null;
  readonly atMs: number;
}

/** Asked again and again while the run lasts; null while it is young. */
function useProgress({ sessionId, run }: TabSession): Known | null {
  const [known, setKnown] = useState<Known | null>(null);
  const running = run?.running ?? false;
  useEffect(() => {
    setKnown(null);
    if (!sessionId || !running) return;
    const control = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      const progress = await client.sessions.progress({ sessionId }, { signal: control.signal }).catch(() => null);
      if (control.signal.aborted) return;
      setKnown({ progress, atMs: Date.now() });
      timer = setTimeout(ask, everyMs);
    };
    timer = setTimeout(ask, patienceMs);
    return () => {
      control.abort();
      clearTimeout(timer);
    };
  }, [sessionId, running]);
  return known;
}

/** Over the results of a long run: how long it has run, how far it is, what it waits for. */
export function RunProgress({ session }: { session: TabSession }) {
  const { run } = session;
  const known = useProgress(session);
  if (!known || !run) return null;
  const { progress, atMs } = known;
  const notKept = run.messages.findLast((message) => message.kind === 'notKept' && message.statement === run.statement);
  const share = progress && shareDone(progress);
  const words = progress && reportedWords(progress);
  const waits = progress && workWords(progress);
  return (
    <section
      aria-label="Progress of the run"
      className="flex h-7 shrink-0 items-center gap-3 border-b border-line bg-sunken px-3 text-xs whitespace-nowrap"
    >
      <span className="font-medium tabular-nums">{shownDuration(atMs - run.startedAtMs)}</span>
      {share !== null && (
        <span className="flex items-center gap-1.5">
          <span className="w-24">
            <ProgressBar label="Done" fraction={share} />
          </span>
          <span className="w-9 text-right tabular-nums">{Math.floor(share * 100)} %</span>
        </span>
      )}
      {words && (
        <span className="min-w-0 truncate" title={visibleText(words)}>
          {visibleText(words)}
        </span>
      )}
      {waits && (
        <span className="min-w-0 shrink-[3] truncate text-muted" title={visibleText(waits)}>
          {visibleText(waits)}
        </span>
      )}
      {notKept?.kind === 'notKept' && (
        <span className="truncate text-warning" title={notKept.why}>
          {notKeptWords(notKept)}
        </span>
      )}
    </section>
  );
}
