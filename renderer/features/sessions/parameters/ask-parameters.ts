/** The values of a run's parameters: asked of the person in front of the tab, or taken as they were the last time. */
import { create } from 'zustand';
import type { Failure } from '../../../../shared/api/base.ts';
import type { Parameter } from '../../../../shared/api/sessions.ts';
import { mayHaveParameters, type ParameterValue } from '../../../../shared/sql/parameters.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { onTabClosed } from '../../../workspace/tabs.ts';

export type Values = Readonly<Record<string, ParameterValue>>;

export interface ParameterQuestion {
  readonly parameters: readonly Parameter[];
  /** Null: the person does not want to run it after all. */
  readonly answer: (values: Values | null) => void;
}

const useQuestions = create<{ readonly byTab: ReadonlyMap<string, ParameterQuestion> }>(() => ({ byTab: new Map() }));
export const useParameterQuestion = (tabId: string): ParameterQuestion | undefined =>
  useQuestions(({ byTab }) => byTab.get(tabId));

const put = (tabId: string, question: ParameterQuestion | null): void =>
  useQuestions.setState(({ byTab }) => {
    const next = new Map(byTab);
    if (question) next.set(tabId, question);
    else next.delete(tabId);
    return { byTab: next };
  });

/** Undefined values: the statements have no parameters. */
export type Answered =
  | { readonly kind: 'go'; readonly values: Values | undefined }
  | { readonly kind: 'stop'; readonly failure: Failure | null };

/** @param again takes the last values where there are some for all, and asks for the others */
export async function askParameters(
  tabId: string,
  asked: Parameters<typeof client.sessions.parameters>[0],
  again: boolean,
): Promise<Answered> {
  if (!mayHaveParameters(asked.text)) return { kind: 'go', values: undefined };
  if (useQuestions.getState().byTab.has(tabId)) return { kind: 'stop', failure: null };
  try {
    const parameters = await client.sessions.parameters(asked);
    if (parameters.length === 0) return { kind: 'go', values: undefined };
    const last = again ? lastValues(parameters) : null;
    if (last) return { kind: 'go', values: last };
    const values = await new Promise<Values | null>((answer) => put(tabId, { parameters, answer }));
    put(tabId, null);
    return values ? { kind: 'go', values } : { kind: 'stop', failure: null };
  } catch (thrown) {
    return { kind: 'stop', failure: failureFrom(thrown) };
  }
}

function lastValues(parameters: readonly Parameter[]): Values | null {
  const known = parameters.flatMap(({ name, remembered }) => (remembered ? [[name, remembered] as const] : []));
  return known.length === parameters.length ? Object.fromEntries(known) : null;
}

onTabClosed(({ id }) => useQuestions.getState().byTab.get(id)?.answer(null));
