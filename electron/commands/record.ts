/**
 * `howdah record`: records a server into a file until told to stop, with nothing but this command: on a bastion, say.
 * Exit 0 when it was stopped or the time is over, 1 when nothing could be recorded or the file not be written.
 */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { FailureError } from '../../shared/failure.ts';
import type { ConnectSpec } from '../postgres/source.ts';
import type { FollowState } from '../recorder/home/follow.ts';
import { bytes } from '../recorder/report/words.ts';
import { RecorderThread } from '../recorder/thread/recorder-thread.ts';
import { interrupted, readArguments, UsageError } from './command.ts';
import { readDuration } from './duration.ts';
import { inWords } from './query.ts';
import { targetOf } from './target.ts';

const shortestMs = 100;
const longestMs = 60_000;
/** Where the progress goes into a log, a line so often. */
const logEveryMs = 10_000;

export async function recordCommand(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, {
    url: { type: 'string' },
    to: { type: 'string' },
    for: { type: 'string' },
    interval: { type: 'string', default: '1s' },
    mirror: { type: 'string' },
    pgbouncer: { type: 'string' },
  });
  if (!values.to) throw new UsageError('--to FILE is missing: where to record to.');
  const forMs = values.for === undefined ? null : readDuration('--for', values.for);
  const everyMs = readDuration('--interval', values.interval);
  if (everyMs < shortestMs || everyMs > longestMs)
    throw new UsageError(`--interval lies between 100ms and 60s, not ${values.interval}.`);
  const spec = await targetOf(values.url);
  const mirror = values.mirror === undefined ? null : await targetOf(values.mirror);
  const pooler = values.pgbouncer === undefined ? null : await targetOf(values.pgbouncer);
  return await record(spec, { file: resolve(values.to), forMs, everyMs, mirror, pooler });
}

interface What {
  readonly file: string;
  readonly forMs: number | null;
  readonly everyMs: number;
  /** The database that it is brought to as well. */
  readonly mirror: ConnectSpec | null;
  /** The PgBouncer whose counters are recorded along. */
  readonly pooler: ConnectSpec | null;
}

async function record(spec: ConnectSpec, { file, forMs, everyMs, mirror, pooler }: What): Promise<number> {
  const progress = new Progress(file, forMs);
  const begun = Promise.withResolvers<void>();
  const thread: RecorderThread = new RecorderThread({
    file,
    name: `${spec.database} on ${spec.host}:${spec.port}`,
    connectionId: null,
    everyMs,
    specOf: async (database) => (database === null ? spec : { ...spec, database }),
    homeSpecOf: mirror && (async () => mirror),
    poolerSpecOf: pooler && (async () => pooler),
    onTick: (atMs) => {
      progress.tick(atMs);
      begun.resolve();
    },
    onGap: (reason) => progress.gap(reason),
    onState: () => changed(),
  });
  // A server that cannot be reached at all is a wrong URL; one that is away later is waited for.
  const changed = () => {
    const { trouble, home } = thread;
    if (home) progress.mirrored(home);
    if (!trouble) return;
    progress.say(inWords(trouble));
    if (progress.ticks === 0) void thread.stop();
  };
  try {
    await thread.ready;
  } catch (thrown) {
    progress.say(thrown instanceof FailureError ? inWords(thrown.failure) : String(thrown));
    return 1;
  }
  const stopped = [interrupted(), thread.ended];
  let timer: NodeJS.Timeout | undefined;
  // The time is what is recorded: it begins with the first sample, however long the way there was.
  if (forMs !== null)
    stopped.push(
      begun.promise.then(
        () =>
          new Promise((over) => {
            timer = setTimeout(over, forMs);
          }),
      ),
    );
  await Promise.race(stopped);
  clearTimeout(timer);
  const brokeOff = !thread.running && thread.trouble !== null;
  await thread.stop();
  progress.end();
  return brokeOff || progress.ticks === 0 ? 1 : 0;
}

/** One line that is written over on a terminal, and a line now and then elsewhere; on standard error. */
class Progress {
  ticks = 0;
  readonly #file: string;
  readonly #forMs: number | null;
  readonly #began = performance.now();
  #gaps = 0;
  #mirrorTrouble: string | null = null;
  #mirroredMs: number | null = null;
  #saidAt = Number.NEGATIVE_INFINITY;

  constructor(file: string, forMs: number | null) {
    this.#file = file;
    this.#forMs = forMs;
  }

  tick(_atMs: number): void {
    this.ticks++;
    const now = performance.now();
    const live = process.stderr.isTTY;
    if (now - this.#saidAt < (live ? 500 : logEveryMs)) return;
    this.#saidAt = now;
    process.stderr.write(live ? `\r\u001b[K${this.#line()}` : `${this.#line()}\n`);
  }
  /** Trouble of the second home ends nothing: what is recorded waits in the file. */
  mirrored({ trouble, uptoMs }: FollowState): void {
    const now = trouble ? inWords(trouble) : null;
    if (now !== null && now !== this.#mirrorTrouble) this.say(`howdah: the mirror is behind: ${now}`);
    if (now === null && this.#mirrorTrouble !== null) this.say('howdah: the mirror has caught up');
    this.#mirrorTrouble = now;
    this.#mirroredMs = uptoMs;
  }
  gap(reason: string): void {
    this.#gaps++;
    this.say(`howdah: a gap in the recording: ${reason}`);
  }
  say(text: string): void {
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${text}\n` : `${text}\n`);
  }
  end(): void {
    if (this.ticks > 0) this.say(`${this.#line()}\n${this.#file} is complete.`);
  }

  #line(): string {
    const seconds = Math.round((performance.now() - this.#began) / 1000);
    const of = this.#forMs === null ? '' : ` of ${inTime(Math.round(this.#forMs / 1000))}`;
    const gaps = this.#gaps > 0 ? `, ${this.#gaps} gaps` : '';
    const mirrored = this.#mirroredMs === null ? '' : `, mirrored to ${new Date(this.#mirroredMs).toISOString()}`;
    return `Recording ${inTime(seconds)}${of}: ${this.ticks} samples, ${sizeInWords(this.#file)}${gaps}${mirrored}`;
  }
}

const inTime = (seconds: number): string =>
  [Math.floor(seconds / 3600), Math.floor((seconds / 60) % 60), seconds % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');

function sizeInWords(file: string): string {
  const sizes = [file, `${file}-wal`].map((path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0);
  return bytes(sizes.reduce((sum, size) => sum + size, 0));
}
