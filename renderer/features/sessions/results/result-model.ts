/** What the grid needs of a result, outside React: its rows by windows, its order, and what the person did to the grid. */
import type { RowsWindow } from '../../../../shared/api/results.ts';
import type { Column } from '../../../../shared/api/sessions.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { type Edits, editsIn, forgetEdits } from '../../../editing/edit-store.ts';
import type { GridFilter, GridSort, GridSource } from '../../../grid/grid-source.ts';
import { createGridState, type GridState } from '../../../grid/grid-state.ts';
import { pieceOf } from '../../../grid/value/piece-of.ts';
import type { LoadPiece } from '../../../grid/value/value-piece.ts';
import { WindowCache } from '../../../grid/window-cache.ts';
import { ResultRows } from '../origin/result-rows.ts';
import { ComparedSource } from './compared-source.ts';

/** Characters of a value that the grid shows; the value viewer asks for the whole. */
const maxCellBytes = 1024;

export interface ResultModel {
  readonly resultId: string;
  readonly columns: readonly Column[];
  readonly source: WindowCache;
  /** What the grid is given: the source, or one that colours its rows. */
  readonly shown: GridSource;
  /** The rows as those of their tables, and what is edited in them. */
  readonly rows: ResultRows;
  readonly edits: Edits;
  readonly grid: GridState;
  /** The order and filter in force; undefined: as the server sent them. */
  viewId: string | undefined;
}

const models = new Map<string, ResultModel>();

function createModel(resultId: string, columns: readonly Column[], isComparison: boolean): ResultModel {
  const grid = createGridState(columns);
  const source = new WindowCache({
    columns,
    rowCount: 0,
    load: (from, count, signal) =>
      client.results.rows({ resultId, viewId: model.viewId, from, count, maxCellBytes }, { signal }),
    describe: (thrown) => failureFrom(thrown).message,
  });
  const rows = new ResultRows(columns, source, grid, (row, column) => valueInFile(model, row, column));
  const edits = editsIn(rows);
  const shown = isComparison ? new ComparedSource(source) : edits.source;
  const model: ResultModel = { resultId, columns, source, shown, rows, edits, grid, viewId: undefined };
  return model;
}

/** A value of the result's file, by pieces. */
const valueInFile =
  ({ resultId, viewId }: ResultModel, row: number, column: number): LoadPiece =>
  (offsetBytes, lengthBytes, { base64, signal }) =>
    client.results.value({ resultId, viewId, row, column, offsetBytes, lengthBytes, base64 }, { signal });

/** A value as it is shown: what was edited or saved since is not in the file. */
export function shownValue(model: ResultModel, row: number, column: number): LoadPiece {
  const read = model.source.row(row)?.cells[column];
  const shown = model.shown.row(row)?.cells[column];
  if (shown === undefined || shown === read) return valueInFile(model, row, column);
  return (offsetBytes, lengthBytes, { base64 }) => pieceOf(shown, offsetBytes, lengthBytes, base64);
}

/** For a grid that stands ready while there is no result. */
export const noResult: ResultModel = createModel('', [], false);

/** The model of a result, made at the first call. */
export function resultModel(resultId: string, columns: readonly Column[], isComparison = false): ResultModel {
  const existing = models.get(resultId);
  if (existing) return existing;
  const model = createModel(resultId, columns, isComparison);
  models.set(resultId, model);
  return model;
}

/** More rows have come; a sorted or filtered view stays at the rows it was made of. */
export function resultGrew(model: ResultModel, rows: number): void {
  if (model.viewId === undefined) model.source.setRowCount(rows);
}

/** Rows that came with the news of them: there before the grid asks. */
export function firstRowsCame(model: ResultModel, first: RowsWindow, rows: number): void {
  if (model.viewId === undefined && model.source.rowCount === 0) model.source.offer(first, rows);
}

/** Orders and filters the fetched rows on the other side; the source shows them so when this resolves. @returns what the person should know of the order */
export async function orderResult(
  model: ResultModel,
  sort: readonly GridSort[],
  filters: readonly GridFilter[],
  allRows: number,
): Promise<readonly string[]> {
  if (sort.length === 0 && filters.length === 0) {
    model.viewId = undefined;
    model.source.reset(allRows);
    return [];
  }
  try {
    const { viewId, rowCount, notes } = await client.results.view({
      resultId: model.resultId,
      spec: { sort: [...sort], filters: [...filters] },
    });
    model.viewId = viewId;
    model.source.reset(rowCount);
    return notes;
  } catch (thrown) {
    throw new Error(failureFrom(thrown).message);
  }
}

/** Frees what is kept of results that are no longer there. */
export function keepOnlyResults(resultIds: ReadonlySet<string>): void {
  for (const [id, model] of models) {
    if (resultIds.has(id)) continue;
    model.source.stop();
    forgetEdits(model.edits);
    models.delete(id);
  }
}
