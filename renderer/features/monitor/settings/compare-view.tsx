import { useMemo } from 'react';
import { shownInstant } from '../../../chart/time-axis.ts';
import { useCall } from '../../../client/use-call.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { EmptyState, Pending } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import type { MonitorView } from '../frame/monitor-view.ts';
import { slowInstant } from '../parts/stretch.ts';
import { type Column, DataTable } from '../parts/table/data-table.tsx';
import { useTable } from '../parts/table/use-table.ts';
import { readSettings } from './read-settings.ts';
import { type SettingChange, settingChanges } from './setting-rows.ts';

const mono = (text: string | null) =>
  text === null ? (
    <i className="text-faint">not there</i>
  ) : (
    <span className="selectable font-mono text-2xs">{visibleText(text)}</span>
  );
const columns: readonly Column<SettingChange>[] = [
  { key: 'name', label: 'Setting', widthPx: 196, value: (row) => row.key, cell: (row) => mono(row.name) },
  {
    key: 'scope',
    label: 'For',
    widthPx: 120,
    value: (row) => row.scope || 'all',
    cell: (row) => visibleText(row.scope || 'all'),
  },
  { key: 'before', label: 'Before', widthPx: 150, value: (row) => row.before, cell: (row) => mono(row.before) },
  { key: 'after', label: 'After', widthPx: 150, value: (row) => row.after, cell: (row) => mono(row.after) },
  {
    key: 'description',
    label: 'What it does',
    widthPx: 200,
    grows: true,
    value: (row) => row.description,
    cell: (row) => <span className="text-muted">{visibleText(row.description)}</span>,
  },
];

/** The beginning of the shown stretch against the instant all pages look at (or the stretch's end). */
export function CompareView({ view }: { view: MonitorView }) {
  const lines = useTable('name', false);
  const first = Math.max(view.range.fromMs, view.span.fromMs ?? view.range.fromMs);
  // Snapshots are taken when recording begins, some moments after its first sample.
  const settledMs = 60_000;
  const fromMs = Math.min(first + settledMs, view.atMs);
  const before = useCall(readSettings, { id: view.id, atMs: fromMs });
  const after = useCall(readSettings, { id: view.id, atMs: slowInstant(view) });
  const rows = useMemo(
    () => (before.data && after.data ? settingChanges(before.data.settings, after.data.settings) : null),
    [before.data, after.data],
  );
  const failed = [before, after].find((each) => each.state === 'failed');
  if (!rows && failed?.state === 'failed') return <FailureView failure={failed.failure} className="m-4" />;
  if (!rows && (before.data === undefined || after.data === undefined)) return <Pending label="Comparing" />;
  if (!rows) {
    return (
      <EmptyState title="One of the two times is not covered">
        Show a stretch that lies within what is recorded, or look at a later instant.
      </EmptyState>
    );
  }
  return (
    <div className="flex h-full flex-col">
      <p className="shrink-0 border-b border-line px-3 py-2 text-xs text-muted">
        The beginning of what is shown, {shownInstant(fromMs)}, against {shownInstant(view.atMs)}
        {view.pinned ? ', where all pages look.' : '. Press a chart to compare with another instant.'}
      </p>
      <div className="min-h-0 flex-1">
        <DataTable
          label="Settings compared"
          rows={rows}
          columns={columns}
          rowKey={(row) => row.key}
          {...lines}
          empty="All settings are the same at both times."
        />
      </div>
    </div>
  );
}
