import { useEffect, useState } from 'react';
import { allTabSessions, forgetTabSession, type TabSession, tabSession } from '../../features/sessions/tab-sessions.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import type { Tab } from '../../workspace/tab.ts';
import { guardClosing, onTabClosed } from '../../workspace/tabs.ts';

/** What closing would undo, in words; null where nothing. */
function atStake(session: TabSession): string | null {
  if (session.run?.running) return 'A statement is running. Closing the tab cancels it.';
  if (session.state?.lost || !session.state || session.state.transaction === 'idle') return null;
  return 'It has an open transaction. Closing the tab rolls it back: what was changed in it and not committed is undone.';
}

interface Question {
  readonly tab: Tab;
  readonly stake: string;
  readonly answer: (close: boolean) => void;
}

/** Asks before a tab is closed whose transaction or statement would go with it, and frees what a closed tab held. */
export function ClosingGuard() {
  const [question, setQuestion] = useState<Question | null>(null);
  useEffect(
    () =>
      guardClosing((tab) => {
        const stake = atStake(tabSession(tab.id));
        return stake === null ? Promise.resolve(true) : new Promise((answer) => setQuestion({ tab, stake, answer }));
      }),
    [],
  );
  useEffect(() => onTabClosed((tab) => void forgetTabSession(tab.id)), []);
  useEffect(() => {
    const leave = (event: BeforeUnloadEvent) => {
      if ([...allTabSessions().values()].some((session) => atStake(session) !== null)) event.preventDefault();
    };
    window.addEventListener('beforeunload', leave);
    return () => window.removeEventListener('beforeunload', leave);
  }, []);
  const answer = (close: boolean) => {
    question?.answer(close);
    setQuestion(null);
  };
  if (!question) return null;
  return (
    <Dialog
      open
      onClose={() => answer(false)}
      title={`Close “${visibleText(question.tab.title)}”?`}
      width="small"
      footer={
        <>
          <Button kind="danger" onClick={() => answer(true)}>
            Close and roll back
          </Button>
          <Button kind="primary" onClick={() => answer(false)}>
            Keep the tab
          </Button>
        </>
      }
    >
      <p className="text-sm text-muted">{question.stake}</p>
    </Dialog>
  );
}
