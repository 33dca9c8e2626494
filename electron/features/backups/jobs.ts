/** Backups, verifications, restores and drills under way: one line of events, the last lines of each log, and their stop. */
import { randomUUID } from 'node:crypto';
import { EventPublisher } from '@orpc/server';
import type { BackupJob } from '../../../shared/api/backups.ts';
import { failureOf, invalid } from '../../../shared/failure.ts';
import type { WorkTold } from '../../postgres/backup/progress.ts';

export type JobEvent = { readonly kind: 'job'; readonly job: BackupJob } | { readonly kind: 'list' };
export interface NewJob {
  readonly kind: BackupJob['kind'];
  readonly backupId: string;
  readonly title: string;
}

const mostLines = 400;
/** Ended jobs that can still be looked at. */
const mostEnded = 30;

export class Jobs {
  readonly #events = new EventPublisher<{ event: JobEvent }>();
  readonly #jobs = new Map<string, BackupJob>();
  readonly #stops = new Map<string, AbortController>();
  readonly #working = new Set<Promise<void>>();

  all(): BackupJob[] {
    return [...this.#jobs.values()];
  }

  /** @returns its id at once; `work` answers with one sentence about how it ended */
  start({ kind, backupId, title }: NewJob, work: (told: WorkTold) => Promise<string>): string {
    const id = randomUUID();
    const stop = new AbortController();
    this.#stops.set(id, stop);
    this.#put({
      id,
      kind,
      backupId,
      title,
      state: 'running',
      failure: null,
      startedMs: Date.now(),
      endedMs: null,
      step: 'connecting',
      done: 0,
      all: 0,
      bytes: 0,
      allBytes: null,
      now: [],
      lines: [],
      summary: '',
    });
    const told: WorkTold = {
      signal: stop.signal,
      onProgress: ({ now, ...progress }) => this.#change(id, { ...progress, now: [...now].slice(0, 16) }),
      onLine: (line) => this.#change(id, { lines: [...(this.#jobs.get(id)?.lines ?? []), line].slice(-mostLines) }),
    };
    const working = work(told).then(
      (summary) => this.#end(id, { state: 'done', summary }),
      (thrown) => {
        const failure = failureOf(thrown);
        this.#end(id, {
          state: failure.kind === 'cancelled' ? 'cancelled' : 'failed',
          failure,
          summary: failure.message,
        });
      },
    );
    this.#working.add(working);
    void working.finally(() => this.#working.delete(working));
    return id;
  }

  /** @throws invalid where it is not running (any more) */
  cancel(id: string): void {
    const stop = this.#stops.get(id);
    if (!stop) throw invalid('jobId', 'This has ended already.');
    stop.abort();
  }

  listChanged(): void {
    this.#events.publish('event', { kind: 'list' });
  }

  async *follow(signal: AbortSignal | undefined): AsyncGenerator<JobEvent> {
    const events = this.#events.subscribe('event', { signal });
    for (const job of this.all()) yield { kind: 'job', job };
    yield* events;
  }

  async close(): Promise<void> {
    for (const stop of this.#stops.values()) stop.abort();
    await Promise.all(this.#working);
  }

  #end(id: string, ending: Partial<BackupJob>): void {
    this.#stops.delete(id);
    this.#change(id, { ...ending, endedMs: Date.now(), now: [] });
    const ended = this.all().filter(({ state }) => state !== 'running');
    for (const { id: old } of ended.slice(0, Math.max(0, ended.length - mostEnded))) this.#jobs.delete(old);
    this.listChanged();
  }
  #change(id: string, change: Partial<BackupJob>): void {
    const job = this.#jobs.get(id);
    if (job) this.#put({ ...job, ...change });
  }
  #put(job: BackupJob): void {
    this.#jobs.set(job.id, job);
    this.#events.publish('event', { kind: 'job', job });
  }
}
