/** One open table or view, outside React: a tab that is not shown keeps what was done in it. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Failure } from '../../../shared/api/base.ts';
import type { DataColumn, DataPage, DataQuery, PageFrom, Reference, RelationModel } from '../../../shared/api/data.ts';
import { readOrder } from '../../../shared/edit/order-text.ts';
import { rowId } from '../../../shared/edit/staged.ts';
import { client } from '../../client/connect.ts';
import { failureFrom, wasAborted } from '../../client/failure.ts';
import { chosenLabel, type Where } from '../../editing/chosen-labels.ts';
import { type EditedRows, type SavedOutcome, withWhole } from '../../editing/edited-rows.ts';
import type { GridColumn, GridRow, GridSort } from '../../grid/grid-source.ts';
import { createGridState } from '../../grid/grid-state.ts';
import { resizeColumn } from '../../grid/model/column-layout.ts';
import { shiftRows } from '../../grid/model/selection.ts';
import { ROW_HEIGHT } from '../../grid/paint/grid-view.ts';
import { onTabClosed } from '../../workspace/tabs.ts';
import { type LoadedRow, PagedSource } from './paged-source.ts';

export interface QueryFault {
  readonly field: 'where' | 'orderBy' | 'search';
  readonly message: string;
  /** UTF-16 offset in the field's text. */
  readonly at: number | null;
}

export interface DataTabState {
  readonly query: DataQuery;
  /** A query is being tried. */
  readonly trying: boolean;
  readonly fault: QueryFault | null;
  readonly counting: boolean;
  readonly live: boolean;
  readonly liveFailure: Failure | null;
}

export interface DataTab extends EditedRows {
  readonly columns: readonly GridColumn[];
  readonly source: PagedSource;
  readonly store: StoreApi<DataTabState>;
}

export const gridColumn = ({ name, typeName, category, typeKind, comment }: DataColumn): GridColumn => ({
  name,
  typeName,
  // Enums are text to look at.
  category: typeKind === 'e' ? 'S' : category,
  ...(comment ? { comment } : {}),
});

export function createDataTab(where: Where, model: RelationModel, query: DataQuery): DataTab {
  const columns = model.columns.map(gridColumn);
  const store = createStore<DataTabState>(() => ({
    query,
    trying: false,
    fault: null,
    counting: false,
    live: false,
    liveFailure: null,
  }));
  const grid = createGridState(columns);
  const source: PagedSource = new PagedSource({
    columns,
    paging: model.paging,
    load: (from, count, signal) => loadPage(where, store.getState().query, from, count, signal),
    describe: (thrown) => failureFrom(thrown).message,
    onBlock: (rows) => void addLabels(tab, rows),
    onRenumber: (by) =>
      grid.setState(({ top, selection }) => ({
        top: Math.max(0, top + by * ROW_HEIGHT),
        selection: shiftRows(selection, by),
      })),
  });
  const tab: DataTab = { where, model, columns, source, grid, store, ...editable(where, model, source) };
  return tab;
}

/** What editing needs of the rows of one table: every column of the grid is one of its own. */
function editable(
  where: Where,
  model: RelationModel,
  source: PagedSource,
): Omit<EditedRows, 'where' | 'model' | 'grid' | 'source'> {
  return {
    readOnly: model.readOnly,
    wholeRows: true,
    noNewRows: model.mayInsert ? null : 'Your role may not add rows to this table.',
    newRowsStand: 'above',
    columnAt: (at) => model.columns[at],
    readRow: (index) => {
      const row = source.row(index);
      return row?.key ? { key: row.key, cells: row.cells, cut: new Set(row.cut?.keys()) } : null;
    },
    pieces: (index, at) => {
      const key = source.row(index)?.key;
      const column = model.columns[at];
      if (!key || !column) return null;
      return (offsetBytes, lengthBytes, { base64, signal }) => {
        const piece = { offsetBytes, lengthBytes, ...(base64 ? { base64 } : {}) };
        return client.data.value({ ...where, key: [...key], column: column.number, ...piece }, { signal });
      };
    },
    keepWhole: (index, at, whole) => {
      const key = source.row(index)?.key;
      source.change((row) => (row.key === key ? withWhole(row, at, whole) : row));
    },
    refresh: () => source.refresh(false),
    saved: ({ inserted, deleted, stored }, gone) => {
      // At once: who goes on editing goes on with what is stored now.
      const now = new Map(stored.map(({ id, cells }) => [id, cells]));
      const away = new Set(gone);
      source.change((row) => afterSave(model, row, now, away));
      if (inserted > 0 || deleted > 0) source.setTotal(source.rowCount + inserted - deleted, source.exact);
      source.refresh(false);
    },
  };
}

/** A row with what the save has made of it, until it is read again; one that was deleted proves nothing any more. */
function afterSave(
  model: RelationModel,
  row: LoadedRow,
  stored: ReadonlyMap<string, SavedOutcome['stored'][number]['cells']>,
  gone: ReadonlySet<string>,
): LoadedRow {
  if (!row.key) return row;
  const id = rowId(row.key);
  if (gone.has(id)) return { ...row, key: undefined, mark: 'deleted' };
  const cells = stored.get(id);
  if (!cells) return row;
  const made = cells.reduce((now, { column, value }) => withWhole(now, positionOf(model, column), value), row);
  const key = row.key.map((value, at) => cells.find(({ column }) => column === model.key?.columns[at])?.value ?? value);
  return { ...made, key };
}

async function loadPage(
  where: Where,
  query: DataQuery,
  from: PageFrom,
  count: number,
  signal: AbortSignal,
): Promise<DataPage> {
  return await client.data.rows({ ...where, query, from, count }, { signal });
}

/** The marks in the header follow what stands behind ORDER BY. */
function sortsOf(model: RelationModel, orderBy: string): GridSort[] {
  const sorts = orderBy.trim() === '' ? [] : readOrder(orderBy, model.columns);
  return (sorts ?? []).map(({ column, descending }) => ({ column: positionOf(model, column), descending }));
}

interface Trial {
  readonly control: AbortController;
  readonly query: DataQuery;
}
const trials = new WeakMap<DataTab, Trial>();

/** What a further condition or order is added to: the query that is being tried, else that of the rows in sight. */
export const wantedQuery = (tab: DataTab): DataQuery => {
  const { trying, query } = tab.store.getState();
  return trying ? (trials.get(tab)?.query ?? query) : query;
};

/** Shows the rows of another query, once its first page is there; where it is refused, all stays as it was. */
export async function applyQuery(tab: DataTab, query: DataQuery): Promise<boolean> {
  trials.get(tab)?.control.abort();
  const control = new AbortController();
  trials.set(tab, { control, query });
  tab.store.setState({ trying: true, fault: null });
  try {
    const page = await loadPage(tab.where, query, { kind: 'start' }, 200, control.signal);
    if (control.signal.aborted) return false;
    tab.store.setState({ query, trying: false, fault: null });
    tab.grid.setState(({ selection }) => ({
      top: 0,
      sort: sortsOf(tab.model, query.orderBy),
      selection: {
        ...selection,
        kind: 'cells',
        active: { row: 0, position: selection.active.position },
        head: { row: 0, position: selection.active.position },
        others: [],
        current: { top: 0, bottom: 0, left: selection.active.position, right: selection.active.position },
      },
    }));
    tab.source.reset(page);
    if (page.more) void count(tab, false);
    return true;
  } catch (thrown) {
    if (control.signal.aborted) return false;
    if (wasAborted(thrown)) tab.store.setState({ trying: false });
    else tab.store.setState({ trying: false, fault: faultOf(thrown) });
    return false;
  }
}

/** Gives up the query that is being tried. */
export function stopTrying(tab: DataTab): void {
  trials.get(tab)?.control.abort();
  tab.store.setState({ trying: false });
}

function faultOf(thrown: unknown): QueryFault {
  const failure = failureFrom(thrown);
  if (failure.kind === 'invalid' && (failure.field === 'where' || failure.field === 'orderBy'))
    return { field: failure.field, message: failure.message, at: failure.at ?? null };
  return { field: 'where', message: failure.message, at: null };
}

const counts = new WeakMap<DataTab, AbortController>();

/** Counts: up to a bound, or all where `exact`; a second call gives the first up. */
export async function count(tab: DataTab, exact: boolean): Promise<void> {
  counts.get(tab)?.abort();
  const control = new AbortController();
  counts.set(tab, control);
  const { query } = tab.store.getState();
  if (exact) tab.store.setState({ counting: true });
  try {
    const answer = await client.data.count({ ...tab.where, query, exact }, { signal: control.signal });
    if (!control.signal.aborted && tab.store.getState().query === query) tab.source.setTotal(answer.rows, answer.exact);
  } catch (thrown) {
    // The rows themselves say what is wrong with a query; a count that was given up says nothing.
    if (!control.signal.aborted && exact) tab.store.setState({ fault: faultOf(thrown) });
  } finally {
    if (counts.get(tab) === control) tab.store.setState({ counting: false });
  }
}

export function stopCounting(tab: DataTab): void {
  counts.get(tab)?.abort();
  tab.store.setState({ counting: false });
}

/** constraint and key -> label; null where no row is there. */
const labels = new WeakMap<DataTab, Map<string, string | null>>();
const mostAsked = 300;

export const positionOf = (model: RelationModel, number: number): number =>
  model.columns.findIndex((column) => column.number === number);

/** The values by which a row refers to another; null where it refers to none. */
export function referringValues(model: RelationModel, reference: Reference, cells: GridRow['cells']): string[] | null {
  const values = reference.columns.map((number) => cells[positionOf(model, number)] ?? null);
  return values.includes(null) ? null : (values as string[]);
}

/** Words for what foreign keys point at, behind the last column of each. They come after the rows and hold up nothing. */
async function addLabels(tab: DataTab, rows: readonly LoadedRow[]): Promise<void> {
  const known = labels.get(tab) ?? new Map<string, string | null>();
  labels.set(tab, known);
  const { model } = tab;
  await Promise.all(
    model.references.map(async (reference) => {
      const label = chosenLabel(tab.where, reference);
      if (label === null) return;
      const nameOf = (key: readonly string[]) => JSON.stringify([reference.constraint, label, key]);
      const wanted = new Map<string, string[]>();
      for (const row of rows) {
        const key = referringValues(model, reference, row.cells);
        if (key && !known.has(nameOf(key))) wanted.set(nameOf(key), key);
      }
      const keys = [...wanted.values()].slice(0, mostAsked);
      if (keys.length > 0) {
        const found = await client.data
          .labels({ ...tab.where, constraint: reference.constraint, label, keys })
          .catch(() => []);
        for (const [at, text] of found.entries()) known.set(nameOf(keys[at] ?? []), text);
      }
    }),
  );
  tab.source.change((row) => withLabels(tab, row, known));
  makeRoom(tab);
}

const roomMade = new WeakSet<DataTab>();

/** Once: the columns were fitted before the words came. */
function makeRoom(tab: DataTab): void {
  if (roomMade.has(tab)) return;
  const widths = new Map<number, number>();
  for (const [, row] of tab.source.loaded())
    for (const [at, note] of row.notes ?? []) {
      const px = 24 + 7 * ((row.cells[at]?.length ?? 0) + Math.min(note.length, 28));
      widths.set(at, Math.max(widths.get(at) ?? 0, px));
    }
  if (widths.size === 0) return;
  roomMade.add(tab);
  tab.grid.setState(({ layout }) => ({
    layout: [...widths].reduce(
      (now, [at, px]) => ((now.widths[at] ?? 0) < px ? resizeColumn(now, at, Math.min(px, 280)) : now),
      layout,
    ),
  }));
}

function withLabels(tab: DataTab, row: LoadedRow, known: ReadonlyMap<string, string | null>): LoadedRow {
  const notes = new Map<number, string>();
  for (const reference of tab.model.references) {
    const label = chosenLabel(tab.where, reference);
    const key = label === null ? null : referringValues(tab.model, reference, row.cells);
    const text = key && known.get(JSON.stringify([reference.constraint, label, key]));
    const at = positionOf(tab.model, reference.columns.at(-1) ?? 0);
    if (text && !notes.has(at)) notes.set(at, text);
  }
  const same = notes.size === (row.notes?.size ?? 0) && [...notes].every(([at, text]) => row.notes?.get(at) === text);
  return same ? row : { ...row, notes: notes.size > 0 ? notes : undefined };
}

/** After another label was chosen. */
export function relabel(tab: DataTab): void {
  void addLabels(
    tab,
    [...tab.source.loaded()].map(([, row]) => row),
  );
}

const tabs = new Map<string, DataTab>();
export const keptTab = (tabId: string): DataTab | undefined => tabs.get(tabId);
export const keepTab = (tabId: string, tab: DataTab): void => void tabs.set(tabId, tab);
/** For reading the relation anew. */
export function forgetTab(tabId: string): void {
  const tab = tabs.get(tabId);
  if (!tab) return;
  stopCounting(tab);
  tab.source.stop();
  tabs.delete(tabId);
}
onTabClosed(({ id }) => forgetTab(id));
