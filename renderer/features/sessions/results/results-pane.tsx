import { GitCompareArrows, Pin, PinOff, Rows3, ScrollText, SquareCheck, Table2 } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { TextRange } from '../../../../shared/api/sessions.ts';
import { failureFrom } from '../../../client/failure.ts';
import { shownCount } from '../../../ui/amounts.ts';
import { IconButton } from '../../../ui/button.tsx';
import { Sections } from '../../../ui/tabs.tsx';
import { toast } from '../../../ui/toast.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { shownKeysOf, useCommand } from '../../../workspace/commands.ts';
import { changeLayout, useLayout } from '../../../workspace/layout.ts';
import { useTabs } from '../../../workspace/tabs.ts';
import { type WayOut, waysOut } from '../../../workspace/trouble.ts';
import type { Origin } from '../origin/edit-rows.ts';
import {
  allTabSessions,
  dropKept,
  ensureSession,
  holdsEdits,
  pinResult,
  refreshResult,
  showResult,
  type TabSession,
} from '../tab-sessions.ts';
import { comparables, compareAgain } from './compare.ts';
import { CompareDialog } from './compare-dialog.tsx';
import { type KeptResult, lastOf, runResults, statementOf } from './kept-results.ts';
import { KeptStrip } from './kept-strip.tsx';
import { MessagesMark, MessagesView } from './messages-view.tsx';
import { keepOnlyResults } from './result-model.ts';
import { ResultView } from './result-view.tsx';
import type { ResultInRun } from './run-state.ts';
import { StackedResults } from './stacked-results.tsx';

/** Null while there is no session to tell where. */
function originOf({ connectionId, database, facts }: TabSession): Origin | null {
  const name = database ?? facts?.database;
  return connectionId && name ? { connectionId, database: name } : null;
}

/** The statement that a result came of, for editing its rows; null where more than one run is at work on it. */
function editingOf(tabId: string, { run, kept }: TabSession, resultId: string) {
  const ran = statementOf(run, kept, resultId);
  return ran && { tabId, sql: ran.sql };
}

function waysOutOf(tabId: string, { connectionId, database, failure }: TabSession): readonly WayOut[] {
  if (!failure || connectionId === null) return [];
  return waysOut(connectionId, failure, () => void ensureSession(tabId, connectionId, database));
}

const look = { size: 13, strokeWidth: 1.75, 'aria-hidden': true } as const;
const buttonLook = { size: 15, strokeWidth: 1.75 } as const;

export interface ResultsPaneProps {
  readonly tabId: string;
  readonly session: TabSession;
  readonly placeOf: (range: TextRange) => string;
  readonly onGoTo: (range: TextRange) => void;
  /** Runs a statement that cannot be in a transaction, with auto commit. */
  readonly onRunOutside: (range: TextRange) => void;
  /** What the checks say of the text, and how much that is. */
  readonly problems: { readonly mark: ReactNode; readonly list: ReactNode };
}

/** What is kept, the results of the last run, and the messages: a section each, or the results below each other. */
export function ResultsPane({ tabId, session, placeOf, onGoTo, onRunOutside, problems }: ResultsPaneProps) {
  const { run, failure, shown, kept } = session;
  const stacked = useLayout((layout) => layout.resultsStacked);
  const [comparing, setComparing] = useState(false);
  const results = runResults(run, kept);
  useFreedModels(run?.startedAtMs, kept);
  const all = [
    ...kept.map((each) => ({ result: lastOf(run, each.result), kept: each })),
    ...results.map((result) => ({ result, kept: null })),
  ];
  const isStack = stacked && results.length > 1;
  const isWaiting = shown === 'waiting' && results.length === 0;
  const isOther = isWaiting || shown === 'problems';
  const value = isOther || all.some(({ result }) => result.resultId === shown) ? shown : 'messages';
  /** The result in front, or behind the messages. */
  const inGrid = useRef('');
  const inFront = value !== 'messages' && value !== 'problems';
  if (inFront) inGrid.current = value;
  const front = all.find(({ result }) => result.resultId === inGrid.current) ?? all.find((each) => !each.kept) ?? null;
  const at = front ? results.indexOf(front.result) : -1;
  const endedEarly = (result: ResultInRun): boolean =>
    run?.messages.some((said) => said.kind === 'failed' && said.statement === result.statement) ?? false;
  const running = run?.running ?? false;
  const tools = useResultTools({
    tabId,
    front: inFront ? front : null,
    onCompare: () => setComparing(true),
  });

  const stack = {
    value: 'stack',
    label: <ResultLabel icon={<Rows3 {...look} />} text="Results" count={results.length} />,
    content: (
      <StackedResults
        results={results}
        sqlOf={({ resultId }) => statementOf(run, kept, resultId)?.sql ?? ''}
        running={running}
        endedEarly={endedEarly}
      />
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
    content: (
      <MessagesView
        run={run}
        failure={failure}
        placeOf={placeOf}
        onGoTo={onGoTo}
        onRunOutside={onRunOutside}
        ways={waysOutOf(tabId, session)}
      />
    ),
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
  const sections = [
    ...kept.map((each) => ({ value: each.result.resultId, label: <KeptLabel kept={each} /> })),
    ...(isStack ? [stack] : results.map((result, index) => resultSection(result, index, results.length))),
    ...(isWaiting ? [{ value: 'waiting', label: <ResultLabel icon={<Table2 {...look} />} text="Result" /> }] : []),
    messages,
    checks,
  ];
  const inStack = isStack && results.some((result) => result.resultId === value);
  return (
    <>
      <Sections
        label="Results"
        value={inStack ? 'stack' : value}
        onValue={(next) => showResult(tabId, next === 'stack' ? (results[0]?.resultId ?? 'messages') : next)}
        sections={sections}
        end={tools}
        shared={{
          value: inStack ? 'none' : (front?.result.resultId ?? 'waiting'),
          content: (
            <div className="flex h-full min-h-0 flex-col">
              {front?.kept && (
                <KeptStrip
                  kept={front.kept}
                  onToggleSame={(comparison) => {
                    const left = comparables(tabId, tabTitle).find(
                      ({ result }) => result.resultId === comparison.leftId,
                    );
                    compareAgain(tabId, comparison, left?.result.columns ?? []).catch((thrown) =>
                      toast(failureFrom(thrown).message, 'danger'),
                    );
                  }}
                />
              )}
              <div className="min-h-0 flex-1">
                <ResultView
                  result={front?.result ?? null}
                  running={running && !front?.kept}
                  endedEarly={front !== null && endedEarly(front.result)}
                  name={front?.kept ? front.kept.title : `Result ${Math.max(0, at) + 1}`}
                  isComparison={front?.kept?.kind === 'comparison'}
                  origin={front?.kept ? null : originOf(session)}
                  editing={front ? editingOf(tabId, session, front.result.resultId) : null}
                  onRefresh={front?.kept || running ? undefined : () => void refreshResult(tabId)}
                />
              </div>
            </div>
          ),
        }}
      />
      {comparing && front && (
        <CompareDialog
          tabId={tabId}
          choices={comparables(tabId, tabTitle)}
          firstId={front.result.resultId}
          onClose={() => setComparing(false)}
        />
      )}
    </>
  );
}

const tabTitle = (id: string): string => useTabs.getState().tabs.find((tab) => tab.id === id)?.title ?? '';

/** Models of results that no tab has any more are let go. */
function useFreedModels(round: number | undefined, kept: readonly KeptResult[]): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another run has other results
  useEffect(() => {
    const all = [...allTabSessions().values()].flatMap((each) => [
      ...(each.run?.results ?? []),
      ...each.kept.map(({ result }) => result),
    ]);
    keepOnlyResults(new Set(all.map((result) => result.resultId)));
  }, [round, kept]);
}

const resultSection = (result: ResultInRun, index: number, of: number) => ({
  value: result.resultId,
  label: (
    <ResultLabel icon={<Table2 {...look} />} text={`Result${of > 1 ? ` ${index + 1}` : ''}`} count={result.rows} />
  ),
});

function ResultLabel({ icon, text, count }: { icon: ReactNode; text: string; count?: number }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      {icon}
      {text}
      {count !== undefined && <span className="text-2xs text-faint tabular-nums">{shownCount(count)}</span>}
    </span>
  );
}

function KeptLabel({ kept }: { kept: KeptResult }) {
  const Icon = kept.kind === 'pinned' ? Pin : GitCompareArrows;
  return (
    <span className="inline-flex max-w-52 items-center gap-1.5">
      <Icon {...look} className="shrink-0 text-accent" />
      <span className="truncate">{visibleText(kept.title)}</span>
    </span>
  );
}

/** Pin, compare, stack: for the result in front. */
function useResultTools({
  tabId,
  front,
  onCompare,
}: {
  tabId: string;
  front: { readonly result: ResultInRun; readonly kept: KeptResult | null } | null;
  onCompare: () => void;
}): ReactNode {
  const stacked = useLayout((layout) => layout.resultsStacked);
  const mayCompare = front !== null && front.kept?.kind !== 'comparison' && comparables(tabId, tabTitle).length > 1;
  const pin = () => {
    if (!front) return;
    if (front.kept) dropKept(tabId, front.result.resultId);
    else if (!holdsEdits(tabId)) pinResult(tabId, front.result.resultId);
  };
  useCommand('result.pin', pin, () => front !== null);
  useCommand('result.compare', onCompare, () => mayCompare);
  const pinWords =
    front?.kept?.kind === 'comparison' ? 'Close the comparison' : front?.kept ? 'Unpin the result' : 'Pin the result';
  return (
    <>
      <IconButton
        label={pinWords}
        keys={shownKeysOf('result.pin')}
        icon={front?.kept ? <PinOff {...buttonLook} /> : <Pin {...buttonLook} />}
        disabled={front === null}
        onClick={pin}
      />
      <IconButton
        label="Compare two results…"
        icon={<GitCompareArrows {...buttonLook} />}
        disabled={!mayCompare}
        onClick={onCompare}
      />
      <IconButton
        label="Results below each other"
        icon={<Rows3 {...buttonLook} />}
        pressed={stacked}
        onClick={() => changeLayout({ resultsStacked: !stacked })}
      />
    </>
  );
}
