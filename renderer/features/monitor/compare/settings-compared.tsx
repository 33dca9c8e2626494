import { useMemo } from 'react';
import { useCall } from '../../../client/use-call.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { EmptyState, Pending } from '../../../ui/states.tsx';
import { readSettings } from '../settings/read-settings.ts';
import { SettingChangesTable } from '../settings/setting-changes-table.tsx';
import { settingChanges } from '../settings/setting-rows.ts';
import type { Sides } from './use-compared.ts';

/** Settings that are not the same at the ends of the two stretches. */
export function SettingsCompared({ shown, compared }: Sides) {
  const own = useCall(readSettings, { id: shown.id, atMs: shown.range.toMs });
  const other = useCall(readSettings, { id: compared.id, atMs: compared.range.toMs });
  const rows = useMemo(
    () => (own.data && other.data ? settingChanges(other.data.settings, own.data.settings) : null),
    [own.data, other.data],
  );
  const failed = [own, other].find((each) => each.state === 'failed');
  if (!rows && failed?.state === 'failed') return <FailureView failure={failed.failure} className="m-4" />;
  if (own.data === undefined || other.data === undefined) return <Pending label="Comparing" />;
  if (!rows) {
    return (
      <EmptyState title={`No settings are known of the ${own.data === null ? 'shown' : 'compared'} stretch`}>
        They are recorded when recording begins and when one changes. Choose a stretch that is recorded.
      </EmptyState>
    );
  }
  return (
    <SettingChangesTable
      rows={rows}
      before="Compared"
      after="Shown"
      empty="All settings are the same at the ends of both stretches."
    />
  );
}
