import { type ReactNode, useCallback, useState } from 'react';
import { useStore } from 'zustand';
import type { DataColumn } from '../../../shared/api/data.ts';
import { and, condition } from '../../../shared/edit/conditions.ts';
import { writeOrder } from '../../../shared/edit/order-text.ts';
import type { CopyFormat } from '../../../shared/rows/row-words.ts';
import { referenceOf } from '../../editing/edited-rows.ts';
import { Grid } from '../../grid/grid.tsx';
import type { GridProps } from '../../grid/grid-props.ts';
import type { GridFilter, GridRange, GridRow, GridSort, GridSource } from '../../grid/grid-source.ts';
import { findInRows } from '../../grid/model/find-rows.ts';
import { toast } from '../../ui/toast.tsx';
import { applyQuery, type DataTab, wantedQuery } from './data-tab.ts';
import { jumpEntries, jumpFrom } from './open-data.ts';
import { ColumnFilter } from './query/column-filter.tsx';
import { copyText } from './selection/copy-text.ts';
import { figuresOf } from './selection/figures.ts';

const mostCopied = 100_000;

function copyCells(
  tab: DataTab,
  source: GridSource,
  ranges: readonly GridRange[],
  format: CopyFormat,
  header: boolean,
): void {
  const columns = [...new Set(ranges.flatMap((range) => range.columns))];
  const rows: (string | null)[][] = [];
  let cut = 0;
  for (const range of ranges)
    for (let at = range.fromRow; at <= range.toRow; at++) {
      const row = source.row(at);
      if (!row || rows.length >= mostCopied) {
        toast(`Only rows that have been in sight can be copied: ${at.toLocaleString('en-US')} has not.`, 'warning');
        return;
      }
      cut += range.columns.filter((column) => row.cut?.has(column)).length;
      rows.push(columns.map((column) => (range.columns.includes(column) ? (row.cells[column] ?? null) : null)));
    }
  const shown = columns.flatMap((column) => tab.columns[column] ?? []);
  void navigator.clipboard.writeText(copyText({ columns: shown, rows }, format, header, tab.model)).then(
    () => {
      if (cut > 0) toast(`${cut} long values were copied only as far as they are shown.`, 'warning');
      else if (rows.length > 1) toast(`${rows.length.toLocaleString('en-US')} rows copied.`, 'success');
    },
    () => toast('The clipboard could not be written.', 'danger'),
  );
}

/** With what is staged over them; new rows stand above the first. */
function rowsInMemory(tab: DataTab, source: GridSource): (readonly [number, GridRow])[] {
  const above = source.rowCount - tab.source.rowCount;
  const added = Array.from({ length: above }, (_, at) => at);
  const numbers = [...added, ...[...tab.source.loaded()].map(([number]) => number + above)];
  return numbers.flatMap((number): (readonly [number, GridRow])[] => {
    const row = source.row(number);
    return row ? [[number, row]] : [];
  });
}

/** The grid of a relation's rows: ordered and filtered by the server, with the ways along foreign keys. */
export function DataGrid({
  tab,
  label,
  source = tab.source,
  footer,
  empty,
  onOpenValue,
  onOpenRecord,
  ...more
}: {
  tab: DataTab;
  label: string;
  /** With what is staged over it. */
  source?: GridSource;
  footer?: ReactNode;
  empty?: ReactNode;
} & Pick<GridProps, 'onOpenValue' | 'onOpenRecord' | 'moreItems' | 'onKey' | 'onActivate' | 'overlay'>) {
  const { query } = useStore(tab.store);
  const [filtering, setFiltering] = useState<DataColumn | null>(null);
  const { model, where } = tab;
  const sortBy = useCallback(
    async (sort: readonly GridSort[]) => {
      const sorts = sort.flatMap(({ column, descending }) => {
        const number = model.columns[column]?.number;
        return number === undefined ? [] : [{ column: number, descending, nullsFirst: descending }];
      });
      if (!(await applyQuery(tab, { ...wantedQuery(tab), orderBy: writeOrder(sorts, model.columns) })))
        throw new Error('The server refused this order.');
    },
    [tab, model],
  );
  const addFilter = ({ column, operator, value }: GridFilter) => {
    const on = model.columns[column];
    if (!on) return;
    const now = wantedQuery(tab);
    void applyQuery(tab, { ...now, where: and(now.where, condition(on, operator, value)) });
  };
  return (
    <>
      <Grid
        label={label}
        source={source}
        state={tab.grid}
        orderedByServer
        onOrder={sortBy}
        onFilter={addFilter}
        onCopy={(ranges, format, header) => copyCells(tab, source, ranges, format, header)}
        onFind={async (request) => findInRows(rowsInMemory(tab, source), tab.grid.getState().layout.visible, request)}
        onFindOnServer={(search) => void applyQuery(tab, { ...wantedQuery(tab), search })}
        onAggregate={async (ranges) => figuresOf(ranges, tab.columns, (index) => source.row(index))}
        onCopyName={(name) => void navigator.clipboard.writeText(name)}
        onOpenValue={onOpenValue}
        onOpenRecord={onOpenRecord}
        empty={empty}
        footer={footer}
        overlay={more.overlay}
        onActivate={more.onActivate}
        onKey={(event) => {
          if (more.onKey?.(event)) return true;
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return false;
          const { selection, layout } = tab.grid.getState();
          const column = layout.visible[selection.active.position] ?? -1;
          return jumpFrom(where, model, source.row(selection.active.row), column);
        }}
        moreItems={(row, column) => [
          ...(more.moreItems?.(row, column) ?? []),
          ...jumpEntries(where, model, source.row(row), column),
        ]}
        moreColumnItems={(column) => [
          { label: 'Filter by value…', run: () => setFiltering(model.columns[column] ?? null) },
        ]}
      />
      {filtering && (
        <ColumnFilter
          where={where}
          column={filtering}
          reference={referenceOf(model, filtering.number)}
          query={query}
          onApply={(text) => void applyQuery(tab, { ...wantedQuery(tab), where: text })}
          onClose={() => setFiltering(null)}
        />
      )}
    </>
  );
}
