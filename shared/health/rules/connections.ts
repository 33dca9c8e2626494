/** Connections: room below the limit, transactions left open. Thresholds: 80 % of what ordinary roles may use; 5 minutes. */
import { shownAmount } from '../../metrics/units.ts';
import { type HealthEvidence, rowsOf, sumOf } from '../evidence.ts';
import { type Finding, type Judgement, unknown } from '../finding.ts';

const minuteMs = 60_000;
const share = (part: number): string => shownAmount(part, { unit: 'ratio' });
const ms = (value: number): string => shownAmount(value, { unit: 'ms' });

export function judgeConnections(evidence: HealthEvidence): Judgement {
  const [row] = rowsOf(evidence, 'connections') ?? [];
  const total = row?.value('total') ?? null;
  const max = row?.value('max_connections') ?? null;
  if (!row || total === null || max === null) return unknown('Connections were not counted in this stretch.');
  const limit = Math.max(1, max - (row.value('reserved_connections') ?? 0));
  const findings: Finding[] = [];
  const used = total / limit;
  const numbers = [
    { label: 'Connections', value: `${total} of ${limit}` },
    { label: 'Idle in transaction', value: String(row.value('idle_in_transaction') ?? '–') },
  ];
  if (used >= 0.8) findings.push(nearLimit(used, total, limit));
  const oldest = row.value('oldest_xact_age');
  if (oldest !== null) numbers.push({ label: 'Oldest transaction', value: ms(oldest) });
  if (oldest !== null && oldest >= 5 * minuteMs) findings.push(longTransaction(oldest));
  if (max > 500) findings.push(highLimit(max));
  const began = sumOf(rowsOf(evidence, 'database') ?? [], 'sessions');
  const seconds = (evidence.toMs - evidence.fromMs) / 1000;
  if (began !== null && seconds >= 60 && began / seconds > 5) findings.push(churn(began / seconds));
  return { known: 'known', missing: [], findings, numbers };
}

const nearLimit = (used: number, total: number, limit: number): Finding => ({
  id: 'connections.near-limit',
  category: 'connections',
  severity: used >= 0.95 ? 'critical' : 'warning',
  title: `${share(used)} of the connections are taken`,
  reason: 'At the limit every new client is refused, and the application fails as a whole.',
  numbers: [
    { label: 'Taken', value: String(total) },
    { label: 'For ordinary roles', value: String(limit) },
  ],
  nextStep:
    'Look for idle sessions and pools that are too large; put a pooler in between before raising max_connections.',
  page: 'sessions',
  deduction: used >= 0.95 ? 60 : 25,
  ...(used >= 0.95 ? { cap: 40 } : {}),
});

const longTransaction = (oldest: number): Finding => ({
  id: 'connections.long-transaction',
  category: 'connections',
  severity: oldest >= 60 * minuteMs ? 'warning' : 'notice',
  title: `A transaction has been open for ${ms(oldest)}`,
  reason: 'It keeps its locks, and VACUUM may not remove any row that died since it began.',
  numbers: [{ label: 'Oldest transaction', value: ms(oldest) }],
  nextStep: 'Find the session; if its client has forgotten it, end it, and set idle_in_transaction_session_timeout.',
  page: 'sessions',
  deduction: oldest >= 60 * minuteMs ? 25 : 10,
});

const highLimit = (max: number): Finding => ({
  id: 'connections.high-limit',
  category: 'connections',
  severity: 'notice',
  title: `max_connections is ${max}`,
  reason: 'Many hundred sessions at once cost memory and snapshots more than they bring; most of them wait anyway.',
  numbers: [{ label: 'max_connections', value: String(max) }],
  nextStep: 'Use a pooler such as PgBouncer and a limit nearer to a few times the processors.',
  page: 'settings',
  deduction: 5,
});

const churn = (perSecond: number): Finding => ({
  id: 'connections.churn',
  category: 'connections',
  severity: 'notice',
  title: `${perSecond.toFixed(1)} new sessions begin every second`,
  reason: 'Each begins a process and reads the catalogs anew, which costs more than a short query.',
  numbers: [{ label: 'New sessions', value: `${perSecond.toFixed(1)}/s` }],
  nextStep: 'Keep connections open in a pool.',
  page: 'sessions',
  deduction: 10,
});
