/** What every run of a tab passes first: the backend judges it, and the person is asked where that is due. */
import type { Failure } from '../../../shared/api/base.ts';
import type { GuardVerdict } from '../../../shared/api/guard.ts';
import type { TextRange } from '../../../shared/api/sessions.ts';
import type { ParameterValue } from '../../../shared/sql/parameters.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { askGuard } from '../../workspace/guard/guard-questions.ts';

interface Asked {
  readonly sessionId: string;
  readonly text: string;
  readonly values?: Readonly<Record<string, ParameterValue>>;
  readonly what: { kind: 'all' } | { kind: 'range'; range: TextRange } | { kind: 'caret'; caret: number };
}

export type Go =
  /** To be given with the run. */
  | { readonly kind: 'go'; readonly permit: { permit?: string } }
  /** Nothing is to be run; without a failure the person said no, or was asked already. */
  | { readonly kind: 'stop'; readonly failure: Failure | null };

const judging = new Set<string>();

/** @param onPlan has the plan of the statement at a range shown instead */
export async function beforeRun(tabId: string, asked: Asked, onPlan: (range: TextRange) => void): Promise<Go> {
  if (judging.has(tabId)) return { kind: 'stop', failure: null };
  judging.add(tabId);
  try {
    const verdict = await client.sessions.judge(asked);
    if (verdict.kind === 'allow') return { kind: 'go', permit: verdict.permit ? { permit: verdict.permit } : {} };
    if (verdict.kind === 'refuse') return { kind: 'stop', failure: refusal(verdict) };
    const yes = await askGuard(tabId, { question: verdict, notes: [], runLabel: 'Run', onPlan });
    return yes ? { kind: 'go', permit: { permit: verdict.permit } } : { kind: 'stop', failure: null };
  } catch (thrown) {
    return { kind: 'stop', failure: failureFrom(thrown) };
  } finally {
    judging.delete(tabId);
  }
}

const refusal = ({ why, wayOut }: Extract<GuardVerdict, { kind: 'refuse' }>): Failure => ({
  kind: 'unsupported',
  needs: 'a connection that may write',
  message: `${why} ${wayOut}`,
});
