import type { Blame } from '../../../../shared/api/monitor.ts';
import { shownAmount } from '../../../../shared/metrics/units.ts';
import { shownInstant } from '../../../chart/time-axis.ts';
import { visibleText } from '../../../ui/visible-text.ts';
import { type Column, DataTable } from '../parts/table/data-table.tsx';
import { useTable } from '../parts/table/use-table.ts';
import { oneLine } from '../parts/words.ts';

const columns: readonly Column<Blame>[] = [
  {
    key: 'seconds',
    label: 'Blocked',
    title: 'Seconds that others waited because of it, added up',
    widthPx: 92,
    right: true,
    value: (row) => row.blockedSeconds,
    cell: (row) => shownAmount(row.blockedSeconds * 1000, { unit: 'ms' }),
  },
  {
    key: 'victims',
    label: 'Victims',
    title: 'Sessions that waited',
    widthPx: 72,
    right: true,
    value: (row) => row.victims,
  },
  { key: 'object', label: 'Object', widthPx: 150, value: (row) => row.object, cell: (row) => visibleText(row.object) },
  { key: 'mode', label: 'Mode', widthPx: 132, value: (row) => row.mode.replace(/Lock$/, '') },
  {
    key: 'user',
    label: 'Role',
    widthPx: 84,
    spare: 1,
    value: (row) => row.rootUser,
    cell: (row) => visibleText(row.rootUser ?? ''),
  },
  {
    key: 'application',
    label: 'Application',
    widthPx: 110,
    value: (row) => row.rootApplication,
    cell: (row) => visibleText(row.rootApplication ?? ''),
  },
  {
    key: 'pid',
    label: 'PID',
    widthPx: 64,
    spare: 2,
    right: true,
    value: (row) => row.rootPid,
    cell: (row) => (row.rootPid === null ? 'prepared' : row.rootPid),
  },
  {
    key: 'first',
    label: 'First',
    widthPx: 116,
    spare: 3,
    value: (row) => row.firstMs,
    cell: (row) => shownInstant(row.firstMs),
  },
  {
    key: 'query',
    label: 'Statement of the root',
    title: 'Its last statement, which need not be the one that took the lock',
    widthPx: 140,
    grows: true,
    value: (row) => row.rootQuery,
    cell: (row) => <span className="font-mono text-2xs">{oneLine(row.rootQuery)}</span>,
  },
];

/** Who has cost whom how many seconds in the range; opening a line goes to when it began. */
export function BlameTable({ rows, onOpen }: { rows: readonly Blame[]; onOpen: (row: Blame) => void }) {
  const lines = useTable('seconds', true);
  return (
    <DataTable
      label="Who cost whom how much"
      rows={rows}
      columns={columns}
      rowKey={(row) => `${row.rootPid} ${row.object} ${row.mode} ${row.firstMs} ${row.rootQueryId}`}
      {...lines}
      onOpen={onOpen}
      empty="Nobody waited for a lock in this stretch of time."
    />
  );
}
