import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import type { TabSession } from './tab-sessions.ts';

/** What ending a tab's session would undo, in words; null where nothing. */
export interface Stake {
  readonly why: string;
  /** What the button says that does it all the same. */
  readonly anyway: string;
}

const running: Stake = { why: 'A statement is running: it is cancelled.', anyway: 'Cancel the statement' };
const inTransaction: Stake = {
  why: 'It has an open transaction, which is rolled back: what was changed in it and not committed is undone.',
  anyway: 'Roll back',
};

export function atStake(session: TabSession): Stake | null {
  if (session.state?.lost) return null;
  if (session.state && session.state.transaction !== 'idle') return inTransaction;
  return session.run?.running ? running : null;
}

/** Asks before a session is ended with what is at stake in it. */
export function StakeDialog({
  title,
  stake,
  keep,
  onAnswer,
}: {
  title: string;
  stake: Stake;
  /** What the button says that leaves everything as it is. */
  keep: string;
  onAnswer: (anyway: boolean) => void;
}) {
  return (
    <Dialog
      open
      onClose={() => onAnswer(false)}
      title={title}
      width="small"
      footer={
        <>
          <Button kind="danger" onClick={() => onAnswer(true)}>
            {stake.anyway}
          </Button>
          <Button kind="primary" onClick={() => onAnswer(false)}>
            {keep}
          </Button>
        </>
      }
    >
      <p className="text-sm text-muted">{stake.why}</p>
    </Dialog>
  );
}
