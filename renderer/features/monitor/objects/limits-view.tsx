import { lastXidAge, reachedAt } from '../../../../shared/advice/limits.ts';
import type { NamedRow } from '../../../../shared/health/evidence.ts';
import { shownAmount } from '../../../../shared/metrics/units.ts';
import { useCall } from '../../../client/use-call.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Pending } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import type { MonitorView } from '../frame/monitor-view.ts';
import { readFamily } from '../parts/family/family-rows.ts';
import { allUpToNow, type Stretch } from '../parts/stretch.ts';
import { type Column, DataTable } from '../parts/table/data-table.tsx';
import { useTable } from '../parts/table/use-table.ts';
import { percent } from '../parts/words.ts';

/** Sequences are read once an hour: what was known by then is the earliest reading. */
const firstReadMs = 2 * 3_600_000;

interface Limit {
  readonly key: string;
  readonly what: string;
  readonly name: string;
  readonly now: number;
  readonly limit: number;
  readonly used: number;
  readonly reachedMs: number | null;
  readonly note: string;
}

const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const yearMs = 365.25 * 86_400_000;

const columnsAt = (atMs: number): readonly Column<Limit>[] => [
  { key: 'what', label: 'What', widthPx: 116, value: (row) => row.what },
  {
    key: 'name',
    label: 'Of',
    widthPx: 220,

    value: (row) => row.name,
    cell: (row) => visibleText(row.name),
  },
  {
    key: 'now',
    label: 'Now',
    widthPx: 96,
    right: true,
    value: (row) => row.now,
    cell: (row) => shownAmount(row.now, { unit: 'count' }),
  },
  {
    key: 'limit',
    label: 'Limit',
    widthPx: 96,
    right: true,
    value: (row) => row.limit,
    cell: (row) => shownAmount(row.limit, { unit: 'count' }),
  },
  {
    key: 'used',
    label: 'Used',
    widthPx: 76,
    right: true,
    value: (row) => row.used,
    cell: (row) => <span className={row.used >= 0.5 ? 'font-semibold text-warning' : ''}>{percent(row.used)}</span>,
  },
  {
    key: 'reached',
    label: 'Reached',
    title: 'At the pace of what is recorded',
    widthPx: 120,
    value: (row) => row.reachedMs,
    cell: (row) =>
      row.reachedMs === null ? (
        <span className="text-faint">not in sight</span>
      ) : row.reachedMs - atMs > 100 * yearMs ? (
        <span className="text-muted">in over 100 years</span>
      ) : (
        <span className={row.reachedMs - atMs < yearMs ? 'text-warning' : ''}>
          {row.reachedMs <= atMs ? 'reached' : dateOf(row.reachedMs)}
        </span>
      ),
  },
  {
    key: 'note',
    label: 'Note',
    widthPx: 220,
    grows: true,
    value: (row) => row.note,
    cell: (row) => (
      <span className="text-muted" title={row.note}>
        {row.note}
      </span>
    ),
  },
];

async function gatherLimits(stretch: Stretch, options: { signal: AbortSignal }): Promise<readonly Limit[]> {
  const early = { ...stretch, toMs: Math.min(stretch.toMs, stretch.fromMs + firstReadMs) };
  const [wraparound, transactions, sequences, before] = await Promise.all([
    readFamily({ ...stretch, family: 'wraparound' }, options),
    readFamily({ ...stretch, family: 'transactions' }, options),
    readFamily({ ...stretch, family: 'sequence' }, options),
    readFamily({ ...early, family: 'sequence' }, options),
  ]);
  const pace = { added: transactions.rows[0]?.value('next_xid') ?? 0, coveredMs: transactions.coveredMs };
  const earlier = new Map(before.rows.map((row) => [row.name('seqrelid') + row.name('database'), row]));
  const lengthMs = (sequences.atMs ?? 0) - (before.atMs ?? 0);
  return [
    ...wraparound.rows.flatMap((row) => ages(row, stretch.toMs, pace)),
    ...sequences.rows.flatMap((row) => {
      const first = earlier.get(row.name('seqrelid') + row.name('database'));
      return sequenceLimit(row, first, stretch.toMs, lengthMs);
    }),
  ];
}

function ages(row: NamedRow, atMs: number, pace: { added: number; coveredMs: number }): Limit[] {
  const age = row.value('xid_age');
  const forced = row.value('freeze_max_age');
  if (age === null) return [];
  const name = row.name('database');
  const stop = {
    key: `stop ${name}`,
    what: 'Transaction ids',
    name,
    now: age,
    limit: lastXidAge,
    used: age / lastXidAge,
    reachedMs: reachedAt(atMs, lastXidAge - age, pace),
    note: 'The server takes no writes from there on, if vacuum never froze a row until then.',
  };
  if (forced === null) return [stop];
  const vacuum = { limit: forced, used: age / forced, reachedMs: reachedAt(atMs, forced - age, pace) };
  const note = 'Autovacuum then begins to freeze by force, even where it is off.';
  return [stop, { ...stop, ...vacuum, key: `forced ${name}`, what: 'Forced vacuum', note }];
}

function sequenceLimit(row: NamedRow, first: NamedRow | undefined, atMs: number, lengthMs: number): Limit[] {
  const [now, limit, used] = [row.value('last_value'), row.value('limit_value'), row.value('used')];
  if (now === null || limit === null || used === null) return [];
  const added = used - (first?.value('used') ?? used);
  const cycles = row.name('cycles') === 't';
  const column = row.name('column');
  return [
    {
      key: `sequence ${row.name('database')} ${row.name('seqrelid')}`,
      what: 'Sequence',
      name: `${row.name('database')}: ${row.name('schema')}.${row.name('sequence')}`,
      now,
      limit,
      used,
      reachedMs: cycles ? null : reachedAt(atMs, 1 - used, { added, coveredMs: lengthMs }),
      note: cycles ? 'Begins anew at its end.' : column ? `Feeds ${visibleText(column)}.` : '',
    },
  ];
}

/** What runs out one day, and when at the present pace. */
export function LimitsView({ view }: { view: MonitorView }) {
  const lines = useTable('used', true);
  const answer = useCall(gatherLimits, allUpToNow(view));
  if (!answer.data && answer.state === 'failed') return <FailureView failure={answer.failure} className="m-4" />;
  if (!answer.data) return <Pending label="Reading" />;
  return (
    <DataTable
      label="Limits"
      rows={answer.data}
      columns={columnsAt(view.atMs)}
      rowKey={(row) => row.key}
      {...lines}
      empty="Nothing is known of ages and sequences at this time."
    />
  );
}
