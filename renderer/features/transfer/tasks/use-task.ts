import { useEffect, useRef, useState } from 'react';
import type { Failure } from '../../../../shared/api/base.ts';
import type { GuardQuestion } from '../../../../shared/api/guard.ts';
import { failureFrom } from '../../../client/failure.ts';
import { askGuard } from '../../../workspace/guard/guard-questions.ts';
import { useTabs } from '../../../workspace/tabs.ts';
import { beginTask, type TaskHandle, type TaskState } from './tasks.ts';

export type Outcome<Now, End> =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly startedAt: number; readonly now: Now | null }
  | { readonly kind: 'done'; readonly end: End }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly end: unknown };

interface UnderWay {
  readonly kind: 'reading' | 'progress';
}
interface Done {
  readonly kind: 'done';
}
interface Failed {
  readonly kind: 'failed';
  readonly failure: Failure;
}
type TaskEvent = UnderWay | Done | Failed;
interface Question {
  readonly kind: 'question';
  readonly question: GuardQuestion;
}

export interface TaskSpec<Event extends TaskEvent> {
  readonly title: string;
  /** What the yes is called. */
  readonly runLabel: string;
  readonly open: (permit: string | undefined, signal: AbortSignal) => Promise<AsyncIterable<Event | Question>>;
  /** For the list of transfers. */
  readonly words: (event: Event, startedAt: number) => TaskState;
}

/**
 * One transfer of a dialog. It goes on when the dialog is closed, and is then in the status bar's list; questions of the guard
 * rails are asked before anything is changed.
 */
export function useTask<Event extends TaskEvent>() {
  const [run, setRun] = useState<Outcome<Extract<Event, UnderWay>, Extract<Event, Done>>>({ kind: 'none' });
  const control = useRef<AbortController | null>(null);
  const handle = useRef<TaskHandle | null>(null);
  useEffect(() => () => handle.current?.leave(), []);
  const start = async (spec: TaskSpec<Event>, permit?: string): Promise<void> => {
    const own = new AbortController();
    control.current = own;
    const task = beginTask(spec.title, () => own.abort());
    handle.current = task;
    const startedAt = performance.now();
    setRun({ kind: 'running', startedAt, now: null });
    const failed = (failure: Failure, end: unknown): void => {
      setRun({ kind: 'failed', failure, end });
      task.update({ kind: 'failed', words: failure.message });
    };
    own.signal.addEventListener('abort', () => {
      const message = 'It was cancelled. What was not committed is rolled back.';
      setRun({ kind: 'failed', failure: { kind: 'cancelled', message }, end: null });
      task.forget();
    });
    try {
      for await (const event of await spec.open(permit, own.signal)) {
        if (own.signal.aborted) return;
        if (isQuestion(event)) {
          setRun({ kind: 'none' });
          task.forget();
          const asked = { question: event.question, notes: [], runLabel: spec.runLabel, onPlan: () => undefined };
          const yes = await askGuard(useTabs.getState().activeId ?? '', asked);
          return yes && !own.signal.aborted ? await start(spec, event.question.permit) : undefined;
        }
        if (isFailed(event)) {
          failed(event.failure, event);
          continue;
        }
        if (isDone(event)) setRun({ kind: 'done', end: event });
        else if (isUnderWay(event)) setRun({ kind: 'running', startedAt, now: event });
        task.update(spec.words(event, startedAt));
      }
    } catch (thrown) {
      if (!own.signal.aborted) failed(failureFrom(thrown), null);
    }
  };
  return {
    run,
    start: (spec: TaskSpec<Event>) => void start(spec),
    cancel: () => control.current?.abort(),
    forget: () => setRun({ kind: 'none' }),
  };
}

const isQuestion = (event: TaskEvent | Question): event is Question => event.kind === 'question';
const isUnderWay = <Event extends TaskEvent>(event: Event): event is Extract<Event, UnderWay> =>
  event.kind === 'reading' || event.kind === 'progress';
const isDone = <Event extends TaskEvent>(event: Event): event is Extract<Event, Done> => event.kind === 'done';
const isFailed = <Event extends TaskEvent>(event: Event): event is Extract<Event, Failed> => event.kind === 'failed';
