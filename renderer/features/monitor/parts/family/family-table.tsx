/** Any metric family as a table: its key's parts, then its metrics; counters as what was added a second. */
import { useMemo } from 'react';
import type { NamedRow } from '../../../../../shared/health/evidence.ts';
import { familyOf } from '../../../../../shared/metrics/families.ts';
import type { Metric } from '../../../../../shared/metrics/metric.ts';
import { shownAmount } from '../../../../../shared/metrics/units.ts';
import { visibleText } from '../../../../ui/visible-text.ts';
import { type Column, DataTable } from '../table/data-table.tsx';
import { useTable } from '../table/use-table.ts';
import type { FamilyRows } from './family-rows.ts';

/** As wide as its heading with the arrow of sorting, or an instant. */
const widthOf = ({ label, unit }: Metric): number =>
  Math.max(unit === 'epochMs' ? 136 : 84, Math.round(label.length * 6.6) + 36);

function metricColumn(metric: Metric, coveredMs: number): Column<NamedRow> {
  const perSecond = metric.kind === 'counter';
  const scale = perSecond ? 1000 / Math.max(1, coveredMs) : 1;
  return {
    key: metric.name,
    label: metric.label,
    title: metric.meaning,
    widthPx: widthOf(metric),
    right: true,
    value: (row) => row.value(metric.name),
    cell: (row) => {
      const value = row.value(metric.name);
      return value === null ? (
        <span className="text-faint">–</span>
      ) : (
        shownAmount(value * scale, { unit: metric.unit, perSecond })
      );
    },
  };
}

/** As the server writes a boolean, and as a person reads it. */
const truths: Readonly<Record<string, string>> = { t: 'yes', f: 'no' };

export interface FamilyTableProps {
  readonly family: string;
  readonly label: string;
  readonly data: FamilyRows;
  /** Parts of the key that are shown: name, heading, width. */
  readonly keys: readonly (readonly [part: string, label: string, widthPx: number])[];
  readonly metrics: readonly string[];
  /** Keys and metrics that are left out where there is no room for all: the first one first. */
  readonly spare?: readonly string[];
  readonly sortBy: string;
  readonly empty: string;
}

const nothingSpare: readonly string[] = [];

export function FamilyTable(props: FamilyTableProps) {
  const { family, label, data, keys, metrics, spare = nothingSpare, sortBy, empty } = props;

  const lines = useTable(sortBy, true);
  const parts = familyOf(family)?.key ?? [];
  const columns = useMemo((): Column<NamedRow>[] => {
    // What is known of none of the rows, as of another version or a setting that is off, needs no column.
    const shown = metrics.filter((name) => data.rows.some((row) => row.value(name) !== null));
    const known = familyOf(family)?.metrics.filter(({ name }) => shown.includes(name)) ?? [];
    const said = keys.filter(([part], at) => at === 0 || data.rows.some((row) => row.name(part) !== ''));
    const columns: Column<NamedRow>[] = [
      ...said.map(([part, heading, widthPx], at) => ({
        key: part,
        label: heading,
        widthPx,
        grows: at === 0,
        value: (row: NamedRow) => row.name(part),
        cell: (row: NamedRow) => visibleText(truths[row.name(part)] ?? row.name(part)),
      })),
      ...known.map((metric) => metricColumn(metric, data.coveredMs)),
    ];
    return columns.map((column) => {
      const at = spare.indexOf(column.key);
      return at < 0 ? column : { ...column, spare: spare.length - at };
    });
  }, [family, keys, metrics, spare, data]);
  return (
    <DataTable
      label={label}
      rows={data.rows}
      columns={columns}
      rowKey={(row) => parts.map((part) => row.name(part)).join('\u0000')}
      {...lines}
      empty={empty}
    />
  );
}
