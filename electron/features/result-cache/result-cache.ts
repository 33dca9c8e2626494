/**
 * Kept results. The same query, with the same values, role, search_path and settings, within the age that was chosen for
 * the connection, shows what it gave before, as long as nothing that this program has run, and nothing that was told by
 * NOTIFY, may have changed it. Writes of others are otherwise not seen: that is what the age is for.
 */
import type { KeepChoice } from '../../../shared/api/result-cache.ts';
import type { RunEvent } from '../../../shared/api/sessions.ts';
import type { Log } from '../../platform.ts';
import type { ConnectSpec, RunRequest, RunStatement, Session } from '../../postgres/source.ts';
import type { Sources } from '../../postgres/sources.ts';
import { procedures } from '../../procedures.ts';
import type { ResultCacheStore } from '../../store/result-cache.ts';
import { Channels } from './channels.ts';
import { type Candidate, type Kept, KeptResults } from './kept-results.ts';
import { prove, surroundingsOf } from './proof.ts';

export interface ResultCacheDeps {
  readonly store: ResultCacheStore;
  readonly results: Sources['results'];
  specOf(connectionId: string, database: string): Promise<ConnectSpec>;
  readonly log: Log;
}

const usualCapBytes = 512 * 1024 * 1024;
const usual: KeepChoice = { on: false, maxAgeMs: 300_000, withClock: false, channel: '' };

/** Of a run, what a kept result of it would have to have in common with it. */
export interface Looked {
  readonly session: Session;
  readonly connectionId: string;
  readonly request: RunRequest;
  /** Only keep; do not show what is kept. */
  readonly fresh: boolean;
}
export type Found =
  | { readonly kind: 'kept'; events(): AsyncIterable<RunEvent> }
  /** Not there: to be kept when it comes. */
  | { readonly kind: 'missing'; keeping(begin: () => AsyncIterable<RunEvent>): AsyncIterable<RunEvent> };

export function createResultCache({ store, results, specOf, log }: ResultCacheDeps) {
  const kept = new KeptResults(results, store.capBytes() ?? usualCapBytes);
  const channels = new Channels({ specOf, kept, log });
  const choiceOf = (connectionId: string): KeepChoice => store.choice(connectionId) ?? usual;

  const look = async (looked: Looked): Promise<Found | null> => {
    const { session, connectionId, request } = looked;
    const choice = choiceOf(connectionId);
    const [statement, ...others] = request.statements;
    if (!choice.on || !statement || others.length > 0 || !isBetweenRuns(looked)) return null;
    const { database } = session.source.facts;
    if (choice.channel !== '' && !(await channels.listening(connectionId, database, choice.channel))) return null;
    // From here on a change concerns it, whatever it is of.
    const candidate: Candidate = { connectionId, database, atMs: Date.now(), of: null, spoiled: false };
    kept.expect(candidate);
    const found = await lookFor(looked, statement, choice, candidate).catch((thrown) => {
      log.warn('could not be looked up among the kept results', { why: String(thrown) });
      return null;
    });
    if (found?.kind !== 'missing') kept.giveUp(candidate);
    return found;
  };

  const lookFor = async (
    { session, request, fresh }: Looked,
    statement: RunStatement,
    { withClock, maxAgeMs }: KeepChoice,
    candidate: Candidate,
  ): Promise<Found | null> => {
    const proof = await prove(session, statement, withClock);
    if (!proof) return null;
    const { connectionId, database } = candidate;
    const { bound, text } = statement;
    const sent = [bound?.text ?? text, bound?.values ?? [], request.rowLimit];
    const key = JSON.stringify([connectionId, database, proof.session, ...sent, withClock]);
    const there = fresh ? null : kept.find(key, proof.tables, maxAgeMs);
    const resultId = there && (await results.second(there.resultId).catch(() => null));
    if (there && resultId) {
      kept.counts.hits++;
      return { kind: 'kept', events: () => replayed(there, resultId, statement, results) };
    }
    const around = await surroundingsOf(session, proof.tables);
    if (!around) return null;
    candidate.of = { key, tables: proof.tables, around };
    kept.counts.misses++;
    return {
      kind: 'missing',
      keeping(begin) {
        try {
          return keeping(kept, candidate, begin(), log);
        } catch (thrown) {
          kept.giveUp(candidate);
          throw thrown;
        }
      },
    };
  };

  return {
    kept,
    /** Null where the run is none whose result may be kept. */
    look,
    /** The connection leads elsewhere now, or is gone. */
    forget(connectionId: string): void {
      kept.forgetConnection(connectionId);
      void channels.close(connectionId);
    },
    close: (): Promise<void> => channels.close(),
    procedures: {
      choice: procedures.resultCache.choice.handler(({ input }) => choiceOf(input.connectionId)),
      save: procedures.resultCache.save.handler(({ input: { connectionId, choice } }) => {
        const before = choiceOf(connectionId);
        store.putChoice(connectionId, choice);
        if (!choice.on || choice.channel !== before.channel) {
          kept.forgetConnection(connectionId);
          void channels.close(connectionId);
        }
      }),
      state: procedures.resultCache.state.handler(() => kept.state),
      setCap: procedures.resultCache.setCap.handler(({ input }) => {
        store.putCapBytes(input.capBytes);
        kept.setCap(input.capBytes);
      }),
      clear: procedures.resultCache.clear.handler(() => kept.clear()),
    },
  };
}

/** In a transaction a query may see what nobody else does; with manual commit it is to begin one. */
function isBetweenRuns({ session, request }: Looked): boolean {
  const { transaction, running, lost } = session.state;
  return transaction === 'idle' && !running && lost === null && request.commit !== 'manual';
}

/** What the run would have told. */
async function* replayed(
  { atMs, cut, command, timings }: Kept,
  resultId: string,
  { range }: RunStatement,
  results: Sources['results'],
): AsyncGenerator<RunEvent, void, void> {
  const { columns, rowCount: rows, sizeBytes: bytes } = results.resultFile(resultId);
  const statement = 0;
  yield { kind: 'statement', statement, of: 1, range };
  yield { kind: 'result', statement, resultId, columns: [...columns] };
  yield { kind: 'kept', statement, resultId, atMs };
  yield { kind: 'progress', resultId, rows, bytes };
  yield { kind: 'resultEnd', statement, resultId, rows, bytes, cut, timings };
  yield { kind: 'complete', statement, command, rows, timings };
  yield { kind: 'end', ran: 1, failed: 0, skipped: 0, totalMs: 0 };
}

/** Hands the events on; the result is kept before anyone hears that the statement has ended. */
async function* keeping(
  kept: KeptResults,
  candidate: Candidate,
  events: AsyncIterable<RunEvent>,
  log: Log,
): AsyncGenerator<RunEvent, void, void> {
  let ended: Extract<RunEvent, { kind: 'resultEnd' }> | null = null;
  try {
    for await (const event of events) {
      if (event.kind === 'resultEnd') ended = event;
      if (event.kind === 'complete' && ended) {
        const { resultId, cut, timings } = ended;
        await kept
          .keep(candidate, resultId, { cut, timings, command: event.command })
          .catch((thrown) => log.warn('a result was not kept', { why: String(thrown) }));
      }
      yield event;
    }
  } finally {
    kept.giveUp(candidate);
  }
}
