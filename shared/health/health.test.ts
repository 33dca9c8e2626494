import { describe, expect, it } from 'vitest';
import { familyOf } from '../metrics/families.ts';
import type { FamilyTable, HealthEvidence } from './evidence.ts';
import { judgeHealth } from './health.ts';

const minute = 60_000;
const toMs = 1_800_000_000_000;

/** A family's table of rows given by name; names that the family does not have fail. */
function family(id: string, ...rows: readonly Record<string, number | string>[]): FamilyTable {
  const known = familyOf(id);
  if (!known) throw new Error(`no family ${id}`);
  const metrics = known.metrics.map((metric) => metric.name);
  for (const name of rows.flatMap((row) => Object.keys(row))) {
    if (!metrics.includes(name) && !known.key.includes(name)) throw new Error(`${id} has no ${name}`);
  }
  return {
    coveredMs: 15 * minute,
    key: known.key,
    metrics,
    rows: rows.map((row) => ({
      key: known.key.map((part) => String(row[part] ?? '')),
      values: metrics.map((name) => (typeof row[name] === 'number' ? row[name] : null)),
    })),
  };
}

const setting = (name: string, value: string, pendingRestart = false) => ({
  ...{ name, setting: value, pendingRestart, unit: null, category: '', context: '', source: '' },
  ...{ bootValue: null, description: '' },
});

const well: HealthEvidence = {
  fromMs: toMs - 15 * minute,
  toMs,
  covered: 1,
  vcpus: 8,
  activity: { CPU: 1.5, IO: 0.3, IdleTx: 20 },
  blocked: { most: 1, atMs: toMs - minute },
  families: {
    connections: family('connections', {
      total: 20,
      max_connections: 100,
      reserved_connections: 3,
      oldest_xact_age: 900,
    }),
    database: family('database', {
      database: 'shop',
      blks_hit: 99_000,
      blks_read: 1_000,
      xact_commit: 1_000,
      xact_rollback: 3,
    }),
    wraparound: family('wraparound', { database: 'shop', xid_age: 60_000_000, freeze_max_age: 200_000_000 }),
    xmin_horizon: family('xmin_horizon'),
    table: family('table', { schema: 'shop', table: 'orders', n_dead_tup: 900, n_live_tup: 100_000 }),
    checkpointer: family('checkpointer', { num_timed: 3, num_requested: 0 }),
    sequence: family('sequence', { sequence: 'orders_id_seq', used: 0.01 }),
  },
  settings: { settings: [setting('fsync', 'on'), setting('autovacuum', 'on')], overrides: [] },
};
const judged = (change: Partial<HealthEvidence>, families: HealthEvidence['families'] = {}) =>
  judgeHealth({ ...well, ...change, families: { ...well.families, ...families } });
const ids = (...args: Parameters<typeof judged>) => judged(...args).findings.map((each) => each.id);

describe('the score', () => {
  it('is full, and sure, where all is well and all could be seen', () => {
    const health = judgeHealth(well);
    expect(health).toMatchObject({ score: 100, findings: [] });
    expect(health.confidence).toBeCloseTo(1);
  });
  it('is the worst of the categories, not their mean', () => {
    const health = judged(
      {},
      { connections: family('connections', { total: 80, max_connections: 100, reserved_connections: 3 }) },
    );
    expect(health.score).toBe(75);
    expect(health.categories.find((each) => each.id === 'connections')?.score).toBe(75);
    expect(health.categories.filter((each) => each.score === 100)).toHaveLength(9);
  });
  it('is capped by what must not be outvoted', () => {
    const health = judged({}, { wraparound: family('wraparound', { database: 'shop', xid_age: 1_700_000_000 }) });
    expect(health.score).toBeLessThanOrEqual(20);
    expect(health.findings[0]).toMatchObject({ id: 'vacuum.wraparound', severity: 'critical' });
    expect(judged({ settings: { settings: [setting('fsync', 'off')], overrides: [] } }).score).toBeLessThanOrEqual(10);
  });
  it('loses confidence, not points, where something cannot be seen', () => {
    const blind = judgeHealth({ ...well, vcpus: null, activity: null, covered: 0.2, families: {}, settings: null });
    expect(blind.score).toBe(100);
    expect(blind.confidence).toBeLessThan(0.2);
    expect(blind.categories.find((each) => each.id === 'connections')).toMatchObject({ known: 'unknown', score: null });
  });
});

describe('rules', () => {
  it('warn of connections from 80 % of what ordinary roles may use', () => {
    const at = (total: number) =>
      ids({}, { connections: family('connections', { total, max_connections: 100, reserved_connections: 3 }) });
    expect(at(77)).toEqual([]);
    expect(at(78)).toEqual(['connections.near-limit']);
  });
  it('warn of transactions left open for five minutes', () => {
    const at = (age: number) =>
      ids({}, { connections: family('connections', { total: 1, max_connections: 100, oldest_xact_age: age }) });
    expect(at(5 * minute - 1)).toEqual([]);
    expect(at(5 * minute)).toEqual(['connections.long-transaction']);
  });
  it('hold the load against the processors, idle transactions not counted, and only where these are known', () => {
    expect(ids({ activity: { CPU: 9, IdleTx: 50 } })).toEqual(['waits.overload']);
    expect(ids({ activity: { CPU: 9 }, vcpus: null })).toEqual([]);
  });
  it('lead to the second at which most were blocked', () => {
    const [finding] = judged({ blocked: { most: 12, atMs: 4711 }, activity: { Lock: 2 } }).findings;
    expect(finding).toMatchObject({ id: 'waits.blocking', page: 'locks', atMs: 4711, severity: 'warning' });
  });
  it('mind the cache only where somebody waits for it', () => {
    const cold = { database: family('database', { blks_hit: 10, blks_read: 90 }) };
    expect(ids({}, cold)).toEqual([]);
    expect(ids({ activity: { CPU: 1, IO: 0.6 } }, cold)).toEqual(['cache.misses']);
  });
  it('name who holds back vacuum, but not a quiet snapshot', () => {
    const horizon = (age: number, since: number) =>
      ids({}, { xmin_horizon: family('xmin_horizon', { kind: 'session', holder: '4711', age, since }) });
    expect(horizon(500, toMs - 90 * minute)).toEqual([]);
    expect(horizon(20_000, toMs - 90 * minute)).toEqual(['vacuum.held-back.session.4711']);
    expect(horizon(11_000_000, toMs)).toEqual(['vacuum.held-back.session.4711']);
  });
  it('name tables that are dead to a fifth and worth it', () => {
    const table = (n_dead_tup: number) =>
      ids({}, { table: family('table', { relid: '7', database: 'a', n_dead_tup, n_live_tup: 40_000 }) });
    expect(table(9_999)).toEqual([]);
    expect(table(10_000)).toEqual(['bloat.a.7']);
  });
  it('know early checkpoints, failed archiving, lagging standbys and slots that keep WAL', () => {
    expect(ids({}, { checkpointer: family('checkpointer', { num_timed: 4, num_requested: 3 }) })).toEqual([
      'checkpoints.requested',
    ]);
    expect(ids({}, { archiver: family('archiver', { failed_count: 1 }) })).toEqual(['checkpoints.archiver']);
    const standby = (replay_lag: number) =>
      ids({}, { replication: family('replication', { application_name: 'b', replay_lag }) });
    expect(standby(5_000)).toEqual([]);
    expect(standby(5_001)).toEqual(['replication.lag.b']);
    const slot = (row: Record<string, string | number>) =>
      ids({}, { slot: family('slot', { slot_name: 's', active: 't', ...row }) });
    expect(slot({ wal_status: 'reserved', retained_bytes: 2e9 })).toEqual([]);
    expect(slot({ wal_status: 'extended', retained_bytes: 2e9, active: 'f' })).toEqual(['replication.slot.s']);
    expect(slot({ wal_status: 'lost' })).toEqual(['replication.slot.s']);
  });
  it('know deadlocks, damaged pages, and sequences that come to their end', () => {
    expect(ids({}, { database: family('database', { deadlocks: 1 }) })).toEqual(['errors.deadlocks']);
    expect(judged({}, { database: family('database', { checksum_failures: 1 }) }).score).toBeLessThanOrEqual(10);
    const sequence = (used: number, cycles = 'f') =>
      judged(
        {},
        { sequence: family('sequence', { sequence: 's', database: 'a', seqrelid: '9', used, cycles }) },
      ).findings.map((each) => each.severity);
    expect([0.49, 0.5, 0.75, 0.9].map((used) => sequence(used))).toEqual([[], ['notice'], ['warning'], ['critical']]);
    expect(sequence(0.95, 't')).toEqual([]);
  });
});
