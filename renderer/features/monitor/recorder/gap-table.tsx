import { shownAmount } from '../../../../shared/metrics/units.ts';
import { shownInstant } from '../../../chart/time-axis.ts';
import { visibleText } from '../../../ui/visible-text.ts';
import type { MonitorView, RecordedGap } from '../frame/monitor-view.ts';
import { type Column, DataTable } from '../parts/table/data-table.tsx';
import { useTable } from '../parts/table/use-table.ts';

const columns: readonly Column<RecordedGap>[] = [
  { key: 'from', label: 'From', widthPx: 150, value: (row) => row.fromMs, cell: (row) => shownInstant(row.fromMs) },
  { key: 'to', label: 'To', widthPx: 150, value: (row) => row.toMs, cell: (row) => shownInstant(row.toMs) },
  {
    key: 'length',
    label: 'Length',
    widthPx: 110,
    right: true,
    value: (row) => row.toMs - row.fromMs,
    cell: (row) => shownAmount(row.toMs - row.fromMs, { unit: 'ms' }),
  },
  { key: 'reason', label: 'Reason', widthPx: 120, value: (row) => row.reason },
  {
    key: 'message',
    label: 'What happened',
    widthPx: 240,
    grows: true,
    value: (row) => row.message,
    cell: (row) => visibleText(row.message),
  },
];

/** Stretches of which nothing is known, and why; opening one shows it on the charts. */
export function GapTable({ view }: { view: MonitorView }) {
  const lines = useTable('from', true);
  const open = ({ fromMs, toMs }: RecordedGap) => {
    const margin = Math.max(60_000, (toMs - fromMs) / 2);
    view.zoom({ fromMs: fromMs - margin, toMs: toMs + margin });
    view.go('activity');
  };
  return (
    <DataTable
      label="Gaps"
      rows={view.span.gaps}
      columns={columns}
      rowKey={(row) => `${row.fromMs} ${row.toMs}`}
      {...lines}
      onOpen={open}
      empty="There is no gap: samples cover all of the recording."
    />
  );
}
