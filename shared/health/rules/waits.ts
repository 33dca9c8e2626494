/** Load against the processors, and what sessions wait for; and the cache, which matters only where reads are waited for. */
import { shownAmount } from '../../metrics/units.ts';
import { type HealthEvidence, rowsOf, sumOf } from '../evidence.ts';
import { type Finding, type Judgement, unknown } from '../finding.ts';

const sessions = (value: number): string => shownAmount(value, { unit: 'sessions' });
const share = (part: number): string => shownAmount(part, { unit: 'ratio' });

/** Idle transactions are no load. */
const loadOf = (activity: Readonly<Record<string, number>>): number =>
  Object.entries(activity).reduce((sum, [name, value]) => sum + (name === 'IdleTx' ? 0 : value), 0);

export function judgeWaits(evidence: HealthEvidence): Judgement {
  const { activity, blocked, vcpus } = evidence;
  if (activity === null) return unknown('No sample of the sessions lies in this stretch.');
  const load = loadOf(activity);
  const findings: Finding[] = [];
  if (vcpus !== null && load > vcpus) findings.push(overload(load, vcpus));
  const lock = activity.Lock ?? 0;
  if (blocked && blocked.most >= 3) findings.push(blocking(blocked, lock, load));
  const light = activity.LWLock ?? 0;
  if (light >= 0.5 && light / load > 0.25) findings.push(contention(light, load));
  const io = activity.IO ?? 0;
  if (io >= 1 && io / load > 0.5) findings.push(reading(io, load));
  return {
    known: vcpus === null ? 'partly' : 'known',
    missing: vcpus === null ? ['How many processors the server has: say so on the Activity page.'] : [],
    findings,
    numbers: [
      { label: 'Average active sessions', value: sessions(load) },
      { label: 'Blocked at most', value: String(blocked?.most ?? '–') },
    ],
  };
}

const overload = (load: number, vcpus: number): Finding => ({
  id: 'waits.overload',
  category: 'waits',
  severity: load > 2 * vcpus ? 'critical' : 'warning',
  title: `More sessions are active (${sessions(load)}) than there are processors (${vcpus})`,
  reason: 'What is above the line waits: every statement takes longer than it would alone.',
  numbers: [
    { label: 'Average active sessions', value: sessions(load) },
    { label: 'vCPU', value: String(vcpus) },
  ],
  nextStep: 'See which statements make up the load, and begin with the one at the top.',
  page: 'activity',
  deduction: load > 2 * vcpus ? 50 : 25,
});

const blocking = (blocked: { most: number; atMs: number }, lock: number, load: number): Finding => ({
  id: 'waits.blocking',
  category: 'waits',
  severity: lock >= 1 ? 'warning' : 'notice',
  title:
    blocked.most === 1 ? 'A session waited for a lock' : `Up to ${blocked.most} sessions waited for a lock at once`,
  reason: 'They do nothing and hold their connections, while others queue behind them.',
  numbers: [
    { label: 'Waiting at most', value: String(blocked.most) },
    { label: 'On average', value: sessions(lock) },
    { label: 'Share of the load', value: load > 0 ? share(lock / load) : '–' },
  ],
  nextStep: 'Look at who blocked them at that second, and who has cost most over the whole stretch.',
  page: 'locks',
  atMs: blocked.atMs,
  deduction: lock >= 1 ? 25 : 10,
});

const contention = (light: number, load: number): Finding => ({
  id: 'waits.lwlock',
  category: 'waits',
  severity: 'warning',
  title: `${share(light / load)} of the load waits for the server’s internal locks`,
  reason: 'Sessions get in each other’s way inside the server; more of them make it worse.',
  numbers: [{ label: 'LWLock', value: sessions(light) }],
  nextStep: 'Split the activity by wait event: LockManager points to many partitions or indexes, WALWrite to commits.',
  page: 'activity',
  deduction: 15,
});

const reading = (io: number, load: number): Finding => ({
  id: 'waits.io',
  category: 'waits',
  severity: 'notice',
  title: `${share(io / load)} of the load waits for files`,
  reason: 'The data asked for is not in memory, or the disk is slow.',
  numbers: [{ label: 'IO', value: sessions(io) }],
  nextStep: 'Order the statements by blocks read; an index or less data is cheaper than a faster disk.',
  page: 'statements',
  deduction: 10,
});

export function judgeCache(evidence: HealthEvidence): Judgement {
  const rows = rowsOf(evidence, 'database');
  const hit = rows && sumOf(rows, 'blks_hit');
  const read = rows && sumOf(rows, 'blks_read');
  if (hit === null || read === null) return unknown('No database was counted in this stretch.');
  const asked = hit + read;
  const io = evidence.activity?.IO ?? 0;
  const ratio = asked === 0 ? null : hit / asked;
  const findings: Finding[] = [];
  // A low ratio alone says nothing: large scans are meant to read.
  if (ratio !== null && ratio < 0.9 && io >= 0.5) {
    findings.push({
      id: 'cache.misses',
      category: 'cache',
      severity: 'warning',
      title: `${share(1 - ratio)} of the blocks had to be read, and sessions wait for it`,
      reason: 'What is used often does not fit into shared buffers, or statements read more than they need.',
      numbers: [
        { label: 'Found in shared buffers', value: share(ratio) },
        { label: 'Read', value: shownAmount(read, { unit: 'blocks' }) },
        { label: 'Waiting for I/O', value: sessions(io) },
      ],
      nextStep: 'Order the statements by blocks read; look at shared_buffers (a quarter of the memory) after that.',
      page: 'statements',
      deduction: 25,
    });
  }
  return {
    known: evidence.activity === null ? 'partly' : 'known',
    missing: evidence.activity === null ? ['Whether anybody waits for reads: no samples.'] : [],
    findings,
    numbers: [
      { label: 'Found in shared buffers', value: ratio === null ? '–' : share(ratio) },
      { label: 'Read', value: shownAmount(read, { unit: 'blocks' }) },
    ],
  };
}
