import { useState } from 'react';
import { type IndexAdvice, type IndexAdviceKind, indexAdviceKinds } from '../../../../shared/advice/index-advice.ts';
import { shownAmount } from '../../../../shared/metrics/units.ts';
import { useCall } from '../../../client/use-call.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Select } from '../../../ui/field.tsx';
import { Pending } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import type { MonitorView } from '../frame/monitor-view.ts';
import { NoStructure } from '../parts/first-reading.tsx';
import { SqlOffer } from '../parts/sql-offer.tsx';
import { allUpToNow } from '../parts/stretch.ts';
import { type Column, DataTable } from '../parts/table/data-table.tsx';
import { Toolbar } from '../parts/table/toolbar.tsx';
import { useTable } from '../parts/table/use-table.ts';
import { counted } from '../parts/words.ts';
import { gatherIndexes } from './gather-indexes.ts';

const words: Record<IndexAdviceKind, string> = {
  invalid: 'Invalid',
  duplicate: 'Duplicate',
  covered: 'Covered by another',
  unused: 'Unused',
  foreignKey: 'Foreign key without index',
  scanned: 'Table read whole often',
};

const columns: readonly Column<IndexAdvice>[] = [
  {
    key: 'kind',
    label: 'What',
    widthPx: 156,
    value: (row) => indexAdviceKinds.indexOf(row.kind),
    cell: (row) => words[row.kind],
  },
  { key: 'table', label: 'Table', widthPx: 184, value: (row) => row.table, cell: (row) => visibleText(row.table) },
  {
    key: 'subject',
    label: 'Index or key',
    widthPx: 216,
    value: (row) => row.subject,
    cell: (row) => visibleText(row.subject),
  },
  {
    key: 'bytes',
    label: 'Size',
    title: 'Of the index; of the table where one is lacking',
    widthPx: 84,
    right: true,
    value: (row) => row.bytes,
    cell: (row) => (row.bytes === null ? '–' : shownAmount(row.bytes, { unit: 'bytes' })),
  },
  {
    key: 'evidence',
    label: 'Evidence',
    widthPx: 200,
    grows: true,
    value: (row) => row.evidence,
    cell: (row) => visibleText(row.evidence),
  },
  {
    key: 'database',
    label: 'Database',
    widthPx: 84,
    spare: 1,
    value: (row) => row.database,
    cell: (row) => visibleText(row.database),
  },
];

/** Indexes that seem too many, broken or lacking, with the evidence and SQL to consider. */
export function IndexesView({ view }: { view: MonitorView }) {
  const [kind, setKind] = useState<IndexAdviceKind | ''>('');
  const lines = useTable('kind', false);
  const answer = useCall(gatherIndexes, allUpToNow(view));
  if (!answer.data && answer.state === 'failed') return <FailureView failure={answer.failure} className="m-4" />;
  if (!answer.data) return <Pending label="Examining the indexes" />;
  const { advice, databases } = answer.data;
  if (databases.length === 0) return <NoStructure view={view} />;
  const rows = advice.filter((each) => kind === '' || each.kind === kind);
  const kinds = indexAdviceKinds.filter((each) => advice.some((one) => one.kind === each));
  const chosen = rows.find((each) => each.key === lines.selectedKey);
  return (
    <div className="flex h-full flex-col">
      <Toolbar end={`${counted(rows.length, 'matter')} in ${counted(databases.length, 'database')}`}>
        <Select
          aria-label="Which advice"
          value={kind}
          onValue={setKind}
          options={[{ value: '', label: 'All advice' }, ...kinds.map((value) => ({ value, label: words[value] }))]}
          className="w-56!"
        />
      </Toolbar>
      <div className="min-h-0 flex-1">
        <DataTable
          label="Index advice"
          rows={rows}
          columns={columns}
          rowKey={(row) => row.key}
          {...lines}
          empty="Nothing to say of the indexes: none is invalid, doubled or unused, and no foreign key lacks one."
        />
      </div>
      {chosen && (
        <section
          aria-label="Advice"
          className="flex max-h-64 shrink-0 flex-col gap-2 overflow-auto border-t border-line p-3"
        >
          <h2 className="text-sm font-medium">
            {words[chosen.kind]}: {visibleText([chosen.subject, chosen.table].filter(Boolean).join(' on '))}
          </h2>
          <p className="selectable text-xs">{visibleText(chosen.evidence)}</p>
          {chosen.caution && <p className="selectable text-xs text-warning">{chosen.caution}</p>}
          {chosen.sql !== null && <SqlOffer view={view} sql={chosen.sql} database={chosen.database} />}
        </section>
      )}
    </div>
  );
}
