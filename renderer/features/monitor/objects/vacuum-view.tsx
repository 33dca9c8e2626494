import type { VacuumCandidate } from '../../../../shared/advice/vacuum-queue.ts';
import type { NamedRow } from '../../../../shared/health/evidence.ts';
import { shownAmount } from '../../../../shared/metrics/units.ts';
import { useCall } from '../../../client/use-call.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Pending } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import type { MonitorView } from '../frame/monitor-view.ts';
import { NoTables } from '../parts/first-reading.tsx';
import { SqlOffer } from '../parts/sql-offer.tsx';
import { upToNow } from '../parts/stretch.ts';
import { type Column, DataTable } from '../parts/table/data-table.tsx';
import { useTable } from '../parts/table/use-table.ts';
import { ageAt, counted } from '../parts/words.ts';
import { gatherVacuum } from './gather-vacuum.ts';

const count = (value: number | null) => (value === null ? '–' : shownAmount(value, { unit: 'count' }));
const share = (value: number | null) =>
  value === null ? (
    '–'
  ) : (
    <span className={value >= 1 ? 'font-semibold text-warning' : ''}>{`${(value * 100).toFixed(0)} %`}</span>
  );

const columnsAt = (atMs: number): readonly Column<VacuumCandidate>[] => [
  {
    key: 'table',
    label: 'Table',
    widthPx: 170,
    grows: true,
    value: (row) => `${row.schema}.${row.table}`,
    cell: (row) => (
      <>
        {visibleText(`${row.schema}.${row.table}`)}
        {row.off && <span className="text-danger"> autovacuum off</span>}
      </>
    ),
  },
  {
    key: 'due',
    label: 'Due',
    title: 'How far it is on the way to the next vacuum or ANALYZE: the furthest of the three',
    widthPx: 72,
    right: true,
    value: (row) => row.due,
    cell: (row) => share(row.due),
  },
  {
    key: 'dead',
    label: 'Dead rows',
    widthPx: 84,
    right: true,
    value: (row) => row.dead,
    cell: (row) => count(row.dead),
  },
  {
    key: 'threshold',
    label: 'Vacuum at',
    title: 'Dead rows at which autovacuum takes it',
    widthPx: 84,
    right: true,
    value: (row) => row.threshold,
    cell: (row) => count(row.threshold),
  },
  {
    key: 'byDead',
    label: 'By dead',
    widthPx: 72,
    right: true,
    value: (row) => row.byDead,
    cell: (row) => share(row.byDead),
  },
  {
    key: 'byInserts',
    label: 'By inserts',
    widthPx: 80,
    right: true,
    value: (row) => row.byInserts,
    cell: (row) => share(row.byInserts),
  },
  {
    key: 'analyze',
    label: 'ANALYZE',
    widthPx: 78,
    right: true,
    value: (row) => row.forAnalyze,
    cell: (row) => share(row.forAnalyze),
  },
  {
    key: 'rows',
    label: 'Rows',
    widthPx: 72,
    spare: 2,
    right: true,
    value: (row) => row.rows,
    cell: (row) => count(row.rows),
  },
  {
    key: 'last',
    label: 'Vacuumed',
    widthPx: 112,
    spare: 1,
    right: true,
    value: (row) => row.lastVacuumMs,
    cell: (row) => (row.lastVacuumMs ? `${ageAt(row.lastVacuumMs, atMs)} ago` : 'not known'),
  },
  {
    key: 'database',
    label: 'Database',
    widthPx: 100,
    spare: 3,
    value: (row) => row.database,
    cell: (row) => visibleText(row.database),
  },
];

const holderWords: Readonly<Record<string, string>> = {
  session: 'session',
  prepared: 'prepared transaction',
  slot: 'replication slot',
  slotCatalog: 'replication slot (catalogs)',
  standby: 'standby',
};

/** Which tables autovacuum will take next, and who keeps it from helping. */
export function VacuumView({ view }: { view: MonitorView }) {
  const lines = useTable('due', true);
  const answer = useCall(gatherVacuum, upToNow(view));
  if (!answer.data && answer.state === 'failed') return <FailureView failure={answer.failure} className="m-4" />;
  if (!answer.data) return <Pending label="Reading the tables" />;
  const { queue, holders, running } = answer.data;
  if (queue.length === 0) return <NoTables view={view} />;
  const keyOf = (row: VacuumCandidate) => `${row.database} ${row.relid}`;
  const chosen = queue.find((row) => keyOf(row) === lines.selectedKey);
  const due = queue.filter((row) => row.due >= 1).length;
  return (
    <div className="flex h-full flex-col">
      <p className="shrink-0 border-b border-line px-3 py-2 text-xs">
        <b>{counted(due, 'table')}</b> {due === 1 ? 'is' : 'are'} due, {counted(running.length, 'vacuum')} running.{' '}
        <Holder row={holders[0]} />
      </p>
      <div className="min-h-0 flex-1">
        <DataTable
          label="Vacuum queue"
          rows={queue}
          columns={columnsAt(view.atMs)}
          rowKey={keyOf}
          {...lines}
          empty=""
        />
      </div>
      {chosen && (
        <section aria-label="Vacuum by hand" className="flex shrink-0 flex-col gap-2 border-t border-line p-3">
          <p className="selectable text-xs">
            <b>{visibleText(`${chosen.schema}.${chosen.table}`)}</b> in {visibleText(chosen.database)}:{' '}
            {count(chosen.rows)} rows, last vacuumed{' '}
            {chosen.lastVacuumMs ? `${ageAt(chosen.lastVacuumMs, view.atMs)} ago` : 'at a time that is not known'}.
          </p>
          <SqlOffer view={view} sql={chosen.sql} database={chosen.database} />
        </section>
      )}
    </div>
  );
}

function Holder({ row }: { row: NamedRow | undefined }) {
  if (!row) return null;
  const kind = holderWords[row.name('kind')] ?? row.name('kind');
  return (
    <span>
      Held back furthest by {kind} {visibleText(row.name('holder'))}:{' '}
      {shownAmount(row.value('age') ?? 0, { unit: 'xids' })} transactions.
    </span>
  );
}
