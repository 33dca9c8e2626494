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
  ...table
}: Omit<FamilyTableProps, 'data'> & { stretch: { id: string; fromMs: number; toMs: number } }) {
  const answer = useCall(readFamily, { ...stretch, family: table.family });
  const rows = answer.data?.rows.length ?? 0;
  return (
    <section aria-label={table.label} className="shrink-0">
      <h2 className="mb-1 text-xs font-semibold">{table.label}</h2>
      {answer.data && rows > 0 ? (
        <div className="rounded-md border border-line" style={{ height: (Math.min(mostRows, rows) + 1) * rowPx + 4 }}>
          <FamilyTable {...table} data={answer.data} />
        </div>
      ) : answer.state === 'failed' ? (
        <FailureView failure={answer.failure} />
      ) : answer.data ? (
        <p className="text-xs text-muted">{table.empty}</p>
      ) : (
        <Spinner label="Reading" />
      )}
    </section>
  );
}
