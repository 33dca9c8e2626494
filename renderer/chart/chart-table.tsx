/** A chart's numbers as a table: for those who do not see the picture, and for reading exact values. */
import { shownAmount, type UnitOf } from '../../shared/metrics/units.ts';
import { visibleText } from '../ui/visible-text.ts';
import type { Buckets, ChartSeries } from './chart-types.ts';
import { shownInstant } from './time-axis.ts';

/** More rows than this are not read by anybody: neighbours are left out, never added up. */
const mostRows = 400;

export function ChartTable({
  label,
  buckets,
  series,
  unit,
}: {
  label: string;
  buckets: Buckets;
  series: readonly ChartSeries[];
  unit: UnitOf;
}) {
  const every = Math.ceil(buckets.buckets / mostRows);
  const rows = Array.from({ length: Math.ceil(buckets.buckets / every) }, (_, at) => at * every).reverse();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <section aria-label={`${label}, as a table`} tabIndex={0} className="h-full overflow-auto">
      <table className="selectable w-full border-separate border-spacing-0 text-xs tabular-nums">
        <thead>
          <tr>
            <th
              scope="col"
              className="sticky top-0 border-b border-line bg-canvas px-2 py-1 text-left font-medium text-muted"
            >
              {every === 1 ? 'Time' : `Time (every ${every}th)`}
            </th>
            {series.map((each) => (
              <th
                key={each.key}
                scope="col"
                className="sticky top-0 max-w-48 truncate border-b border-line bg-canvas px-2 py-1 text-right font-medium text-muted"
              >
                {visibleText(each.label)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((at) => (
            <tr key={at} className="hover:bg-hover">
              <td className="border-b border-line px-2 py-0.5">
                {shownInstant(buckets.startMs + at * buckets.stepMs)}
              </td>
              {series.map((each) => {
                const value = each.values[at];
                const known = value != null && (buckets.coveredMs?.[at] ?? 1) > 0;
                return (
                  <td key={each.key} className="border-b border-line px-2 py-0.5 text-right">
                    {known ? shownAmount(value, unit) : '–'}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
