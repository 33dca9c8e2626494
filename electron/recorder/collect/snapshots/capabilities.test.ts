import { expect, it } from 'vitest';
import type { ServerSnapshot } from '../../../../shared/metrics/snapshots.ts';
import { activeSessions, allSessions } from '../activity/activity.sql.ts';
import { contendedLocks } from '../activity/locks.sql.ts';
import { allCollectors } from '../collectors.ts';
import { type CapabilityFacts, capabilitiesOf } from './capabilities.ts';

const facts = {
  superuser: false,
  readStats: true,
  readSettings: true,
  monitor: true,
  readData: false,
  libraries: '',
  statementsTrack: null,
  statementsOffered: true,
  trackIoTiming: false,
  trackActivities: true,
  trackCounts: true,
  computeQueryId: null,
  maySeeDirectories: true,
} satisfies CapabilityFacts;
const server = {
  version: '12.22',
  versionNum: 120_022,
  user: 'watcher',
  database: 'shop',
  inRecovery: false,
  pooled: false,
  databases: [],
} as unknown as ServerSnapshot;

it('a server of version 12 is said to be unsupported, and the basics are asked in words that it knows', () => {
  const [version] = capabilitiesOf(facts, server, null);
  expect(version).toMatchObject({ state: 'partly', sql: null });
  expect(version?.reason).toMatch(/^PostgreSQL 12\.22 is not supported: sessions, locks, databases/);
  const basics = allCollectors().filter(({ since = 13, pooledOnly }) => since <= 12 && !pooledOnly);
  expect(basics.map(({ id }) => id).sort()).toEqual([
    'capabilities',
    'database',
    'extensions',
    'roles',
    'settings',
    'wraparound',
  ]);
  const texts = [
    ...basics.map((each) => each.sql(12)),
    ...[activeSessions, allSessions, contendedLocks].map((q) => q.text(12)),
  ];
  // What came with 13 and 14.
  for (const text of texts)
    expect(text).not.toMatch(/a\.leader_pid|a\.query_id|waitstart|session_time|pg_read_all_data/);
});
