/** What the grid needs of a result, outside React: its rows by windows, its order, and what the person did to the grid. */
import type { RowsWindow } from '../../../../shared/api/results.ts';
import type { Column } from '../../../../shared/api/sessions.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import type { GridFilter, GridSort, GridSource } from '../../../grid/grid-source.ts';
import { createGridState, type GridState } from '../../../grid/grid-state.ts';
import { WindowCache } from '../../../grid/window-cache.ts';
import { ComparedSource } from './compared-source.ts';

/** Characters of a value that the grid shows; the value viewer asks for the whole. */
const maxCellBytes = 1024;

export interface ResultModel {
  readonly resultId: string;
  readonly columns: readonly Column[];
  readonly source: WindowCache;
  /** What the grid is given: the source, or one that colours its rows. */
  readonly shown: GridSource;
  readonly grid: GridState;
  /** The order and filter in force; undefined: as the server sent them. */
  viewId: string | undefined;
}

const models = new Map<string, ResultModel>();

/** For a grid that stands ready while there is no result. */
export const noResult: ResultModel = {
  resultId: '',
  columns: [],
  viewId: undefined,
  grid: createGridState([]),
  ...withSource(
    new WindowCache({ columns: [], rowCount: 0, load: async () => ({ rows: [], cut: [], invalidText: [] }) }),
    false,
  ),
};

function withSource(source: WindowCache, isComparison: boolean): Pick<ResultModel, 'source' | 'shown'> {
  return { source, shown: isComparison ? new ComparedSource(source) : source };
}

/** The model of a result, made at the first call. */
export function resultModel(resultId: string, columns: readonly Column[], isComparison = false): ResultModel {
  const existing = models.get(resultId);
  if (existing) return existing;
  const model: ResultModel = {
    resultId,
    columns,
    viewId: undefined,
    grid: createGridState(columns),
    ...withSource(
      new WindowCache({
        columns,
        rowCount: 0,
        load: (from, count, signal) =>
          client.results.rows({ resultId, viewId: model.viewId, from, count, maxCellBytes }, { signal }),
        describe: (thrown) => failureFrom(thrown).message,
      }),
      isComparison,
    ),
  };
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
    models.delete(id);
  }
}
