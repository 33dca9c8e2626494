/**
 * Who waits for whom, from one reading of pg_locks. pg_blocking_pids knows the same, but is asked once a waiter, takes
 * every lock partition each time, and answers with n² pairs; here each waiter is led to who stands directly before it.
 *
 * A waiter waits for the holders of conflicting modes on the object. Where no holder conflicts, it waits in the queue
 * behind an earlier waiter whose mode conflicts with its own (the queue behind a waiting ALTER TABLE).
 */
import { modesConflict } from './lock-modes.ts';

/** A row of pg_locks, as a recording keeps it. */
export interface LockRow {
  readonly lockType: string;
  readonly database: string | null;
  readonly relation: string | null;
  readonly page: number | null;
  readonly tuple: number | null;
  readonly virtualXid: string | null;
  readonly transactionId: string | null;
  readonly classId: string | null;
  readonly objId: string | null;
  readonly objSubId: number | null;
  readonly virtualTransaction: string;
  /** Null for a prepared transaction. */
  readonly pid: number | null;
  readonly mode: string;
  readonly granted: boolean;
  /** 14 and later. */
  readonly waitStartUs: number | null;
}

/** What is fought over, with who has it and who stands in line for it, first come first. */
export interface ContendedObject<Row extends LockRow = LockRow> {
  readonly id: string;
  readonly holders: readonly Row[];
  readonly queue: readonly Row[];
}

/** One waiting lock, and the locks that stand directly before it: held ones, or one earlier in the queue. */
export interface Wait<Row extends LockRow = LockRow> {
  readonly object: ContendedObject<Row>;
  readonly waiter: Row;
  readonly blockers: readonly Row[];
  /** True where it waits for another waiter, not for a holder. */
  readonly queued: boolean;
}

/** The object of a lock, as text: equal for equal objects. */
export const objectId = (row: LockRow): string =>
  [
    row.lockType,
    row.database,
    row.relation,
    row.page,
    row.tuple,
    row.virtualXid,
    row.transactionId,
    row.classId,
    row.objId,
    row.objSubId,
  ].join('\u0001');

/** The pid of a lock's owner; 0 for a prepared transaction, as pg_blocking_pids has it. */
export const ownerOf = (row: LockRow): number => row.pid ?? 0;

/**
 * @param leaderOf the leader of a parallel worker, else the pid itself: members of a group never wait for each other
 * @param waitOrderOf what orders waiters where the server does not tell when they began to wait (before 14), such as
 *   the session's state_change in microseconds
 */
export function waitsOf<Row extends LockRow>(
  rows: readonly Row[],
  leaderOf: (pid: number) => number = (pid) => pid,
  waitOrderOf: (pid: number) => number = () => 0,
): Wait<Row>[] {
  const order = (row: Row): number => row.waitStartUs ?? waitOrderOf(ownerOf(row));
  return contendedObjects(rows, order).flatMap((object) =>
    object.queue.map((waiter, place) => waitOf(object, waiter, place, leaderOf)),
  );
}

function waitOf<Row extends LockRow>(
  object: ContendedObject<Row>,
  waiter: Row,
  place: number,
  leaderOf: (pid: number) => number,
): Wait<Row> {
  const group = leaderOf(ownerOf(waiter));
  const inTheWay = (other: Row): boolean =>
    !(other.pid !== null && leaderOf(other.pid) === group) && modesConflict(waiter.mode, other.mode);
  const blockers = object.holders.filter(inTheWay);
  if (blockers.length > 0) return { object, waiter, blockers, queued: false };
  const before = object.queue.slice(0, place).find(inTheWay);
  return { object, waiter, blockers: before ? [before] : [], queued: true };
}

function contendedObjects<Row extends LockRow>(
  rows: readonly Row[],
  order: (row: Row) => number,
): ContendedObject<Row>[] {
  const objects = new Map<string, { id: string; holders: Row[]; queue: Row[] }>();
  for (const row of rows) {
    if (row.granted) continue;
    const id = objectId(row);
    const object = objects.get(id);
    if (object) object.queue.push(row);
    else objects.set(id, { id, holders: [], queue: [row] });
  }
  for (const row of rows) if (row.granted) objects.get(objectId(row))?.holders.push(row);
  for (const { queue } of objects.values()) queue.sort((a, b) => order(a) - order(b));
  return [...objects.values()];
}

/**
 * By waiting pid: the pids directly before it, each once; 0 is a prepared transaction. As pg_blocking_pids has it, what a
 * parallel worker holds or waits for is its leader's: only that is a session that somebody could end.
 */
export function blockersByPid(
  waits: readonly Wait[],
  leaderOf: (pid: number) => number = (pid) => pid,
): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const { waiter, blockers } of waits) {
    const pid = leaderOf(ownerOf(waiter));
    const known = new Set(found.get(pid));
    for (const blocker of blockers) known.add(leaderOf(ownerOf(blocker)));
    found.set(pid, [...known]);
  }
  return found;
}

/**
 * The leader of whose lock group a session is a member: parallel workers are. An apply worker of logical replication
 * has a leader, too, but waits for it like any other.
 */
export const lockLeaderOf = (session: { pid: number; leaderPid: number | null; backendType: string | null }): number =>
  session.backendType === 'parallel worker' ? (session.leaderPid ?? session.pid) : session.pid;

/** Pids that others wait for and that wait for nobody: where every chain begins. */
export function rootsOf(blockers: ReadonlyMap<number, readonly number[]>): number[] {
  const roots = new Set<number>();
  for (const pids of blockers.values())
    for (const pid of pids) if ((blockers.get(pid) ?? []).length === 0) roots.add(pid);
  return [...roots].sort((a, b) => a - b);
}
