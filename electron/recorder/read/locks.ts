/** The blocking forest of a second, and over a stretch of time who cost whom how much. */
import type { Blame, LockNode, SessionAt } from '../../../shared/api/monitor.ts';
import { type LockRow, lockLeaderOf } from '../../../shared/locks/blockers.ts';
import {
  type ForestOptions,
  forestRoots,
  type LockEdge,
  lockEdges,
  lockForest,
  objectLabel,
} from '../../../shared/locks/forest.ts';
import type { AshPiece, RecordingFile, Span } from '../file/recording-file.ts';
import { sessionsOf, tickAt } from './sessions.ts';

export function locks(file: RecordingFile, { atMs }: { atMs: number }): { atMs: number | null; nodes: LockNode[] } {
  const found = tickAt(file, atMs);
  const tickMs = found?.core.ticks[found.tick]?.atMs;
  if (!found || tickMs === undefined) return { atMs: null, nodes: [] };
  const held = file.sound(found.piece, () => found.piece.locks())?.find((tick) => tick.atMs === tickMs)?.locks ?? [];
  const sessions = sessionsOf(file, found);
  const nodes = lockForest(held, tickMs, options(sessions)).map((node): LockNode => {
    const session = node.kind === 'session' ? (sessions.get(node.pid) ?? null) : null;
    const label = session ? sessionLabel(session) : node.label;
    return { ...node, label, session };
  });
  return { atMs: tickMs, nodes };
}

const sessionLabel = ({ pid, user, application }: SessionAt): string =>
  [String(pid), user, application].filter((part) => part !== null && part !== '').join(' · ');

function options(sessions: ReadonlyMap<number, SessionAt>): ForestOptions {
  const leaders = new Map<number, number>();
  const waitingSinceUs = new Map<number, number>();
  for (const session of sessions.values()) {
    const { pid, stateChangeMs } = session;
    leaders.set(pid, lockLeaderOf(session));
    if (stateChangeMs !== null) waitingSinceUs.set(pid, stateChangeMs * 1000);
  }
  return { leaders, waitingSinceUs };
}

interface Charge extends Omit<Blame, 'victims'> {
  readonly victims: Set<number>;
}

/**
 * Each waiter's time is charged once: to the sessions at the root of its wait, in equal parts where there are several,
 * under the object that the root holds it up with. The most expensive first.
 */
export function blame(file: RecordingFile, span: Span): Blame[] {
  const charges = new Map<string, Charge>();
  for (const piece of file.ash(span, true)) file.sound(piece, () => chargePiece(file, piece, span, charges));
  return [...charges.values()]
    .map(({ victims, ...charge }) => ({ ...charge, victims: victims.size }))
    .sort((a, b) => b.blockedSeconds - a.blockedSeconds);
}

function chargePiece(file: RecordingFile, piece: AshPiece, span: Span, charges: Map<string, Charge>): void {
  const ticks = piece.locks().filter(({ locks: held }) => held.length > 0);
  if (ticks.length === 0) return;
  const core = piece.core();
  const places = new Map(core.ticks.map(({ atMs }, place) => [Math.round(atMs), place]));
  for (const { atMs, weightMs, locks: held } of ticks) {
    const seconds = (Math.min(atMs, span.toMs) - Math.max(atMs - weightMs, span.fromMs)) / 1000;
    const tick = places.get(atMs);
    if (seconds <= 0 || tick === undefined) continue;
    const sessions = sessionsOf(file, { piece, core, tick });
    const edges = lockEdges(held, options(sessions));
    const lined = rowsLinedUpFor(held);
    for (const [waiter, guilty] of rootEdges(edges))
      for (const edge of guilty) {
        const relation = relationOf(edge, lined);
        const root = sessions.get(edge.blocker);
        charge(charges, { edge, waiter, atMs, seconds: seconds / guilty.length, root, relation });
      }
  }
}

/** By waiter: the edges that lead to the roots of its wait, one a root. */
function rootEdges(edges: readonly LockEdge[]): Map<number, LockEdge[]> {
  const roots = new Set(forestRoots(edges));
  const above = Map.groupBy(edges, ({ waiter }) => waiter);
  const found = new Map<number, LockEdge[]>();
  for (const waiter of above.keys()) {
    if (roots.has(waiter)) continue;
    const last = new Map<number, LockEdge>();
    const seen = new Set<number>();
    const open = [waiter];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      for (const edge of above.get(at) ?? [])
        if (roots.has(edge.blocker)) last.set(edge.blocker, edge);
        else open.push(edge.blocker);
    }
    found.set(waiter, [...last.values()]);
  }
  return found;
}

/** By pid: the table of the row that it has lined up for. Who waits for a transaction waits for that row. */
const rowsLinedUpFor = (held: readonly LockRow[]): ReadonlyMap<number, string> =>
  new Map(
    held.flatMap(({ lockType, pid, relation }) =>
      lockType === 'tuple' && pid !== null && relation !== null ? [[pid, relation] as const] : [],
    ),
  );

const relationOf = ({ waiter, inTheWay }: LockEdge, lined: ReadonlyMap<number, string>): string | null =>
  inTheWay.lockType === 'transactionid' ? (lined.get(waiter) ?? null) : inTheWay.relation;

interface Cost {
  readonly edge: LockEdge;
  /** The table that is waited for, or of whose rows one is; null where it is neither, or not known. */
  readonly relation: string | null;
  readonly waiter: number;
  readonly atMs: number;
  readonly seconds: number;
  readonly root: SessionAt | undefined;
}

function charge(charges: Map<string, Charge>, { edge, waiter, atMs, seconds, root, relation }: Cost): void {
  // A row's transaction is another one each time: those of one session are one entry.
  const { lockType } = edge.inTheWay;
  const isRow = lockType === 'transactionid' || lockType === 'tuple';
  const rows = relation === null ? 'rows it changed' : `rows of ${relation}`;
  const object = isRow ? rows : objectLabel(edge.inTheWay);
  const key = JSON.stringify([edge.blocker, root?.queryId ?? root?.query, object, edge.inTheWay.mode]);
  const before = charges.get(key);
  const victims = (before?.victims ?? new Set<number>()).add(waiter);
  charges.set(key, {
    rootQuery: root?.query ?? null,
    rootQueryId: root?.queryId ?? null,
    rootUser: root?.user ?? null,
    rootApplication: root?.application ?? null,
    rootPid: edge.blocker === 0 ? null : edge.blocker,
    object,
    relation,
    mode: edge.inTheWay.mode,
    victims,
    blockedSeconds: (before?.blockedSeconds ?? 0) + seconds,
    firstMs: Math.min(before?.firstMs ?? atMs, atMs),
    lastMs: Math.max(before?.lastMs ?? atMs, atMs),
  });
}
