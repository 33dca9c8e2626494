/** Runs the connection test and keeps what it has said so far. */
import { useEffect, useRef, useState } from 'react';
import type { Failure } from '../../../shared/api/base.ts';
import type { ConnectionDraft, SecretInputs, ServerCheck, TestEvent } from '../../../shared/api/connections.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';

export type TestStep = Extract<TestEvent, { kind: 'step' }>;
export interface ConnectionTest {
  readonly state: 'idle' | 'running' | 'failed' | 'done';
  /** The newest word on each step, in the order in which they began. */
  readonly steps: readonly TestStep[];
  readonly failure: Failure | null;
  readonly check: ServerCheck | null;
}

const idle: ConnectionTest = { state: 'idle', steps: [], failure: null, check: null };

function after(test: ConnectionTest, event: TestEvent): ConnectionTest {
  if (event.kind === 'done') return { ...test, state: 'done', check: event.check };
  if (event.kind === 'failed') return { ...test, state: 'failed', failure: event.failure };
  const known = test.steps.some(({ step }) => step === event.step);
  const steps = known ? test.steps.map((step) => (step.step === event.step ? event : step)) : [...test.steps, event];
  return { ...test, steps };
}

export interface TestInput {
  readonly id?: string;
  readonly draft: ConnectionDraft;
  readonly secrets: SecretInputs;
}

export function useConnectionTest() {
  const [test, setTest] = useState<ConnectionTest>(idle);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  async function run(input: TestInput): Promise<ConnectionTest> {
    running.current?.abort();
    const control = new AbortController();
    running.current = control;
    let now: ConnectionTest = { ...idle, state: 'running' };
    const show = (next: ConnectionTest) => {
      now = next;
      if (!control.signal.aborted) setTest(next);
    };
    show(now);
    try {
      for await (const event of await client.connections.test(input, { signal: control.signal }))
        show(after(now, event));
    } catch (thrown) {
      show({ ...now, state: 'failed', failure: failureFrom(thrown) });
    }
    return now;
  }

  const stop = () => {
    running.current?.abort();
    setTest(idle);
  };
  return { test, run, stop };
}
