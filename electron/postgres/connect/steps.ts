/** The steps of one attempt to connect, reported with their times as they happen. */
export type ConnectStep = 'resolve' | 'ssh' | 'tcp' | 'tls' | 'auth';

export interface StepEvent {
  readonly step: ConnectStep;
  readonly state: 'running' | 'done' | 'skipped' | 'failed';
  readonly tookMs?: number;
  /** What came of it, in plain words: the address, the protocol, why it was skipped. */
  readonly note?: string;
}

/** Runs steps one after the other and knows which one is under way (so that a timeout can name it). */
export class Steps {
  current: ConnectStep = 'resolve';
  readonly #report: (event: StepEvent) => void;

  constructor(report: ((event: StepEvent) => void) | undefined) {
    this.#report = report ?? (() => {});
  }

  /** `note` turns the answer into words for the person. */
  async run<T>(step: ConnectStep, work: () => Promise<T>, note?: (answer: T) => string): Promise<T> {
    this.current = step;
    this.#report({ step, state: 'running' });
    const from = performance.now();
    try {
      const answer = await work();
      this.#report({ step, state: 'done', tookMs: performance.now() - from, note: note?.(answer) });
      return answer;
    } catch (thrown) {
      this.#report({ step, state: 'failed', tookMs: performance.now() - from });
      throw thrown;
    }
  }

  skip(step: ConnectStep, note: string): void {
    this.#report({ step, state: 'skipped', note });
  }
}
