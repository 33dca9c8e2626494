/** What is selected in a grid of rows that are edited. */
import { selectCell, toRanges } from '../grid/model/selection.ts';
import { ROW_HEIGHT } from '../grid/paint/grid-view.ts';
import { shownCount } from '../ui/amounts.ts';
import { toast } from '../ui/toast.tsx';
import { deleteRows, duplicateRows, type Edits, insertRow } from './edit-store.ts';

const most = 20_000;

/** The cells that are selected, row by row; none where they are too many, which is said. */
export function selectedCells(edits: Edits): { row: number; position: number }[] {
  const ranges = selectedRanges(edits);
  const count = ranges.reduce((sum, { fromRow, toRow, columns }) => sum + (toRow - fromRow + 1) * columns.length, 0);
  if (count > most) {
    toast(`At most ${shownCount(most)} selected cells are taken at once.`, 'warning');
    return [];
  }
  return ranges.flatMap(({ fromRow, toRow, columns }) =>
    Array.from({ length: toRow - fromRow + 1 }, (_, at) => fromRow + at).flatMap((row) =>
      columns.map((position) => ({ row, position })),
    ),
  );
}

/** How many rows have anything selected in them; those of several ranges as often as these have them. */
export const selectedRowCount = (edits: Edits): number =>
  selectedRanges(edits).reduce((sum, { fromRow, toRow }) => sum + toRow - fromRow + 1, 0);

/** The rows in which anything is selected; none where they are too many, which is said. */
export function selectedRows(edits: Edits): number[] {
  const ranges = selectedRanges(edits);
  if (selectedRowCount(edits) > most) {
    toast(`At most ${shownCount(most)} rows are taken at once.`, 'warning');
    return [];
  }
  const rows = ranges.flatMap(({ fromRow, toRow }) =>
    Array.from({ length: toRow - fromRow + 1 }, (_, at) => fromRow + at),
  );
  return [...new Set(rows)];
}

function selectedRanges({ rows, source }: Edits) {
  const { selection, layout } = rows.grid.getState();
  return toRanges(selection, layout.visible, source.rowCount);
}

/** Brings a row into sight and the cursor into it. */
export function showRow({ rows }: Edits, row: number): void {
  const { position } = rows.grid.getState().selection.active;
  rows.grid.setState({ selection: selectCell({ row, position }), top: Math.max(0, (row - 3) * ROW_HEIGHT) });
}

/** Adds a row, or says why that is not possible. */
export function addRow(edits: Edits): void {
  const { noNewRows } = edits.rows;
  if (noNewRows !== null) {
    toast(noNewRows, 'warning');
    return;
  }
  if (insertRow(edits)) showRow(edits, edits.source.lastNewRow);
}

/** Copies of the selected rows, or why there are none. */
export function duplicateSelected(edits: Edits): void {
  const { noNewRows } = edits.rows;
  if (noNewRows !== null) toast(noNewRows, 'warning');
  else if (duplicateRows(edits, selectedRows(edits)) > 0) showRow(edits, edits.source.lastNewRow);
}

/** Marks the selected rows for deletion, or unmarks them; what could not be marked is said. */
export function deleteSelected(edits: Edits): void {
  if (!edits.rows.model.mayDelete) {
    toast('Your role may not delete rows of this table.', 'warning');
    return;
  }
  const rows = selectedRows(edits);
  const left = deleteRows(edits, rows);
  if (left > 0)
    toast(
      `${shownCount(left)} of ${shownCount(rows.length)} rows were not marked: they were not in sight yet, or are gone.`,
      'warning',
    );
}
