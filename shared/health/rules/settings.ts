/** Settings that lose data, switch off what the server needs, or hide what one must see. */
import type { HealthEvidence } from '../evidence.ts';
import { type Finding, type Judgement, type Severity, unknown } from '../finding.ts';

interface Rule {
  readonly name: string;
  readonly bad: (value: string) => boolean;
  readonly severity: Severity;
  readonly reason: string;
  readonly nextStep: string;
  readonly deduction: number;
  readonly cap?: number;
}

const off = (value: string): boolean => value === 'off';

const rules: readonly Rule[] = [
  {
    name: 'fsync',
    bad: off,
    severity: 'critical',
    reason: 'After a crash of the machine the whole database may be lost.',
    nextStep: 'Switch it on.',
    deduction: 100,
    cap: 10,
  },
  {
    name: 'full_page_writes',
    bad: off,
    severity: 'critical',
    reason: 'After a crash pages may be torn and cannot be mended.',
    nextStep: 'Switch it on, unless the file system writes pages whole.',
    deduction: 80,
    cap: 25,
  },
  {
    name: 'autovacuum',
    bad: off,
    severity: 'critical',
    reason: 'Nothing removes dead rows or gathers statistics, until the server forces it against wraparound.',
    nextStep: 'Switch it on.',
    deduction: 60,
    cap: 40,
  },
  {
    name: 'track_counts',
    bad: off,
    severity: 'critical',
    reason: 'Autovacuum does not know what to do, and nothing here can be counted.',
    nextStep: 'Switch it on.',
    deduction: 60,
    cap: 40,
  },
  {
    name: 'synchronous_commit',
    bad: off,
    severity: 'notice',
    reason: 'A crash loses the transactions of the last moments, although their clients were told they are kept.',
    nextStep: 'Leave it off only where that is meant.',
    deduction: 5,
  },
  {
    name: 'track_io_timing',
    bad: off,
    severity: 'notice',
    reason: 'How long reads and writes take is not measured.',
    nextStep: 'Switch it on where pg_test_timing shows a cheap clock.',
    deduction: 0,
  },
  {
    name: 'idle_in_transaction_session_timeout',
    bad: (value) => value === '0',
    severity: 'notice',
    reason: 'A forgotten transaction stays open for ever, with its locks.',
    nextStep: 'Set it to some minutes, for roles of applications at least.',
    deduction: 3,
  },
  {
    name: 'log_lock_waits',
    bad: off,
    severity: 'notice',
    reason: 'Long waits for locks leave no trace in the server’s log.',
    nextStep: 'Switch it on; it costs nothing where nobody waits.',
    deduction: 0,
  },
];

export function judgeSettings(evidence: HealthEvidence): Judgement {
  if (evidence.settings === null) return unknown('The settings were not read yet.');
  const { settings } = evidence.settings;
  const values = new Map(settings.map((each) => [each.name, each.setting]));
  const findings = rules.flatMap((rule): Finding[] => {
    const value = values.get(rule.name);
    if (value === undefined || !rule.bad(value)) return [];
    return [
      {
        id: `settings.${rule.name}`,
        category: 'settings',
        severity: rule.severity,
        title: `${rule.name} is ${value}`,
        reason: rule.reason,
        numbers: [{ label: rule.name, value }],
        nextStep: rule.nextStep,
        page: 'settings',
        deduction: rule.deduction,
        ...(rule.cap === undefined ? {} : { cap: rule.cap }),
      },
    ];
  });
  const pending = settings.filter((each) => each.pendingRestart).map((each) => each.name);
  if (pending.length > 0) findings.push(waitsForRestart(pending));
  return {
    known: 'known',
    missing: [],
    findings,
    numbers: [{ label: 'Waiting for a restart', value: String(pending.length) }],
  };
}

const waitsForRestart = (names: readonly string[]): Finding => ({
  id: 'settings.pending-restart',
  category: 'settings',
  severity: 'notice',
  title: names.length === 1 ? `${names[0]} waits for a restart` : `${names.length} settings wait for a restart`,
  reason: 'The server runs with other values than its files say.',
  numbers: [{ label: 'Settings', value: names.slice(0, 5).join(', ') }],
  nextStep: 'Restart the server when it suits, or take the change back.',
  page: 'settings',
  deduction: 3,
});
