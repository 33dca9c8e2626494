import { useMemo, useState } from 'react';
import { useCall } from '../../../client/use-call.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Segmented, Select } from '../../../ui/field.tsx';
import { SearchField } from '../../../ui/inputs/search-field.tsx';
import { EmptyState, Pending } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import type { MonitorView } from '../frame/monitor-view.ts';
import { slowInstant } from '../parts/stretch.ts';
import { type Column, DataTable } from '../parts/table/data-table.tsx';
import { Toolbar } from '../parts/table/toolbar.tsx';
import { useTable } from '../parts/table/use-table.ts';
import { counted } from '../parts/words.ts';
import { readSettings } from './read-settings.ts';
import { type SettingRow, settingRows } from './setting-rows.ts';

const columns: readonly Column<SettingRow>[] = [
  {
    key: 'name',
    label: 'Setting',
    widthPx: 196,
    value: (row) => row.name,
    cell: (row) => <span className="selectable font-mono text-2xs">{visibleText(row.name)}</span>,
  },
  {
    key: 'value',
    label: 'Value',
    widthPx: 130,
    value: (row) => row.value,
    cell: (row) => (
      <span
        className={
          row.changed ? 'selectable font-mono text-2xs font-semibold' : 'selectable font-mono text-2xs text-muted'
        }
      >
        {row.value === '' ? <i className="text-faint">empty</i> : visibleText(row.value)}
      </span>
    ),
  },
  {
    key: 'boot',
    label: 'Usually',
    title: 'What the server begins with when nobody says anything',
    widthPx: 84,
    value: (row) => row.bootValue,
    cell: (row) => <span className="font-mono text-2xs text-muted">{visibleText(row.bootValue ?? '')}</span>,
  },
  {
    key: 'scope',
    label: 'For',
    widthPx: 100,
    value: (row) => row.scope || 'all',
    cell: (row) => visibleText(row.scope || 'all'),
  },
  { key: 'source', label: 'Said by', widthPx: 116, spare: 2, value: (row) => row.source },
  {
    key: 'takes',
    label: 'Changed by',
    title: 'What it takes to change it: a restart for postmaster, a reload for sighup',
    widthPx: 100,
    spare: 1,
    value: (row) => row.context,
    cell: (row) => (row.pendingRestart ? <span className="text-warning">waits for a restart</span> : row.context),
  },
  {
    key: 'description',
    label: 'What it does',
    widthPx: 180,
    grows: true,
    value: (row) => row.description,
    cell: (row) => (
      <span className="text-muted" title={row.description}>
        {visibleText(row.description)}
      </span>
    ),
  },
];

/** All settings as they were at the instant, with those of single databases and roles. */
export function SettingsView({ view }: { view: MonitorView }) {
  const [typed, setTyped] = useState('');
  const [which, setWhich] = useState<'changed' | 'all'>('changed');
  const [category, setCategory] = useState('');
  const lines = useTable('name', false);
  const answer = useCall(readSettings, { id: view.id, atMs: slowInstant(view) });
  const rows = useMemo(() => (answer.data ? settingRows(answer.data.settings) : []), [answer.data]);
  if (answer.data === undefined && answer.state === 'failed')
    return <FailureView failure={answer.failure} className="m-4" />;
  if (answer.data === undefined) return <Pending label="Reading the settings" />;
  if (answer.data === null) {
    return (
      <EmptyState title="No settings are known of this time">
        They are recorded when recording begins and when one changes.
      </EmptyState>
    );
  }
  const search = typed.trim().toLowerCase();
  const shown = rows.filter(
    (row) =>
      (which === 'all' || row.changed || row.pendingRestart) &&
      (category === '' || row.category === category) &&
      `${row.name} ${row.value} ${row.description}`.toLowerCase().includes(search),
  );
  const categories = [...new Set(rows.map((row) => row.category))].filter(Boolean).toSorted();
  return (
    <div className="flex h-full flex-col">
      <Toolbar end={counted(shown.length, 'setting')}>
        <SearchField
          className="w-52"
          label="Search settings"
          placeholder="Name, value or words"
          value={typed}
          onValue={setTyped}
        />
        <Segmented
          label="Which settings"
          value={which}
          onValue={setWhich}
          options={[
            { value: 'changed', label: 'Not the usual' },
            { value: 'all', label: 'All' },
          ]}
        />
        <Select
          aria-label="Category"
          value={category}
          onValue={setCategory}
          options={[
            { value: '', label: 'All categories' },
            ...categories.map((each) => ({ value: each, label: each })),
          ]}
          className="w-48!"
        />
      </Toolbar>
      <div className="min-h-0 flex-1">
        <DataTable
          label="Settings"
          rows={shown}
          columns={columns}
          rowKey={(row) => row.key}
          {...lines}
          empty="No setting fits."
        />
      </div>
    </div>
  );
}
