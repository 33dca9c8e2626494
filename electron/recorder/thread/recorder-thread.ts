/** The host's end of a recorder's thread: started, told things, stopped. A thread that fails ends its recording only. */
import { Worker } from 'node:worker_threads';
import type { Failure } from '../../../shared/api/base.ts';
import type { ReadingSoFar, Retention } from '../../../shared/api/recordings.ts';
import { FailureError, failureOf, invalid } from '../../../shared/failure.ts';
import type { ConnectSpec } from '../../postgres/source.ts';
import { workerUrl } from '../../postgres/worker-url.ts';
import type { FollowState } from '../home/follow.ts';
import type { Destination, FromRecorder, RecorderStart, ToRecorder } from './recorder-messages.ts';

export interface RecorderThreadOptions extends Omit<RecorderStart, 'home' | 'pooler'> {
  specOf(database: string | null): Promise<ConnectSpec>;
  /** Of the second home; null: it has none. */
  readonly homeSpecOf: (() => Promise<ConnectSpec>) | null;
  /** Of the pooler whose counters are recorded along; null: the server's own address, where that is a pooler's. */
  readonly poolerSpecOf: (() => Promise<ConnectSpec>) | null;
  /** A sample was written. */
  onTick(atMs: number): void;
  /** What holds has changed: trouble came or went. */
  onState(): void;
  onGap?(reason: string): void;
}

/** A server that does not answer must not keep the program from ending; what is written is safe. */
const stopWithinMs = 5_000;

export class RecorderThread {
  readonly file: string;
  /** Resolves when the file can be read. Rejects where it cannot be written. */
  readonly ready: Promise<void>;
  /** Resolves when nothing more will come. */
  readonly ended: Promise<void>;
  trouble: Failure | null = null;
  serverVersion = '';
  lastMs: number | null = null;
  running = true;
  retention: Retention | null = null;
  /** How far the second home is; null: there is none, or nothing is known yet. */
  home: FollowState | null = null;
  /** What is being read now and takes long, by collector. */
  readonly reading = new Map<string, ReadingSoFar>();
  readonly #worker: Worker;
  readonly #options: RecorderThreadOptions;
  #homeSpecOf: RecorderThreadOptions['homeSpecOf'];
  #poolerSpecOf: RecorderThreadOptions['poolerSpecOf'];
  #isReady = false;
  #settleReady: { resolve(): void; reject(reason: unknown): void } | null = null;
  #settleEnded: (() => void) | null = null;
  #stopping = false;

  constructor(options: RecorderThreadOptions) {
    this.#options = options;
    this.file = options.file;
    this.#homeSpecOf = options.homeSpecOf;
    this.#poolerSpecOf = options.poolerSpecOf;
    const [home, pooler] = [options.homeSpecOf !== null, options.poolerSpecOf !== null];
    const { file, name, connectionId, everyMs } = options;
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    this.ready.catch(() => {});
    this.ended = new Promise((resolve) => {
      this.#settleEnded = resolve;
    });
    this.#worker = new Worker(workerUrl('../recorder/thread/recorder-worker'), {
      workerData: { file, name, connectionId, everyMs, home, pooler } satisfies RecorderStart,
      name: 'howdah-recorder',
      resourceLimits: { maxOldGenerationSizeMb: 768 },
    });
    this.#worker.on('message', (message: FromRecorder) => this.#received(message));
    this.#worker.on('error', (error) => this.#gone(failureOf(error)));
    this.#worker.on('exit', () => this.#gone(lostThread));
  }

  burst(forMs: number): void {
    this.#tell({ kind: 'burst', forMs });
  }
  watched(on: boolean): void {
    this.#tell({ kind: 'watched', on });
  }
  suspended(): void {
    this.#tell({ kind: 'suspended' });
  }
  resumed(): void {
    this.#tell({ kind: 'resumed' });
  }
  setRetention(retention: Retention): void {
    this.retention = retention;
    this.#tell({ kind: 'setRetention', retention });
  }

  /** Another second home, or none any more. */
  setHome(specOf: RecorderThreadOptions['homeSpecOf']): void {
    this.#homeSpecOf = specOf;
    this.home = null;
    this.#tell({ kind: 'home', on: specOf !== null });
  }

  /** Another pooler, or none that is named any more. */
  setPooler(specOf: RecorderThreadOptions['poolerSpecOf']): void {
    this.#poolerSpecOf = specOf;
    this.#tell({ kind: 'pooler', on: specOf !== null });
  }

  /** Seals the file. */
  async stop(): Promise<void> {
    if (!this.running) return;
    this.#stopping = true;
    this.#tell({ kind: 'stop' });
    const late = setTimeout(() => void this.#worker.terminate(), stopWithinMs);
    await this.ended;
    clearTimeout(late);
  }

  #tell(message: ToRecorder): void {
    if (this.running) this.#worker.postMessage(message);
  }

  #received(message: FromRecorder): void {
    switch (message.kind) {
      case 'specWanted':
        this.#specOf(message).then(
          (spec) => this.#tell({ kind: 'spec', id: message.id, spec }),
          (thrown) => this.#tell({ kind: 'noSpec', id: message.id, failure: failureOf(thrown) }),
        );
        break;
      case 'ready':
        this.#isReady = true;
        this.retention = message.retention;
        this.#settleReady?.resolve();
        break;
      case 'state':
        this.serverVersion = message.serverVersion ?? this.serverVersion;
        this.trouble = message.trouble;
        this.#options.onState();
        break;
      case 'tick':
        this.lastMs = message.atMs;
        this.#options.onTick(message.atMs);
        break;
      case 'home':
        this.home = { uptoMs: message.uptoMs, trouble: message.trouble };
        this.#options.onState();
        break;
      case 'gap':
        this.#options.onGap?.(message.reason);
        break;
      case 'reading':
        if (message.reading) this.reading.set(message.collector, message.reading);
        else this.reading.delete(message.collector);
        break;
      case 'retention':
        this.retention = message.retention;
        break;
      case 'stopped':
        this.#gone(message.failure);
        break;
    }
  }

  async #specOf({ to, database }: { to: Destination; database: string | null }): Promise<ConnectSpec> {
    if (to === 'server') return this.#options.specOf(database);
    const specOf = to === 'home' ? this.#homeSpecOf : this.#poolerSpecOf;
    if (!specOf)
      throw invalid(to, to === 'home' ? 'There is no second home any more.' : 'No pooler is named any more.');
    return specOf();
  }

  #gone(failure: Failure | null): void {
    if (!this.running) return;
    this.running = false;
    if (!this.#stopping || failure !== lostThread) this.trouble = failure ?? this.trouble;
    if (this.#stopping && failure === null) this.trouble = null;
    if (!this.#isReady) this.#settleReady?.reject(new FailureError(failure ?? lostThread));
    void this.#worker.terminate();
    this.#settleEnded?.();
    this.#options.onState();
  }
}

const lostThread: Failure = {
  kind: 'internal',
  message: 'The part of the program that recorded this server has failed. What was recorded is kept; start it again.',
};
