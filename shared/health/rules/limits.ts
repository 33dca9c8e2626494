/** Errors the server counts, and what runs full: sequences, temporary files, statistics. */
import { shownAmount } from '../../metrics/units.ts';
import { type HealthEvidence, rowsOf, sumOf } from '../evidence.ts';
import { type Finding, type Judgement, unknown } from '../finding.ts';

const share = (part: number): string => shownAmount(part, { unit: 'ratio' });
const count = (value: number): string => shownAmount(value, { unit: 'count' });

export function judgeErrors(evidence: HealthEvidence): Judgement {
  const rows = rowsOf(evidence, 'database');
  if (rows === null) return unknown('No database was counted in this stretch.');
  const sum = (metric: string) => sumOf(rows, metric) ?? 0;
  const findings: Finding[] = [];
  const damaged = sum('checksum_failures');
  if (damaged > 0) findings.push(checksums(damaged));
  const deadlocks = sum('deadlocks');
  if (deadlocks > 0) findings.push(deadlocked(deadlocks));
  const back = sum('xact_rollback');
  const all = back + sum('xact_commit');
  if (back >= 100 && back / all > 0.1) findings.push(rollbacks(back, all));
  const lost = sum('sessions_fatal') + sum('sessions_abandoned');
  if (lost >= 5) findings.push(sessionsLost(lost));
  return {
    known: 'known',
    missing: [],
    findings,
    numbers: [
      { label: 'Deadlocks', value: String(deadlocks) },
      { label: 'Rolled back', value: all === 0 ? '–' : share(back / all) },
    ],
  };
}

const checksums = (damaged: number): Finding => ({
  id: 'errors.checksums',
  category: 'errors',
  severity: 'critical',
  title: `${damaged} damaged pages were read`,
  reason: 'The disk or the memory returns other bytes than were written: data is being lost.',
  numbers: [{ label: 'Checksum failures', value: String(damaged) }],
  nextStep: 'Stop writing, take a copy of the data folder, check the hardware, restore from a backup.',
  deduction: 100,
  cap: 10,
});
const deadlocked = (deadlocks: number): Finding => ({
  id: 'errors.deadlocks',
  category: 'errors',
  severity: 'warning',
  title: `${count(deadlocks)} ${deadlocks === 1 ? 'deadlock' : 'deadlocks'}`,
  reason: 'Transactions that take the same locks in another order; the server cancels one of them each time.',
  numbers: [{ label: 'Deadlocks', value: count(deadlocks) }],
  nextStep: 'The server’s log names both statements; let all transactions touch rows in the same order.',
  page: 'locks',
  deduction: deadlocks >= 10 ? 25 : 12,
});
const rollbacks = (back: number, all: number): Finding => ({
  id: 'errors.rollbacks',
  category: 'errors',
  severity: 'notice',
  title: `${share(back / all)} of the transactions were rolled back`,
  reason: 'Errors, or a framework that ends reading transactions so.',
  numbers: [
    { label: 'Rolled back', value: count(back) },
    { label: 'Of', value: count(all) },
  ],
  nextStep: 'Look into the server’s log for errors; log_min_messages must be at least error.',
  deduction: 8,
});
const sessionsLost = (lost: number): Finding => ({
  id: 'errors.sessions-lost',
  category: 'errors',
  severity: 'notice',
  title: `${count(lost)} sessions were lost or ended by a fatal error`,
  reason: 'Clients that go without a word, a network that drops connections, or crashes.',
  numbers: [{ label: 'Sessions', value: count(lost) }],
  nextStep: 'Look into the server’s log; tcp_keepalives_idle finds dead clients sooner.',
  page: 'sessions',
  deduction: 8,
});

export function judgeSizes(evidence: HealthEvidence): Judgement {
  const sequences = rowsOf(evidence, 'sequence');
  const databases = rowsOf(evidence, 'database_size');
  const [info] = rowsOf(evidence, 'statement_info') ?? [];
  const findings: Finding[] = [];
  for (const row of sequences ?? []) {
    const used = row.value('used') ?? 0;
    if (used < 0.5 || row.name('cycles') === 't') continue;
    findings.push({
      id: `sizes.sequence.${row.name('database')}.${row.name('seqrelid')}`,
      category: 'sizes',
      severity: used >= 0.9 ? 'critical' : used >= 0.75 ? 'warning' : 'notice',
      title: `Sequence ${row.name('schema')}.${row.name('sequence')} is ${share(used)} used up`,
      reason: 'At its end every insert that needs the next value fails.',
      numbers: [
        { label: 'At', value: count(row.value('last_value') ?? 0) },
        { label: 'Ends at', value: count(row.value('limit_value') ?? 0) },
        { label: 'Column', value: row.name('column') || 'none' },
      ],
      nextStep: row.name('column')
        ? 'Change the column, and what refers to it, to bigint while there is time.'
        : 'It belongs to no column. Where it is still used, give it a wider range (ALTER SEQUENCE … AS bigint), and a column to match.',
      page: 'objects',
      deduction: used >= 0.9 ? 60 : used >= 0.75 ? 25 : 8,
      ...(used >= 0.9 ? { cap: 40 } : {}),
    });
  }
  const evicted = info?.value('dealloc') ?? 0;
  if (evicted > 0) findings.push(evictions(evicted));
  const bytes = databases && sumOf(databases, 'bytes');
  return {
    known: sequences === null ? 'partly' : 'known',
    missing: sequences === null ? ['Sequences: they are read once an hour, and need pg_read_all_data.'] : [],
    findings,
    numbers: [
      { label: 'Databases', value: bytes === null ? '–' : shownAmount(bytes, { unit: 'bytes' }) },
      { label: 'Sequences', value: String(sequences?.length ?? '–') },
    ],
  };
}

const evictions = (evicted: number): Finding => ({
  id: 'sizes.statements-evicted',
  category: 'sizes',
  severity: 'notice',
  title: `pg_stat_statements ran full ${count(evicted)} times`,
  reason: 'Rare statements are thrown out and what they did is not counted.',
  numbers: [{ label: 'Evictions', value: count(evicted) }],
  nextStep: 'Raise pg_stat_statements.max (needs a restart).',
  page: 'statements',
  deduction: 5,
});
