/** One tick: what every session does, who waits for whom, and the texts of statements not met before. */
import { blockersByPid, lockLeaderOf, waitsOf } from '../../../../shared/locks/blockers.ts';
import type { Answer, LinkOptions, MonitorLink } from '../../../postgres/monitor/monitor-link.ts';
import type { Query } from '../../../postgres/query.ts';
import type { LockSample, SessionSample, StatementText } from '../../samples.ts';
import {
  activeSessions,
  activeSessionsBeside,
  allSessions,
  manyActiveSessions,
  names,
  type SessionRow,
} from './activity.sql.ts';
import { contendedLocks, type LockedRow } from './locks.sql.ts';
import { SessionTexts } from './session-texts.ts';

export interface Sampled {
  /** The server's clock, and its start: another one is a restart. */
  readonly atMs: number;
  readonly startedUs: string;
  readonly inRecovery: boolean;
  readonly sessions: readonly SessionSample[];
  readonly locks: readonly LockSample[] | null;
}

/** A look at one that is at work costs as much as going through so many. */
const looksAlike = 6;

export class SessionSampler {
  readonly #texts: SessionTexts;
  #names = new Map<string, string>();
  /** The server's own processes with a database at the last full look: they seldom change. */
  #background: readonly number[] | null = null;
  /** At the last full look, and at the last look at all. */
  #sessionCount = 0;
  #activeCount = 0;

  constructor(onText: (text: StatementText) => void) {
    this.#texts = new SessionTexts(onText);
  }

  /** @param full also idle sessions and all background processes */
  async sample(link: MonitorLink, full: boolean, timeoutMs: number): Promise<Sampled> {
    const { moment, rows } = await this.#ask(link, full, timeoutMs);
    const locks = rows.some((row) => row.waitEventType === 'Lock') ? await readLocks(link, timeoutMs) : null;
    await this.#learnNames(link, rows);
    await this.#texts.learn(link, rows);
    const sampled = rows.map((row) => this.#session(row));
    const sessions = locks ? withBlockers(sampled, locks) : sampled;
    return { atMs: moment.atMs, startedUs: moment.startedUs, inRecovery: moment.inRecovery, sessions, locks };
  }

  async #ask(link: MonitorLink, full: boolean, timeoutMs: number): Promise<Answer<SessionRow>> {
    const answer = await link.ask(...this.#question(link, full, timeoutMs));
    this.#activeCount = answer.rows.length;
    if (!full) return answer;
    this.#background = answer.rows.filter(isBackgroundInDatabase).map(({ pid }) => Number(pid));
    this.#sessionCount = answer.rows.length;
    this.#activeCount = answer.rows.filter(({ xactStartUs }) => xactStartUs !== null).length;
    return answer;
  }

  #question(link: MonitorLink, full: boolean, timeoutMs: number): [Query<SessionRow>, LinkOptions] {
    const plainly = { timeoutMs, prepared: [] };
    if (full) return [allSessions, plainly];
    if (!this.#background) return [activeSessions, plainly];
    const found = this.#activeCount + this.#background.length;
    if (found * looksAlike > this.#sessionCount) return [manyActiveSessions, plainly];
    return link.pooled
      ? [activeSessions, plainly]
      : [activeSessionsBeside, { timeoutMs, prepared: [this.#background] }];
  }

  /** Names may have changed hands, and another server may answer. */
  forgetNames(): void {
    this.#names.clear();
    this.#background = null;
  }

  async #learnNames(link: MonitorLink, rows: readonly SessionRow[]): Promise<void> {
    const known = (oid: string | null, kind: string) => !oid || oid === '0' || this.#names.has(kind + oid);
    if (rows.every(({ databaseOid, userOid }) => known(databaseOid, 'database') && known(userOid, 'user'))) return;
    for (const { kind, oid, name } of (await link.ask(names)).rows) this.#names.set(kind + oid, name);
    // What is gone already keeps its number, so that it is not asked for again each second.
    for (const { databaseOid, userOid } of rows) {
      if (!known(databaseOid, 'database')) this.#names.set(`database${databaseOid}`, String(databaseOid));
      if (!known(userOid, 'user')) this.#names.set(`user${userOid}`, String(userOid));
    }
  }

  #session(row: SessionRow): SessionSample {
    return {
      pid: Number(row.pid),
      leaderPid: numberOf(row.leaderPid),
      database: this.#names.get(`database${row.databaseOid}`) ?? null,
      user: this.#names.get(`user${row.userOid}`) ?? null,
      application: row.application ?? '',
      client: row.client,
      backendType: row.backendType ?? '',
      state: row.state,
      waitEventType: row.waitEventType,
      waitEvent: row.waitEvent,
      queryId: row.queryId,
      queryHash: this.#texts.hashOf(row),
      backendStartUs: numberOf(row.backendStartUs),
      xactStartUs: numberOf(row.xactStartUs),
      queryStartUs: numberOf(row.queryStartUs),
      stateChangeUs: numberOf(row.stateChangeUs),
      xidAge: numberOf(row.xidAge),
      xminAge: numberOf(row.xminAge),
      blockedBy: null,
    };
  }
}

/** What a session is may be hidden from the role: then it is none of these. */
const isBackgroundInDatabase = ({ backendType, databaseOid }: SessionRow): boolean =>
  databaseOid !== null &&
  databaseOid !== '0' &&
  backendType !== null &&
  backendType !== 'client backend' &&
  backendType !== 'parallel worker';

async function readLocks(link: MonitorLink, timeoutMs: number): Promise<LockSample[]> {
  const { rows } = await link.ask(contendedLocks, { timeoutMs });
  return rows.map(lockSample);
}

const lockSample = (row: LockedRow): LockSample => ({
  lockType: row.lockType,
  database: row.database,
  relation: row.relation,
  page: numberOf(row.page),
  tuple: numberOf(row.tuple),
  virtualXid: row.virtualXid,
  transactionId: row.transactionId,
  classId: row.classId,
  objId: row.objId,
  objSubId: numberOf(row.objSubId),
  virtualTransaction: row.virtualTransaction,
  pid: numberOf(row.pid),
  mode: row.mode,
  granted: row.granted === 't',
  fastPath: row.fastPath === 't',
  waitStartUs: numberOf(row.waitStartUs),
});

/** Of a parallel query its leader is blocked, and those of its workers that wait themselves. */
function withBlockers(sessions: readonly SessionSample[], locks: readonly LockSample[]): readonly SessionSample[] {
  const byPid = new Map(sessions.map((session) => [session.pid, session]));
  const leaderOf = (pid: number): number => {
    const session = byPid.get(pid);
    return session ? lockLeaderOf(session) : pid;
  };
  const blockers = blockersByPid(
    waitsOf(locks, leaderOf, (pid) => byPid.get(pid)?.stateChangeUs ?? 0),
    leaderOf,
  );
  return sessions.map((session) => {
    const leader = lockLeaderOf(session);
    const [blockedBy] =
      (session.pid === leader || session.waitEventType === 'Lock' ? blockers.get(leader) : null) ?? [];
    return blockedBy === undefined ? session : { ...session, blockedBy };
  });
}

const numberOf = (text: string | null): number | null => (text === null ? null : Number(text));
