/** Howdah's own load on the server over the shown stretch, by what it asked. */
import type { CollectorCost } from '../../../../shared/api/recordings.ts';
import { shownAmount } from '../../../../shared/metrics/units.ts';
import { visibleLines, visibleText } from '../../../ui/visible-text.ts';
import { type Column, DataTable } from '../parts/table/data-table.tsx';
import { useTable } from '../parts/table/use-table.ts';

const ms = (value: number) => shownAmount(value, { unit: 'ms' });
const columns: readonly Column<CollectorCost>[] = [
  { key: 'label', label: 'What is read', widthPx: 200, grows: true, value: (row) => row.label },
  {
    key: 'every',
    label: 'Every',
    title: 'How often it is asked, while the server answers quickly',
    widthPx: 88,
    right: true,
    value: (row) => row.everyMs,
    cell: (row) => (row.everyMs > 0 ? ms(row.everyMs) : '–'),
  },
  { key: 'runs', label: 'Times', widthPx: 76, right: true, value: (row) => row.runs },
  {
    key: 'total',
    label: 'In all',
    title: 'As seen from here: the way there and back included',
    widthPx: 96,
    right: true,
    value: (row) => row.totalMs,
    cell: (row) => ms(row.totalMs),
  },
  { key: 'mean', label: 'Mean', widthPx: 84, right: true, value: (row) => row.meanMs, cell: (row) => ms(row.meanMs) },
  { key: 'max', label: 'Longest', widthPx: 84, right: true, value: (row) => row.maxMs, cell: (row) => ms(row.maxMs) },
  {
    key: 'rows',
    label: 'Rows',
    widthPx: 88,
    right: true,
    value: (row) => row.rows,
    cell: (row) => shownAmount(row.rows, { unit: 'count' }),
  },
  {
    key: 'failures',
    label: 'Failed',
    widthPx: 68,
    right: true,
    value: (row) => row.failures,
    cell: (row) => <span className={row.failures > 0 ? 'text-danger' : ''}>{row.failures}</span>,
  },
];

export function CostTable({ collectors }: { collectors: readonly CollectorCost[] }) {
  const lines = useTable('total', true);
  const chosen = collectors.find((each) => each.collector === lines.selectedKey);
  return (
    <div className="flex h-full flex-col">
      <div className="min-h-0 flex-1">
        <DataTable
          label="Own cost"
          rows={collectors}
          columns={columns}
          rowKey={(row) => row.collector}
          {...lines}
          empty="Nothing was added up in this stretch of time: the ledger is written once a minute."
        />
      </div>
      {chosen && (
        <section
          aria-label={`How ${chosen.label} is read`}
          className="max-h-56 shrink-0 overflow-auto border-t border-line p-3"
        >
          {chosen.lastFailure && (
            <p className="selectable mb-2 text-xs text-danger">Failed last: {visibleText(chosen.lastFailure)}</p>
          )}
          <pre className="selectable rounded-md bg-sunken p-2 font-mono text-xs break-words whitespace-pre-wrap">
            {chosen.sql ? visibleLines(chosen.sql.trim()) : 'Its question is not known here.'}
          </pre>
        </section>
      )}
    </div>
  );
}
