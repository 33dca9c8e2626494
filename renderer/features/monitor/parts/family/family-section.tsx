import { useMemo } from 'react';
import { useCall } from '../../../../client/use-call.ts';
import { FailureView } from '../../../../ui/failure-view.tsx';
import { Spinner } from '../../../../ui/states.tsx';
import { readFamily } from './family-rows.ts';
import { FamilyTable, type FamilyTableProps } from './family-table.tsx';

const rowPx = 26;
const mostRows = 12;

/** A family's rows at the instant under a heading, as high as it needs. */
export function FamilySection({
  stretch,
  idle,
  ...table
}: Omit<FamilyTableProps, 'data'> & {
  stretch: { id: string; fromMs: number; toMs: number };
  /** Rows of which nothing was counted are left out; said where that leaves none. */
  idle?: string;
}) {
  const answer = useCall(readFamily, { ...stretch, family: table.family });
  const { data } = answer;
  const busy = useMemo(() => {
    if (!data || idle === undefined) return data;
    return { ...data, rows: data.rows.filter((row) => table.metrics.some((metric) => row.value(metric))) };
  }, [data, idle, table.metrics]);
  const rows = busy?.rows.length ?? 0;
  return (
    <section aria-label={table.label} className="shrink-0">
      <h2 className="mb-1 text-xs font-semibold">{table.label}</h2>
      {busy && rows > 0 ? (
        <div className="rounded-md border border-line" style={{ height: (Math.min(mostRows, rows) + 1) * rowPx + 4 }}>
          <FamilyTable {...table} data={busy} />
        </div>
      ) : answer.state === 'failed' ? (
        <FailureView failure={answer.failure} />
      ) : answer.data ? (
        <p className="text-xs text-muted">{answer.data.rows.length > 0 ? idle : table.empty}</p>
      ) : (
        <Spinner label="Reading" />
      )}
    </section>
  );
}
