import { ScrollText, SquareCheck, Table2 } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import type { TextRange } from '../../../../shared/api/sessions.ts';
import { shownCount } from '../../../ui/amounts.ts';
import { Sections } from '../../../ui/tabs.tsx';
import { allTabSessions, showResult, type TabSession } from '../tab-sessions.ts';
import { MessagesMark, MessagesView } from './messages-view.tsx';
import { keepOnlyResults } from './result-model.ts';
import { ResultView } from './result-view.tsx';

const look = { size: 13, strokeWidth: 1.75, 'aria-hidden': true } as const;

/** The results of the last run, one section each, and the messages. */
export function ResultsPane({
  tabId,
  session,
  placeOf,
  onGoTo,
  onRunOutside,
  problems,
}: {
  tabId: string;
  session: TabSession;
  placeOf: (range: TextRange) => string;
  onGoTo: (range: TextRange) => void;
  /** Runs a statement that cannot be in a transaction, with auto commit. */
  onRunOutside: (range: TextRange) => void;
  /** What the checks say of the text, and how much that is. */
  problems: { readonly mark: ReactNode; readonly list: ReactNode };
}) {
  const { run, failure, shown } = session;
  const results = run?.results ?? [];
  // biome-ignore lint/correctness/useExhaustiveDependencies: another run has other results
  useEffect(() => {
    const all = [...allTabSessions().values()].flatMap((each) => each.run?.results ?? []);
    keepOnlyResults(new Set(all.map((result) => result.resultId)));
  }, [run?.startedAtMs]);
  const sections = results.map((result, at) => ({
    value: result.resultId,
    label: (
      <span className="inline-flex items-center gap-1.5">
        <Table2 {...look} />
        Result{results.length > 1 ? ` ${at + 1}` : ''}
        <span className="text-2xs text-faint tabular-nums">{shownCount(result.rows)}</span>
      </span>
    ),
  }));
  const waiting = {
    value: 'waiting',
    label: (
      <span className="inline-flex items-center gap-1.5">
        <Table2 {...look} />
        Result
      </span>
    ),
  };
  const messages = {
    value: 'messages',
    label: (
      <span className="inline-flex items-center gap-1.5">
        <ScrollText {...look} />
        Messages
        <MessagesMark run={run} failure={failure} />
      </span>
    ),
    content: <MessagesView run={run} failure={failure} placeOf={placeOf} onGoTo={onGoTo} onRunOutside={onRunOutside} />,
  };
  const checks = {
    value: 'problems',
    label: (
      <span className="inline-flex items-center gap-1.5">
        <SquareCheck {...look} />
        Problems
        {problems.mark}
      </span>
    ),
    content: problems.list,
  };
  const isWaiting = shown === 'waiting' && results.length === 0;
  const value =
    isWaiting || shown === 'problems' || results.some((result) => result.resultId === shown) ? shown : 'messages';
  /** The result in front, or behind the messages. */
  const inGrid = useRef('');
  if (value !== 'messages' && value !== 'problems') inGrid.current = value;
  const at = Math.max(
    0,
    results.findIndex((result) => result.resultId === inGrid.current),
  );
  const result = results[at] ?? null;
  const failed = run?.messages.some((said) => said.kind === 'failed' && said.statement === result?.statement) ?? false;
  return (
    <Sections
      label="Results"
      value={value}
      onValue={(next) => showResult(tabId, next)}
      sections={[...sections, ...(isWaiting ? [waiting] : []), messages, checks]}
      shared={{
        value: result?.resultId ?? 'waiting',
        content: (
          <ResultView result={result} running={run?.running ?? false} endedEarly={failed} name={`Result ${at + 1}`} />
        ),
      }}
    />
  );
}
