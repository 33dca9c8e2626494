/**
 * Runs the steps of a change on a session of its own. What may share a transaction shares one; a lock that is not to be had
 * in time undoes the transaction, and it begins again a little later, so that nobody queues behind it meanwhile.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Failure } from '../../../shared/api/base.ts';
import type { RunStep, StructureEvent } from '../../../shared/api/structure.ts';
import { qualified } from '../../../shared/sql/quote.ts';
import type { RunRequest, Session } from '../../postgres/source.ts';
import { indexNamed } from './structure.sql.ts';

export interface Patience {
  /** Milliseconds a lock is waited for; 0: for ever. */
  readonly lockTimeoutMs: number;
  readonly attempts: number;
}

interface Group {
  readonly from: number;
  readonly steps: readonly RunStep[];
  readonly alone: boolean;
}

/** Neighbours that may share a transaction. */
export function groupsOf(steps: readonly RunStep[]): Group[] {
  const groups: Group[] = [];
  for (const [at, step] of steps.entries()) {
    const last = groups.at(-1);
    if (last && !last.alone && !step.alone) groups[groups.length - 1] = { ...last, steps: [...last.steps, step] };
    else groups.push({ from: at, steps: [step], alone: step.alone });
  }
  return groups;
}

/** `lock_not_available`, `deadlock_detected`: nothing is wrong with the statement. */
const worthAnother = (failure: Failure): boolean =>
  failure.kind === 'postgres' && (failure.sqlstate === '55P03' || failure.sqlstate === '40P01');

export async function* runSteps(
  session: Session,
  steps: readonly RunStep[],
  patience: Patience,
  signal: AbortSignal | undefined,
): AsyncGenerator<StructureEvent, Failure | null> {
  const cancel = () => void session.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    for (const group of groupsOf(steps)) {
      const failed = yield* runGroup(session, group, patience, signal);
      if (failed) {
        yield { kind: 'failed', ...failed, kept: group.from };
        return failed.failure;
      }
      yield { kind: 'committed', upTo: group.from + group.steps.length };
    }
    yield { kind: 'done' };
    return null;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

interface Failed {
  readonly step: number;
  readonly failure: Failure;
  readonly note: string | null;
}

async function* runGroup(
  session: Session,
  group: Group,
  patience: Patience,
  signal: AbortSignal | undefined,
): AsyncGenerator<StructureEvent, Failed | null> {
  for (let attempt = 1; ; attempt++) {
    const already = await leftovers(session, group);
    const failed = yield* once(session, group, patience);
    if (!failed) return null;
    const note = await cleanUp(session, group, already);
    if (attempt >= patience.attempts || !worthAnother(failed.failure) || signal?.aborted) return { ...failed, note };
    // Longer each time, and never quite alike: two that wait for each other must not go on in step.
    const waitMs = Math.round(Math.min(30_000, 500 * 2 ** (attempt - 1)) * (0.75 + Math.random() / 2));
    yield { kind: 'again', step: group.from, attempt: attempt + 1, of: patience.attempts, waitMs };
    await delay(waitMs, undefined, signal ? { signal } : {}).catch(() => undefined);
    if (signal?.aborted) return { ...failed, note };
  }
}

/** One attempt. After a failure the session is out of the transaction again. */
async function* once(
  session: Session,
  group: Group,
  patience: Patience,
): AsyncGenerator<StructureEvent, Failed | null> {
  const before = group.alone ? 0 : 1;
  const texts = group.steps.map(({ sql }) => sql);
  let failed: Failed | null = null;
  let at = group.from;
  const run = session.run(requestOf(group.alone ? texts : ['BEGIN', ...texts, 'COMMIT'], patience.lockTimeoutMs));
  for await (const event of run) {
    const place = 'statement' in event ? event.statement - before : -1;
    const isStep = place >= 0 && place < group.steps.length;
    if (isStep) at = group.from + place;
    if (event.kind === 'statement' && isStep) yield { kind: 'began', step: at };
    else if (event.kind === 'complete' && isStep) yield { kind: 'ended', step: at, tookMs: event.timings.totalMs };
    else if (event.kind === 'failed') failed ??= { step: at, failure: event.failure, note: null };
    else if (event.kind === 'end' && event.skipped > 0)
      failed ??= { step: at, failure: { kind: 'cancelled', message: 'Cancelled.' }, note: null };
  }
  if (failed && !session.state.lost && session.state.transaction !== 'idle') {
    for await (const _ of session.run(requestOf(['ROLLBACK'], null)));
  }
  return failed;
}

function requestOf(texts: readonly string[], lockMs: number | null): RunRequest {
  const statements = texts.map((text) => ({ text, range: { from: 0, to: text.length } }));
  return { statements, rowLimit: null, stopOnError: true, timeouts: { statementMs: null, lockMs } };
}

/** True where an index of the name is there before the step: then it is not ours to remove. */
async function leftovers(session: Session, { steps }: Group): Promise<boolean> {
  const builds = steps[0]?.builds;
  return builds ? (await session.source.ask(indexNamed, [builds.schema, builds.name])).length > 0 : false;
}

/** CREATE INDEX CONCURRENTLY that fails leaves an index that costs every write and answers no query. */
async function cleanUp(session: Session, { steps }: Group, wasThere: boolean): Promise<string | null> {
  const builds = steps[0]?.builds;
  if (!builds || wasThere || session.state.lost) return null;
  const own = qualified(builds.schema, builds.name);
  const [left] = await session.source.ask(indexNamed, [builds.schema, builds.name]).catch(() => []);
  if (!left || left.valid) return null;
  let failure: Failure | null = null;
  const run = session.run(requestOf([`DROP INDEX CONCURRENTLY IF EXISTS ${own}`], null));
  for await (const event of run) if (event.kind === 'failed') failure = event.failure;
  return failure
    ? `The index ${own} was left invalid and could not be dropped (${failure.message}). Drop it: every write pays for it.`
    : `The invalid index ${own} that it left was dropped again.`;
}
