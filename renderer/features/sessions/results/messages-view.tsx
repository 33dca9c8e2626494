import { CircleCheck, CircleX, History, Info, Undo2 } from 'lucide-react';
import { memo } from 'react';
import type { Failure } from '../../../../shared/api/base.ts';
import type { TextRange } from '../../../../shared/api/sessions.ts';
import { rowsWords, shownCount, shownDuration } from '../../../ui/amounts.ts';
import { Button } from '../../../ui/button.tsx';
import { FailureView, WaysOut } from '../../../ui/failure-view.tsx';
import { EmptyState, Spinner } from '../../../ui/states.tsx';
import { visibleLines, visibleText } from '../../../ui/visible-text.ts';
import { runCommand } from '../../../workspace/commands.ts';
import type { WayOut } from '../../../workspace/trouble.ts';
import { type Message, type RunState, refusedRange } from './run-state.ts';

/** What failed in it before is the reason; nothing runs until it is ended. */
const inFailedTransaction = '25P02';
const look = { size: 14, strokeWidth: 1.75, 'aria-hidden': true } as const;

/** What the server said, in order: commands, notices, errors. */
export function MessagesView({
  run,
  failure,
  placeOf,
  onGoTo,
  onRunOutside,
  ways,
}: {
  run: RunState | null;
  failure: Failure | null;
  placeOf: (range: TextRange) => string;
  onGoTo: (range: TextRange) => void;
  onRunOutside: (range: TextRange) => void;
  /** What can be done where there is no connection. */
  ways: readonly WayOut[];
}) {
  if (!run && !failure) {
    return (
      <EmptyState title="No results yet">
        Put the caret in a statement and press Ctrl+Enter (Cmd+Enter on a Mac). Ctrl+Shift+Enter runs them all.
      </EmptyState>
    );
  }
  return (
    <div className="h-full overflow-auto py-1.5" role="log" aria-label="Messages">
      {failure && <NotBegun failure={failure} onGoTo={onGoTo} ways={ways} />}
      {run?.messages.map((message, at) => (
        <Line
          // biome-ignore lint/suspicious/noArrayIndexKey: messages are only ever added
          key={at}
          message={message}
          many={run.of > 1}
          placeOf={placeOf}
          onGoTo={onGoTo}
          onRunOutside={onRunOutside}
        />
      ))}
      {run?.running && (
        <div className="px-3 py-1">
          <Spinner label={run.of > 1 ? `Running statement ${run.statement + 1} of ${run.of}` : 'Running'} />
        </div>
      )}
      {run?.outcome && (
        <p className="px-3 py-1 text-xs text-faint">
          {shownCount(run.outcome.ran)} {run.outcome.ran === 1 ? 'statement' : 'statements'} run
          {run.outcome.failed > 0 && `, ${shownCount(run.outcome.failed)} failed`}
          {run.outcome.skipped > 0 && `, ${shownCount(run.outcome.skipped)} not run`} in{' '}
          {shownDuration(run.outcome.totalMs)}
        </p>
      )}
    </div>
  );
}

/** Why nothing was run. */
function NotBegun({
  failure,
  onGoTo,
  ways,
}: {
  failure: Failure;
  onGoTo: (range: TextRange) => void;
  ways: readonly WayOut[];
}) {
  const at = refusedRange(failure);
  if (!at)
    return (
      <FailureView
        failure={failure}
        className="mx-2 my-1"
        actions={failure.kind === 'connection' && <WaysOut ways={ways} />}
      />
    );
  const before = failure.kind === 'invalid' && (failure.certainTo ?? 0) > 0;
  return (
    <div className="mx-2 my-1">
      <FailureView
        failure={failure}
        title="Nothing was run"
        hint={`${before ? 'A statement before this place runs with the caret in it. ' : ''}Anything else runs when it is selected.`}
      />
      <GoTo label="Go to the place in the text" onClick={() => onGoTo(at)} />
    </div>
  );
}

function GoTo({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button type="button" className="mt-1 px-1 text-xs text-accent hover:underline" onClick={onClick}>
      {label}
    </button>
  );
}

/** Remembered: a run may have a thousand of them, and each that comes would draw all before it again. */
const Line = memo(function Line({
  message,
  many,
  placeOf,
  onGoTo,
  onRunOutside,
}: {
  message: Message;
  /** One of several statements: say which. */
  many: boolean;
  placeOf: (range: TextRange) => string;
  onGoTo: (range: TextRange) => void;
  onRunOutside: (range: TextRange) => void;
}) {
  if (message.kind === 'failed') {
    const { at, within, failure } = message;
    const statement = many && within ? `statement ${message.statement + 1}, ${placeOf(within)}` : undefined;
    const shown = at ?? within;
    return (
      <div className="mx-2 my-1">
        <FailureView failure={failure} where={at ? placeOf(at) : statement} />
        {within && failure.kind === 'unsupported' && failure.needs === 'autoCommit' && (
          <Button small className="mt-1" onClick={() => onRunOutside(within)}>
            Run it outside of a transaction
          </Button>
        )}
        {failure.kind === 'postgres' && failure.sqlstate === inFailedTransaction && (
          <Button small className="mt-1" onClick={() => runCommand('query.rollback')}>
            Roll the transaction back
          </Button>
        )}
        {shown && (at || many) && (
          <GoTo label={`Go to the ${at ? 'place in the text' : 'statement'}`} onClick={() => onGoTo(shown)} />
        )}
      </div>
    );
  }
  if (message.kind === 'dropped')
    return <p className="px-3 py-0.5 text-xs text-warning">{shownCount(message.count)} more notices are not shown.</p>;
  if (message.kind === 'journaled')
    return (
      <p className="flex items-center gap-2 px-3 py-0.5 text-xs text-muted">
        <Undo2 {...look} className="shrink-0 text-faint" />
        {journaledWords(message)}
        {message.rows > 0 && (
          <button type="button" className="text-accent hover:underline" onClick={() => runCommand('journal.open')}>
            Undo…
          </button>
        )}
      </p>
    );
  if (message.kind === 'notKept')
    return (
      <p className="selectable flex gap-2 px-3 py-0.5 text-xs">
        <History {...look} className="mt-px shrink-0 text-warning" />
        <span className="min-w-0 break-words">
          <span className="font-medium text-warning">{notKeptWords(message)}</span> {visibleText(message.why)}
        </span>
      </p>
    );
  if (message.kind === 'notice') {
    const { severity, message: text, detail, hint } = message.notice;
    return (
      <div className="selectable flex gap-2 px-3 py-0.5 text-xs">
        <Info {...look} className="mt-px shrink-0 text-faint" />
        <p className="min-w-0 break-words whitespace-pre-wrap">
          <span className="font-medium text-muted">{severity}</span> {visibleLines(text)}
          {detail && <span className="block text-muted">Detail: {visibleLines(detail)}</span>}
          {hint && <span className="block text-muted">Hint: {visibleLines(hint)}</span>}
        </p>
      </div>
    );
  }
  return (
    <div className="selectable flex gap-2 px-3 py-0.5 text-xs">
      <CircleCheck {...look} className="mt-px shrink-0 text-success" />
      <span className="font-mono">{visibleText(message.command)}</span>
      {message.rows !== null && <span className="text-muted">{rowsWords(message.rows)}</span>}
      <span className="text-faint tabular-nums">
        {shownDuration(message.timings.totalMs)} (server {shownDuration(message.timings.serverMs)}, transfer{' '}
        {shownDuration(message.timings.transferMs)})
      </span>
    </div>
  );
});

function journaledWords({ rows, waiting }: { readonly rows: number; readonly waiting: number }): string {
  const words = (count: number, one: string, more: string) => `${rowsWords(count)} ${count === 1 ? one : more}`;
  return [
    ...(rows > 0 ? [`${words(rows, 'is', 'are')} kept in the undo journal.`] : []),
    ...(waiting > 0 ? [`${words(waiting, 'goes', 'go')} into the undo journal with COMMIT.`] : []),
  ].join(' ');
}

/** That a statement, or a part of what it does, cannot be taken back. */
export const notKeptWords = ({ partly }: { readonly partly: boolean }): string =>
  partly ? 'In the undo journal only in part.' : 'Not in the undo journal.';

/** For the tab of the messages: whether there is something to look at. */
export function MessagesMark({ run, failure }: { run: RunState | null; failure: Failure | null }) {
  const failed = failure !== null || (run?.messages.some((message) => message.kind === 'failed') ?? false);
  if (failed) return <CircleX size={13} strokeWidth={2} className="text-danger" aria-label="with errors" />;
  const notices = run?.messages.filter(({ kind }) => kind === 'notice' || kind === 'notKept').length ?? 0;
  return notices > 0 ? <span className="text-2xs text-faint tabular-nums">{shownCount(notices)}</span> : null;
}
