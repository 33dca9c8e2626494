/**
 * The blocking forest: sessions that block and are not blocked at the top, below them what they hold that others want,
 * below that who waits for it, and so on. A session that waits for several is shown once, under the first.
 */
import { type LockRow, objectId, ownerOf, waitsOf } from './blockers.ts';

export interface ForestNode {
  readonly kind: 'session' | 'object';
  readonly id: string;
  readonly parentId: string | null;
  /** Of an object: the session that holds it (or is ahead in its queue). */
  readonly pid: number;
  readonly label: string;
  readonly lockType: string | null;
  /** Of an object: the holder's mode; of a waiting session: the mode it wants; of a root: null. */
  readonly mode: string | null;
  readonly granted: boolean | null;
  readonly waitingSinceMs: number | null;
  /** Sessions below, and the seconds they have waited up to `atMs`. */
  readonly waiting: number;
  readonly blockedSeconds: number;
}

export interface LockEdge {
  /** Of a parallel worker: its leader. */
  readonly waiter: number;
  /** Likewise; 0: a prepared transaction. */
  readonly blocker: number;
  readonly wanted: LockRow;
  /** The row in the way: granted, or wanted by one that is ahead in the queue. */
  readonly inTheWay: LockRow;
}

export interface ForestOptions {
  /** Leader of the lock group (parallel query) a pid belongs to: members do not block each other, and are shown as it. */
  readonly leaders?: ReadonlyMap<number, number>;
  /** Since when a pid waits, for servers before 14, where pg_locks does not say (state_change comes near). */
  readonly waitingSinceUs?: ReadonlyMap<number, number>;
}

/** Who waits directly for whom, each pair once: by the lock that is waited for longest. Workers count as their leaders. */
export function lockEdges(locks: readonly LockRow[], { leaders, waitingSinceUs }: ForestOptions = {}): LockEdge[] {
  const leaderOf = (pid: number): number => leaders?.get(pid) ?? pid;
  const sinceOf = (pid: number): number => waitingSinceUs?.get(pid) ?? 0;
  const since = (wanted: LockRow): number => wanted.waitStartUs ?? sinceOf(ownerOf(wanted));
  const edges = new Map<string, LockEdge>();
  for (const { waiter: wanted, blockers } of waitsOf(locks, leaderOf, sinceOf))
    for (const inTheWay of blockers) {
      const [waiter, blocker] = [leaderOf(ownerOf(wanted)), leaderOf(ownerOf(inTheWay))];
      const known = edges.get(`${waiter} ${blocker}`);
      if (!known || known.wanted === wanted || since(wanted) < since(known.wanted))
        edges.set(`${waiter} ${blocker}`, { waiter, blocker, wanted, inTheWay });
    }
  return [...edges.values()];
}

/** What is locked, in a few words: `public.orders`, `row (5,3) of public.orders`, `transaction 812`. */
export function objectLabel(lock: LockRow): string {
  const relation = lock.relation ?? 'a relation';
  switch (lock.lockType) {
    case 'relation':
      return relation;
    case 'extend':
      return `extension of ${relation}`;
    case 'page':
      return `page ${lock.page} of ${relation}`;
    case 'tuple':
      return `row (${lock.page},${lock.tuple}) of ${relation}`;
    case 'transactionid':
      return `transaction ${lock.transactionId}`;
    case 'virtualxid':
      return `virtual transaction ${lock.virtualXid}`;
    case 'advisory':
      return `advisory lock ${lock.classId}/${lock.objId}`;
    case 'frozenid':
      return 'the oldest frozen transaction';
    default:
      return `${lock.lockType} ${lock.classId ?? ''}/${lock.objId ?? ''}`;
  }
}

/** Sessions that block and are not blocked; of a ring without any (a deadlock not yet resolved) the lowest pid. */
export function forestRoots(edges: readonly LockEdge[]): number[] {
  const waiters = new Set(edges.map(({ waiter }) => waiter));
  const roots = new Set(edges.map(({ blocker }) => blocker).filter((pid) => !waiters.has(pid)));
  const below = Map.groupBy(edges, ({ blocker }) => blocker);
  const reached = new Set<number>();
  const reach = (root: number): void => {
    reached.add(root);
    const open = [root];
    for (let at = open.pop(); at !== undefined; at = open.pop())
      for (const { waiter } of below.get(at) ?? []) {
        if (reached.has(waiter)) continue;
        reached.add(waiter);
        open.push(waiter);
      }
  };
  for (const root of roots) reach(root);
  for (const waiter of [...waiters].sort((a, b) => a - b)) {
    if (reached.has(waiter)) continue;
    roots.add(waiter);
    reach(waiter);
  }
  return [...roots].sort((a, b) => a - b);
}

/** One edge a waiter, by which it is placed; `object` is what is shown between the two. */
interface Placing {
  readonly edge: LockEdge;
  readonly blocker: number;
  readonly object: LockRow;
}

/** Parents come before their children, the busiest first. */
export function lockForest(locks: readonly LockRow[], atMs: number, options: ForestOptions = {}): ForestNode[] {
  const edges = lockEdges(locks, options);
  const roots = forestRoots(edges);
  const placed = placings(edges, new Set(roots));
  const below = Map.groupBy(placed.values(), ({ blocker }) => blocker);
  const sinceMs = (lock: LockRow): number | null => {
    const us = lock.waitStartUs ?? options.waitingSinceUs?.get(lock.pid ?? 0);
    return us === undefined ? null : us / 1000;
  };

  const nodes: ForestNode[] = [];
  const shown = new Set<number>();
  const addSession = (pid: number, parentId: string | null, wanted: LockRow | null): ForestNode[] => {
    shown.add(pid);
    const id = `session:${pid}`;
    const children = [...Map.groupBy(below.get(pid) ?? [], ({ object }) => objectId(object)).values()]
      .map((waiters) => addObject(pid, id, waiters))
      .sort((a, b) => waitingIn(b) - waitingIn(a));
    const since = wanted && sinceMs(wanted);
    return [
      {
        kind: 'session',
        id,
        parentId,
        pid,
        label: pid === 0 ? 'prepared transaction' : String(pid),
        lockType: wanted?.lockType ?? null,
        mode: wanted?.mode ?? null,
        granted: wanted ? false : null,
        waitingSinceMs: since,
        ...sum(children.map((child) => child[0])),
      },
      ...children.flat(),
    ];
  };
  const addObject = (pid: number, parentId: string, waiters: readonly Placing[]): ForestNode[] => {
    const [first] = waiters as [Placing];
    const id = `${parentId}:${objectId(first.object)}`;
    const children = waiters
      .filter(({ edge }) => !shown.has(edge.waiter))
      .toSorted((a, b) => (sinceMs(a.edge.wanted) ?? atMs) - (sinceMs(b.edge.wanted) ?? atMs))
      .map(({ edge }) => addSession(edge.waiter, id, edge.wanted));
    const own = children.map(([child]) => {
      const since = child?.waitingSinceMs;
      return { waiting: 1, blockedSeconds: since == null ? 0 : Math.max(0, atMs - since) / 1000 };
    });
    const node: ForestNode = {
      kind: 'object',
      id,
      parentId,
      pid,
      label: objectLabel(first.object),
      lockType: first.object.lockType,
      mode: first.edge.inTheWay.mode,
      granted: first.edge.inTheWay.granted,
      waitingSinceMs: null,
      ...sum([...own, ...children.map(([child]) => child)]),
    };
    return [node, ...children.flat()];
  };
  for (const root of roots) nodes.push(...addSession(root, null, null));
  return nodes;
}

const waitingIn = (nodes: readonly ForestNode[]): number => nodes[0]?.waiting ?? 0;

function sum(parts: readonly (Pick<ForestNode, 'waiting' | 'blockedSeconds'> | undefined)[]) {
  let waiting = 0;
  let blockedSeconds = 0;
  for (const part of parts) {
    waiting += part?.waiting ?? 0;
    blockedSeconds += part?.blockedSeconds ?? 0;
  }
  return { waiting, blockedSeconds };
}

/**
 * Under which blocker each waiter is shown: one that holds before one that is only ahead. Those who queue for a row
 * (the first holds the `tuple` lock and waits for the row's transaction, the others wait for the `tuple` lock) are
 * placed together under the one whose transaction it is.
 */
function placings(edges: readonly LockEdge[], roots: ReadonlySet<number>): Map<number, Placing> {
  const firsts = new Map<number, LockEdge>();
  for (const edge of edges) {
    const before = firsts.get(edge.waiter);
    if (!before || (!before.inTheWay.granted && edge.inTheWay.granted)) firsts.set(edge.waiter, edge);
  }
  const rowOf = new Map<number, LockRow>();
  for (const { waiter, blocker, wanted } of firsts.values())
    if (wanted.lockType === 'tuple' && firsts.get(blocker)?.wanted.lockType === 'transactionid' && waiter !== blocker)
      rowOf.set(blocker, wanted);
  const placed = new Map<number, Placing>();
  for (const [waiter, edge] of firsts) {
    // A ring is cut at the one that stands for its root.
    if (roots.has(waiter)) continue;
    const row = rowOf.get(waiter);
    const ahead = edge.wanted.lockType === 'tuple' ? firsts.get(edge.blocker) : undefined;
    placed.set(
      waiter,
      row
        ? { edge, blocker: edge.blocker, object: row }
        : ahead?.wanted.lockType === 'transactionid'
          ? { edge, blocker: ahead.blocker, object: edge.wanted }
          : { edge, blocker: edge.blocker, object: edge.wanted },
    );
  }
  return placed;
}
