import { visibleText } from '../../../ui/visible-text.ts';
import { type Column, DataTable } from '../parts/table/data-table.tsx';
import { useTable } from '../parts/table/use-table.ts';
import type { SettingChange } from './setting-rows.ts';

const mono = (text: string | null) =>
  text === null ? (
    <i className="text-faint">not there</i>
  ) : (
    <span className="selectable font-mono text-2xs">{visibleText(text)}</span>
  );
const columnsNamed = (before: string, after: string): readonly Column<SettingChange>[] => [
  { key: 'name', label: 'Setting', widthPx: 180, value: (row) => row.key, cell: (row) => mono(row.name) },
  {
    key: 'scope',
    label: 'For',
    widthPx: 92,
    value: (row) => row.scope || 'all',
    cell: (row) => visibleText(row.scope || 'all'),
  },
  { key: 'before', label: before, widthPx: 120, value: (row) => row.before, cell: (row) => mono(row.before) },
  { key: 'after', label: after, widthPx: 120, value: (row) => row.after, cell: (row) => mono(row.after) },
  {
    key: 'description',
    label: 'What it does',
    widthPx: 140,
    spare: 1,
    grows: true,
    value: (row) => row.description,
    cell: (row) => <span className="text-muted">{visibleText(row.description)}</span>,
  },
];

/** Settings that are not the same in two places, or at two times. */
export function SettingChangesTable(props: {
  rows: readonly SettingChange[];
  empty: string;
  /** What the two are called. */
  before?: string;
  after?: string;
}) {
  const { rows, empty, before = 'Before', after = 'After' } = props;
  const lines = useTable('name', false);
  return (
    <DataTable
      label="Settings compared"
      rows={rows}
      columns={columnsNamed(before, after)}
      rowKey={(row) => row.key}
      {...lines}
      empty={empty}
    />
  );
}
