import type { RejectedRow } from '../../../../shared/api/import-plan.ts';
import { shownCount } from '../../../ui/amounts.ts';
import { visibleText } from '../../../ui/visible-text.ts';

const inOrder = (a: RejectedRow, b: RejectedRow): number => a.record - b.record;

/** The first of the rows that were put aside, in the file's order, with the reasons. */
export function Rejects({ rejects }: { rejects: readonly RejectedRow[] }) {
  if (rejects.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it
    <div className="max-h-56 overflow-auto rounded-md border border-line" tabIndex={0}>
      <table className="w-full text-xs">
        <caption className="sr-only">Rejected rows</caption>
        <thead className="sticky top-0 bg-canvas text-left text-muted">
          <tr>
            <th className="w-20 px-2 py-1 text-right font-medium">Line</th>
            <th className="px-2 py-1 font-medium">Why it was rejected</th>
          </tr>
        </thead>
        <tbody>
          {rejects.toSorted(inOrder).map(({ record, line, reason }) => (
            <tr key={`${record} ${reason}`} className="border-t border-line align-top">
              <td className="px-2 py-1 text-right tabular-nums">{shownCount(line > 0 ? line : record)}</td>
              <td className="selectable px-2 py-1 break-words">{visibleText(reason)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
