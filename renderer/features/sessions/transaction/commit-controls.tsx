import { Check, Undo2 } from 'lucide-react';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../ui/class-names.ts';
import { runCommand, shownKeysOf } from '../../../workspace/commands.ts';
import type { RunOptions } from '../../../workspace/run-options.ts';
import type { TabSession } from '../tab-sessions.ts';

const look = { size: 14, strokeWidth: 1.75 } as const;

/** Whether statements commit by themselves, and the two ways to end a transaction that is open. */
export function CommitControls({
  session,
  commit,
  onCommit,
}: {
  session: TabSession;
  commit: RunOptions['commit'];
  onCommit: (commit: RunOptions['commit']) => void;
}) {
  const transaction = session.state && !session.state.lost ? session.state.transaction : 'idle';
  const running = session.run?.running ?? false;
  return (
    <div className="flex shrink-0 items-center gap-1">
      <select
        aria-label="Commit"
        title="Auto: each statement commits by itself. Manual: a transaction opens with the first statement and waits for Commit or Rollback."
        value={commit}
        onChange={(event) => onCommit(event.currentTarget.value as RunOptions['commit'])}
        className={cx(
          'h-7 rounded-md border border-transparent bg-transparent px-1 text-sm hover:border-line-strong',
          commit === 'manual' ? 'text-ink' : 'text-muted',
        )}
      >
        <option value="auto">Auto commit</option>
        <option value="manual">Manual commit</option>
      </select>
      {(commit === 'manual' || transaction !== 'idle') && (
        <>
          <Button
            small
            icon={<Check {...look} />}
            disabled={running || transaction !== 'open'}
            title={
              transaction === 'failed'
                ? 'The transaction has failed: it can only be rolled back'
                : `Commit the open transaction  ${shownKeysOf('query.commit') ?? ''}`
            }
            onClick={() => runCommand('query.commit')}
            aria-label="Commit"
          >
            <span className="hidden @4xl:inline">Commit</span>
          </Button>
          <Button
            small
            icon={<Undo2 {...look} />}
            disabled={running || transaction === 'idle'}
            title={`Roll back the open transaction  ${shownKeysOf('query.rollback') ?? ''}`}
            onClick={() => runCommand('query.rollback')}
            aria-label="Rollback"
          >
            <span className="hidden @4xl:inline">Rollback</span>
          </Button>
        </>
      )}
    </div>
  );
}
