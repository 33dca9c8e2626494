/**
 * Runs things again and again on the monotonic clock. Each has one run in flight; what falls due meanwhile is skipped,
 * never queued, so that a slow server is not asked more often than it answers.
 */

export interface Task {
  readonly id: string;
  /** May change between runs. */
  readonly everyMs: number;
  /** Never throws. */
  run(): Promise<void>;
}

interface Planned {
  readonly task: Task;
  dueMs: number;
  running: Promise<void> | null;
}

export class Schedule {
  readonly #planned = new Map<string, Planned>();
  #timer: NodeJS.Timeout | undefined;
  #on = false;

  /** @param firstMs how long from now it first runs */
  add(task: Task, firstMs: number): void {
    this.#planned.set(task.id, { task, dueMs: performance.now() + firstMs, running: null });
    this.#wait();
  }
  remove(id: string): void {
    this.#planned.delete(id);
  }

  start(): void {
    this.#on = true;
    this.#wait();
  }

  /** Resolves when nothing runs any more. */
  async stop(): Promise<void> {
    this.#on = false;
    clearTimeout(this.#timer);
    await Promise.all([...this.#planned.values()].map(({ running }) => running));
  }

  /** Makes it due now. */
  hurry(id: string): void {
    const planned = this.#planned.get(id);
    if (planned) planned.dueMs = performance.now();
    this.#wait();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    if (!this.#on) return;
    const dues = [...this.#planned.values()].filter(({ running }) => !running).map(({ dueMs }) => dueMs);
    if (dues.length === 0) return;
    this.#timer = setTimeout(() => this.#turn(), Math.max(0, Math.min(...dues) - performance.now()));
  }

  #turn(): void {
    const now = performance.now();
    for (const planned of this.#planned.values()) if (!planned.running && planned.dueMs <= now) this.#run(planned);
    this.#wait();
  }

  #run(planned: Planned): void {
    const { task } = planned;
    planned.running = task.run().finally(() => {
      planned.running = null;
      const now = performance.now();
      // The beat is kept; beats that went by are gone.
      planned.dueMs += task.everyMs;
      if (planned.dueMs <= now) planned.dueMs += Math.ceil((now - planned.dueMs) / task.everyMs) * task.everyMs;
      this.#wait();
    });
  }
}
