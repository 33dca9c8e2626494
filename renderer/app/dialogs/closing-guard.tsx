import { useEffect, useState } from 'react';
import { anythingStaged, stagedIn } from '../../editing/edit-store.ts';
import { atStake, type Stake, StakeDialog } from '../../features/sessions/stake.tsx';
import { allTabSessions, forgetTabSession, tabSession } from '../../features/sessions/tab-sessions.ts';
import { anyDraft, hasDraft } from '../../features/structure/drafts.ts';
import { visibleText } from '../../ui/visible-text.ts';
import type { Tab } from '../../workspace/tab.ts';
import { guardClosing, onTabClosed } from '../../workspace/tabs.ts';

interface Question {
  readonly tab: Tab;
  readonly stake: Stake;
  readonly answer: (close: boolean) => void;
}

/** Edits in the grid that were not saved. */
function unsaved(tabId: string): Stake | null {
  const rows = stagedIn(tabId);
  if (rows === 0) return null;
  const words =
    rows === 1 ? 'One row was edited and not saved' : `${rows.toLocaleString('en-US')} rows were edited and not saved`;
  return { why: `${words}: what was typed is lost.`, anyway: 'Discard the edits' };
}

/** Changes of structure that were not run. */
const notRun = (tabId: string): Stake | null =>
  hasDraft(tabId)
    ? { why: 'The changes in it were not run: what was designed is lost.', anyway: 'Discard the changes' }
    : null;

/** Asks before a tab is closed whose transaction or statement would go with it, and frees what a closed tab held. */
export function ClosingGuard() {
  const [question, setQuestion] = useState<Question | null>(null);
  useEffect(
    () =>
      guardClosing((tab) => {
        const stake = atStake(tabSession(tab.id)) ?? unsaved(tab.id) ?? notRun(tab.id);
        return stake === null ? Promise.resolve(true) : new Promise((answer) => setQuestion({ tab, stake, answer }));
      }),
    [],
  );
  useEffect(() => onTabClosed((tab) => void forgetTabSession(tab.id)), []);
  useEffect(() => {
    const leave = (event: BeforeUnloadEvent) => {
      const held = [...allTabSessions().values()].some((session) => atStake(session) !== null);
      if (held || anythingStaged() || anyDraft()) event.preventDefault();
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
    <StakeDialog
      title={`Close “${visibleText(question.tab.title)}”?`}
      stake={question.stake}
      keep="Keep the tab"
      onAnswer={answer}
    />
  );
}
