/**
 * Vacuum: how far transaction ids have run, who holds it back, and dead rows. The server stops assigning ids near
 * 2,146 million; warned from 40 % of that or 1.5 times autovacuum_freeze_max_age, critical from 75 %.
 */
import { shownAmount } from '../../metrics/units.ts';
import { type HealthEvidence, type NamedRow, rowsOf } from '../evidence.ts';
import { type Finding, type Judgement, unknown } from '../finding.ts';

const stopAt = 2_146_483_648;
const hourMs = 3_600_000;
const xids = (value: number): string => shownAmount(value, { unit: 'xids' });
const share = (part: number): string => shownAmount(part, { unit: 'ratio' });

export function judgeVacuum(evidence: HealthEvidence): Judgement {
  const databases = rowsOf(evidence, 'wraparound');
  if (databases === null) return unknown('The age of transaction ids was not read in this stretch.');
  const oldest = databases.toSorted((a, b) => (b.value('xid_age') ?? 0) - (a.value('xid_age') ?? 0))[0];
  const findings: Finding[] = [];
  if (oldest) findings.push(...wraparound(oldest));
  const horizon = rowsOf(evidence, 'xmin_horizon');
  for (const holder of horizon ?? []) findings.push(...heldBack(holder, evidence.toMs));
  return {
    known: horizon === null ? 'partly' : 'known',
    missing: horizon === null ? ['Who holds back vacuum: it needs pg_read_all_stats.'] : [],
    findings: findings.slice(0, 6),
    numbers: [
      { label: 'Oldest transaction id', value: xids(oldest?.value('xid_age') ?? 0) },
      { label: 'On the way to the stop', value: share((oldest?.value('xid_age') ?? 0) / stopAt) },
    ],
  };
}

function wraparound(row: NamedRow): Finding[] {
  const age = row.value('xid_age') ?? 0;
  const forced = row.value('freeze_max_age') ?? 200_000_000;
  const used = age / stopAt;
  if (age < 1.5 * forced && used < 0.4) return [];
  const critical = used >= 0.75;
  return [
    {
      id: 'vacuum.wraparound',
      category: 'vacuum',
      severity: critical ? 'critical' : 'warning',
      title: `Transaction ids of ${row.name('database')} have run ${share(used)} of the way to the stop`,
      reason: 'Before they are used up the server refuses to write, until a vacuum has frozen old rows.',
      numbers: [
        { label: 'Age', value: xids(age) },
        { label: 'Autovacuum forces itself at', value: xids(forced) },
        { label: 'Left', value: xids(stopAt - age) },
      ],
      nextStep: 'End what holds back vacuum (below), then run VACUUM (FREEZE) on the oldest tables of that database.',
      sql: `select c.oid::regclass, age(c.relfrozenxid) from pg_class c\nwhere c.relkind in ('r', 'm', 't') order by 2 desc limit 20;`,
      deduction: critical ? 90 : 30,
      ...(critical ? { cap: 20 } : {}),
    },
  ];
}

const kinds: Readonly<Record<string, string>> = {
  session: 'Session',
  prepared: 'Prepared transaction',
  slot: 'Replication slot',
  slotCatalog: 'Replication slot',
  standby: 'Standby',
};
const remedies: Readonly<Record<string, string>> = {
  session: 'Find out what the session does; end it if its client has forgotten it.',
  prepared: 'Commit or roll back the prepared transaction; its coordinator may have lost it.',
  slot: 'Let its reader catch up, or drop the slot if nobody reads it any more.',
  slotCatalog: 'Let its reader catch up, or drop the slot if nobody reads it any more.',
  standby: 'Its queries hold back this server (hot_standby_feedback): shorten them there.',
};

function heldBack(row: NamedRow, toMs: number): Finding[] {
  const age = row.value('age') ?? 0;
  const since = row.value('since');
  const forMs = since === null ? 0 : toMs - since;
  // A quiet server may hold a snapshot for hours and keep nothing: an age of its own is needed.
  if (age < 10_000_000 && (forMs < hourMs || age < 10_000)) return [];
  const long = forMs >= 24 * hourMs || age >= 100_000_000;
  const kind = row.name('kind');
  return [
    {
      id: `vacuum.held-back.${kind}.${row.name('holder')}`,
      category: 'vacuum',
      severity: long ? 'critical' : 'warning',
      title: `${kinds[kind] ?? kind} ${row.name('holder')} holds back vacuum`,
      reason: `No row that died in the last ${xids(age)} transactions can be removed: tables and indexes only grow.`,
      numbers: [
        { label: 'Transactions since', value: xids(age) },
        ...(since === null ? [] : [{ label: 'For', value: shownAmount(forMs, { unit: 'ms' }) }]),
        ...(row.name('state') ? [{ label: 'State', value: row.name('state') }] : []),
      ],
      nextStep: remedies[kind] ?? 'End it.',
      page: kind === 'session' ? 'sessions' : 'replication',
      deduction: long ? 40 : 20,
    },
  ];
}

const mostTables = 5;

export function judgeBloat(evidence: HealthEvidence): Judgement {
  const tables = rowsOf(evidence, 'table');
  if (tables === null) return unknown('No table was counted in this stretch: counters are read every five minutes.');
  const dead = (row: NamedRow) => row.value('n_dead_tup') ?? 0;
  const part = (row: NamedRow) => dead(row) / Math.max(1, dead(row) + (row.value('n_live_tup') ?? 0));
  const worst = tables.filter((row) => dead(row) >= 10_000 && part(row) >= 0.2).toSorted((a, b) => dead(b) - dead(a));
  return {
    known: 'known',
    missing: [],
    findings: worst.slice(0, mostTables).map((row) => ({
      id: `bloat.${row.name('database')}.${row.name('relid')}`,
      category: 'bloat',
      severity: part(row) >= 0.5 ? 'warning' : 'notice',
      title: `${share(part(row))} of the rows of ${row.name('schema')}.${row.name('table')} are dead`,
      reason: 'Scans read them for nothing, and the space is not used again before a vacuum.',
      numbers: [
        { label: 'Dead', value: xids(dead(row)) },
        { label: 'Live', value: xids(row.value('n_live_tup') ?? 0) },
        { label: 'Autovacuums in this stretch', value: String(row.value('autovacuum_count') ?? 0) },
      ],
      nextStep: 'See whether something holds back vacuum; if not, lower autovacuum_vacuum_scale_factor of the table.',
      page: 'objects',
      deduction: part(row) >= 0.5 ? 20 : 8,
    })),
    numbers: [
      { label: 'Dead rows', value: xids(tables.reduce((sum, row) => sum + dead(row), 0)) },
      { label: 'Tables over 20 %', value: String(worst.length) },
    ],
  };
}
