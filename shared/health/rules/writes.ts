/** Checkpoints and archiving; standbys and slots. Thresholds: 30 % requested; 5 s; 100 MB and 1 GB. */
import { shownAmount } from '../../metrics/units.ts';
import { type HealthEvidence, type NamedRow, rowsOf } from '../evidence.ts';
import { type Finding, type Judgement, unknown } from '../finding.ts';

const bytes = (value: number): string => shownAmount(value, { unit: 'bytes' });
const ms = (value: number): string => shownAmount(value, { unit: 'ms' });
const count = (value: number): string => shownAmount(value, { unit: 'count' });
const megabyte = 1_048_576;

export function judgeCheckpoints(evidence: HealthEvidence): Judgement {
  const [row] = rowsOf(evidence, 'checkpointer') ?? [];
  const [archiver] = rowsOf(evidence, 'archiver') ?? [];
  if (!row) return unknown('Checkpoints were not counted in this stretch.');
  const timed = row.value('num_timed') ?? 0;
  const requested = row.value('num_requested') ?? 0;
  const all = timed + requested;
  const findings: Finding[] = [];
  if (requested >= 3 && requested / all > 0.3) {
    findings.push({
      id: 'checkpoints.requested',
      category: 'checkpoints',
      severity: 'warning',
      title: `${count(requested)} of ${count(all)} checkpoints came early`,
      reason:
        'WAL reached max_wal_size before the time was up: pages are written, and logged whole, more often than needed.',
      numbers: [
        { label: 'Requested', value: count(requested) },
        { label: 'On time', value: count(timed) },
      ],
      nextStep: 'Raise max_wal_size until checkpoints come by checkpoint_timeout.',
      sql: 'show max_wal_size;',
      page: 'settings',
      deduction: 20,
    });
  }
  const failed = archiver?.value('failed_count') ?? 0;
  if (failed > 0) {
    findings.push({
      id: 'checkpoints.archiver',
      category: 'checkpoints',
      severity: 'critical',
      title: `Archiving of WAL failed ${failed} times`,
      reason: 'WAL piles up until the disk is full, and a point-in-time recovery would end there.',
      numbers: [
        { label: 'Failed', value: String(failed) },
        { label: 'Archived', value: String(archiver?.value('archived_count') ?? 0) },
      ],
      nextStep: 'Read the server’s log for what archive_command says.',
      sql: 'select * from pg_stat_archiver;',
      deduction: 50,
      cap: 50,
    });
  }
  return {
    known: 'known',
    missing: [],
    findings,
    numbers: [
      { label: 'Checkpoints on time', value: count(timed) },
      { label: 'Requested', value: count(requested) },
    ],
  };
}

export function judgeReplication(evidence: HealthEvidence): Judgement {
  const standbys = rowsOf(evidence, 'replication');
  const slots = rowsOf(evidence, 'slot');
  const [own] = rowsOf(evidence, 'standby') ?? [];
  // A server without standbys writes no rows of that family: unknown only where nothing of the kind was looked at.
  if (standbys === null && slots === null && !own) {
    return {
      known: 'known',
      missing: [],
      findings: [],
      numbers: [{ label: 'Standbys and slots', value: 'none seen' }],
    };
  }
  const findings = [...(standbys ?? []).flatMap(lagging), ...(slots ?? []).flatMap(retaining)];
  const delay = own?.value('replay_delay') ?? null;
  if (delay !== null && delay > 30_000) findings.push(behind(delay));
  return {
    known: 'known',
    missing: [],
    findings,
    numbers: [
      { label: 'Standbys', value: String(standbys?.length ?? 0) },
      { label: 'Slots', value: String(slots?.length ?? 0) },
    ],
  };
}

function lagging(row: NamedRow): Finding[] {
  const lag = row.value('replay_lag') ?? 0;
  const far = row.value('replay_lag_bytes') ?? 0;
  if (lag <= 5_000 && far <= 100 * megabyte) return [];
  const bad = far > 1024 * megabyte || lag > 60_000;
  return [
    {
      id: `replication.lag.${row.name('application_name')}`,
      category: 'replication',
      severity: bad ? 'critical' : 'warning',
      title: `Standby ${row.name('application_name')} is behind`,
      reason: 'Readers there see old data, and a failover now would lose or delay what it lacks.',
      numbers: [
        { label: 'Not replayed', value: bytes(far) },
        { label: 'Replay lag', value: ms(lag) },
        { label: 'State', value: row.name('state') },
      ],
      nextStep:
        'See where it is stuck: not sent is the network, not flushed its disk, not replayed its queries or processor.',
      page: 'replication',
      deduction: bad ? 40 : 20,
    },
  ];
}

function retaining(row: NamedRow): Finding[] {
  const status = row.name('wal_status');
  const kept = row.value('retained_bytes') ?? 0;
  const idle = row.name('active') === 'f';
  const lost = status === 'lost' || row.name('invalidation_reason') !== '';
  if (!lost && status !== 'unreserved' && !(idle && kept > 1024 * megabyte)) return [];
  return [
    {
      id: `replication.slot.${row.name('slot_name')}`,
      category: 'replication',
      severity: lost || status === 'unreserved' ? 'critical' : 'warning',
      title: lost
        ? `Slot ${row.name('slot_name')} has lost the WAL it needs`
        : `Slot ${row.name('slot_name')} keeps ${bytes(kept)} of WAL`,
      reason: lost
        ? 'Its reader cannot go on from where it was.'
        : 'A slot that nobody reads keeps WAL until the disk is full.',
      numbers: [
        { label: 'Kept', value: bytes(kept) },
        { label: 'State', value: status || 'reserved' },
        { label: 'Read', value: idle ? 'by nobody' : 'yes' },
      ],
      nextStep: lost
        ? 'Make the standby or subscriber anew, and drop the slot.'
        : 'Bring its reader back, or drop the slot; max_slot_wal_keep_size puts a limit to it.',
      page: 'replication',
      deduction: lost || status === 'unreserved' ? 40 : 20,
    },
  ];
}

const behind = (delay: number): Finding => ({
  id: 'replication.behind',
  category: 'replication',
  severity: delay > 300_000 ? 'critical' : 'warning',
  title: `This standby is ${ms(delay)} behind`,
  reason: 'What is read here is that old.',
  numbers: [{ label: 'Behind', value: ms(delay) }],
  nextStep: 'Look for long queries that hold up replay, and at the link to the primary.',
  page: 'replication',
  deduction: delay > 300_000 ? 40 : 20,
});
