import { shownAmount } from '../../../../shared/metrics/units.ts';
import { visibleText } from '../../../ui/visible-text.ts';
import type { Column } from '../parts/table/data-table.tsx';
import { percent } from '../parts/words.ts';
import type { SizedTable } from './size-tree.ts';

const bytes = (value: number) => shownAmount(value, { unit: 'bytes' });
/** From this share of all on it is marked as heavy. */
const heavyShare = 0.1;

export const objectColumns = (whole: number): readonly Column<SizedTable>[] => [
  {
    key: 'name',
    label: 'Table',
    widthPx: 170,
    grows: true,
    value: (row) => `${row.schema}.${row.name}`,
    cell: (row) => (
      <span className={row.bytes / whole >= heavyShare ? 'font-semibold' : ''}>
        {visibleText(`${row.schema}.${row.name}`)}
        {row.kind === 'matview' && <span className="text-faint"> materialized view</span>}
      </span>
    ),
  },
  {
    key: 'database',
    label: 'Database',
    widthPx: 92,
    value: (row) => row.database,
    cell: (row) => visibleText(row.database),
  },
  {
    key: 'bytes',
    label: 'In all',
    title: 'With its indexes and TOAST: what pg_total_relation_size tells',
    widthPx: 88,
    right: true,
    value: (row) => row.bytes,
    cell: (row) => bytes(row.bytes),
  },
  {
    key: 'share',
    label: 'Share',
    title: 'Of all tables with their indexes; from 10 % on it is heavy',
    widthPx: 108,
    value: (row) => row.bytes,
    cell: (row) => {
      const share = row.bytes / Math.max(1, whole);
      return (
        <span className="flex items-center gap-2">
          <span className="h-2 w-14 overflow-hidden rounded-[2px] bg-sunken" aria-hidden>
            <span
              className={share >= heavyShare ? 'block h-full bg-tag-orange' : 'block h-full bg-tag-teal'}
              style={{ width: `${share * 100}%` }}
            />
          </span>
          <span className={share >= heavyShare ? 'text-warning tabular-nums' : 'tabular-nums'}>{percent(share)}</span>
        </span>
      );
    },
  },
  {
    key: 'own',
    label: 'Rows take',
    title: 'The table itself, with its maps of free and visible pages',
    widthPx: 78,
    right: true,
    value: (row) => row.ownBytes,
    cell: (row) => bytes(row.ownBytes),
  },
  {
    key: 'indexes',
    label: 'Indexes',
    widthPx: 78,
    right: true,
    value: (row) => row.indexBytes,
    cell: (row) => bytes(row.indexBytes),
  },
  {
    key: 'toast',
    label: 'TOAST',
    title: 'Long values that are kept apart, with their index',
    widthPx: 78,
    right: true,
    value: (row) => row.toastBytes,
    cell: (row) => bytes(row.toastBytes),
  },
  {
    key: 'rows',
    label: 'Rows',
    title: 'At the last VACUUM or ANALYZE',
    widthPx: 72,
    spare: 1,
    right: true,
    value: (row) => row.rows,
    cell: (row) => (row.rows === null ? '–' : shownAmount(row.rows, { unit: 'count' })),
  },
];
