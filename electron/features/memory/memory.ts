/** What is remembered of the statements in an editor: from a recording, whether its server can be reached or not. */
import type { RememberedStatement } from '../../../shared/api/memory.ts';
import type { Statement } from '../../../shared/api/monitor.ts';
import { Fingerprints } from '../../postgres/parser/fingerprints.ts';
import { type SplitStatement, splitScript } from '../../postgres/parser/split-script.ts';
import { procedures } from '../../procedures.ts';
import type { OpenRecordings } from '../../recorder/open/open-recordings.ts';
import { recordedDatabase } from '../../recorder/open/recorded-database.ts';
import type { PlanStore } from '../../store/plans.ts';
import { recordedCatalog } from './recorded-catalog.ts';

const dayMs = 86_400_000;
/** A recording's counters are read once a minute: asking more often gives nothing new. */
const freshMs = 60_000;
const trendPieces = 12;
const mostStatements = 100;
const mostPlans = 200;
const mostWorkload = 300;
const longestJoin = 20_000;

interface Recorded {
  readonly fromMs: number;
  readonly toMs: number;
  readonly coveredMs: number;
  readonly sampled: boolean;
  readonly byFingerprint: ReadonlyMap<string, readonly Statement[]>;
}
type Placed = SplitStatement & { readonly fingerprint: string };

export function memoryProcedures({ recordings, store }: { recordings: OpenRecordings; store: PlanStore }) {
  const fingerprints = new Fingerprints();
  /** By recording: what its last day was, and when that was read. */
  const days = new Map<string, { readonly atMs: number; readonly recorded: Promise<Recorded | null> }>();

  async function read(recordingId: string): Promise<Recorded | null> {
    const span = await recordings.ask(recordingId, 'span', {});
    if (span.toMs === null || span.fromMs === null) return null;
    const [fromMs, toMs] = [Math.max(span.fromMs - 1, span.toMs - dayMs), span.toMs];
    const question = { fromMs, toMs, order: 'totalMs', limit: 5_000 } as const;
    const { statements, sampled, coveredMs } = await recordings.ask(recordingId, 'statements', question);
    const made = await fingerprints.ofAll(statements.map(({ text }) => text ?? ''));
    const byFingerprint = Map.groupBy(statements, (_, place) => made[place] ?? '');
    byFingerprint.delete('');
    return { fromMs, toMs, coveredMs, sampled, byFingerprint };
  }

  function dayOf(recordingId: string): Promise<Recorded | null> {
    const known = days.get(recordingId);
    if (known && performance.now() - known.atMs < freshMs) return known.recorded;
    const recorded = read(recordingId);
    days.set(recordingId, { atMs: performance.now(), recorded });
    recorded.catch(() => days.delete(recordingId));
    return recorded;
  }

  async function placed(text: string): Promise<Placed[]> {
    const statements = await splitScript(text).catch(() => []);
    const made = await fingerprints.ofAll(statements.map(({ from, to }) => text.slice(from, to)));
    return statements
      .flatMap((each, place) => (made[place] ? [{ ...each, fingerprint: made[place] }] : []))
      .slice(0, mostStatements);
  }

  return {
    catalog: procedures.memory.catalog.handler(async function* ({ input }) {
      const recorded = await recordedDatabase(recordings, input.recordingId, input.database);
      if (recorded) yield* recordedCatalog(recorded);
    }),
    workload: procedures.memory.workload.handler(async ({ input: { recordingId, database } }) => {
      const recorded = await dayOf(recordingId);
      return [...(recorded?.byFingerprint.values() ?? [])]
        .flatMap((entries) => entries.filter((each) => database === null || each.database === database).slice(0, 1))
        .sort((a, b) => b.totalMs - a.totalMs)
        .flatMap(({ text }) => (text !== null && text.length <= longestJoin ? [text] : []))
        .slice(0, mostWorkload);
    }),
    look: procedures.memory.look.handler(async ({ input, signal }): Promise<RememberedStatement[]> => {
      const { recordingId, database, text } = input;
      const statements = await placed(text);
      const recorded = recordingId === null || statements.length === 0 ? null : await dayOf(recordingId);
      const entriesOf = (fingerprint: string) =>
        (recorded?.byFingerprint.get(fingerprint) ?? []).filter((each) => !database || each.database === database);
      const asked = new Map(statements.map(({ fingerprint }) => [fingerprint, entriesOf(fingerprint)]));
      for (const [fingerprint, entries] of asked) if (entries.length === 0) asked.delete(fingerprint);
      const wanted = [...asked].map(([, entries]) => ({
        keys: entries.map(({ key }) => key),
        queryIds: [...new Set(entries.flatMap(({ queryId }) => queryId ?? []))],
      }));
      const details =
        recorded && recordingId !== null && wanted.length > 0
          ? await recordings.ask(
              recordingId,
              'remembered',
              { fromMs: recorded.fromMs, toMs: recorded.toMs, statements: wanted, buckets: trendPieces },
              signal,
            )
          : [];
      const detailOf = new Map([...asked.keys()].map((fingerprint, place) => [fingerprint, details[place]]));
      return statements.flatMap(({ from, to, fingerprint }) => {
        const plan = lastPlan(store, fingerprint);
        const entries = asked.get(fingerprint) ?? [];
        if (!plan && entries.length === 0) return [];
        return [{ from, to, fingerprint, ...figuresOf(entries, recorded), ...restOf(detailOf.get(fingerprint)), plan }];
      });
    }),
  };
}

function figuresOf(entries: readonly Statement[], recorded: Recorded | null) {
  const [first] = entries.toSorted((a, b) => b.totalMs - a.totalMs);
  const coveredMs = recorded?.coveredMs ?? 0;
  const sampled = recorded?.sampled ?? false;
  const sum = (of: (entry: Statement) => number): number => entries.reduce((all, entry) => all + of(entry), 0);
  const [calls, totalMs] = [sum((each) => each.calls), sum((each) => each.totalMs)];
  const known = first !== undefined && coveredMs > 0;
  return {
    key: first?.key ?? null,
    sampled,
    coveredMs,
    callsADay: known && !sampled ? (calls * dayMs) / coveredMs : null,
    msADay: known ? (totalMs * dayMs) / coveredMs : null,
    meanMs: known && !sampled && calls > 0 ? totalMs / calls : null,
  };
}

const restOf = (detail: Pick<RememberedStatement, 'p95MinuteMs' | 'trend' | 'waits'> | undefined) =>
  detail ?? { p95MinuteMs: null, trend: [], waits: [] };

function lastPlan(store: PlanStore, fingerprint: string): RememberedStatement['plan'] {
  const { entries } = store.list({ fingerprint, limit: mostPlans });
  const [last] = entries;
  if (!last) return null;
  const other = entries.findIndex(({ shape }) => shape !== last.shape);
  return { lastId: last.id, atMs: last.atMs, changedAtMs: other < 0 ? null : (entries[other - 1]?.atMs ?? null) };
}
