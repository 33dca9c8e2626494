/** What the guard rails want confirmed before something runs: asked by the pages, shown by the shell, one a tab. */
import { create } from 'zustand';
import type { GuardQuestion } from '../../../shared/api/guard.ts';
import type { TextRange } from '../../../shared/api/sessions.ts';
import { onTabClosed } from '../tabs.ts';

export interface AskedQuestion {
  readonly question: GuardQuestion;
  /** What else a person has to know, a sentence each. */
  readonly notes: readonly string[];
  readonly runLabel: string;
  /** Has the plan shown of the statement at the range, in place of running it. */
  readonly onPlan: (range: TextRange) => void;
}
export interface OpenQuestion extends AskedQuestion {
  readonly answer: (yes: boolean) => void;
}

const useQuestions = create<{ readonly byTab: ReadonlyMap<string, OpenQuestion> }>(() => ({ byTab: new Map() }));
export const useGuardQuestion = (tabId: string): OpenQuestion | undefined =>
  useQuestions(({ byTab }) => byTab.get(tabId));

const put = (tabId: string, question: OpenQuestion | null): void =>
  useQuestions.setState(({ byTab }) => {
    const next = new Map(byTab);
    if (question) next.set(tabId, question);
    else next.delete(tabId);
    return { byTab: next };
  });

/** True where the person says yes. A question that is open there already is answered with no. */
export async function askGuard(tabId: string, asked: AskedQuestion): Promise<boolean> {
  useQuestions.getState().byTab.get(tabId)?.answer(false);
  const question = Promise.withResolvers<boolean>();
  const open = { ...asked, answer: question.resolve };
  put(tabId, open);
  const yes = await question.promise;
  if (useQuestions.getState().byTab.get(tabId) === open) put(tabId, null);
  return yes;
}

onTabClosed(({ id }) => useQuestions.getState().byTab.get(id)?.answer(false));
