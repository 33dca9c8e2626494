import { useMemo } from 'react';
import { shownInstant } from '../../../chart/time-axis.ts';
import { useCall } from '../../../client/use-call.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { EmptyState, Pending } from '../../../ui/states.tsx';
import type { MonitorView } from '../frame/monitor-view.ts';
import { slowInstant } from '../parts/stretch.ts';
import { readSettings } from './read-settings.ts';
import { SettingChangesTable } from './setting-changes-table.tsx';
import { settingChanges } from './setting-rows.ts';

/** The beginning of the shown stretch against the instant all pages look at (or the stretch's end). */
export function CompareView({ view }: { view: MonitorView }) {
  // Settings are first read some moments after the first sample.
  const settledMs = 10_000;
  const firstKnown = (view.span.fromMs ?? view.range.fromMs) + settledMs;
  const fromMs = Math.min(Math.max(view.range.fromMs, firstKnown), view.atMs);
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
        <SettingChangesTable rows={rows} empty="All settings are the same at both times." />
      </div>
    </div>
  );
}
