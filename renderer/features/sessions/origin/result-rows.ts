/**
 * Rows of a result as rows of the tables they come from: each found by the table's proven key, which the result holds.
 * One table at a time is edited, since a save is one transaction over one table.
 */
import type { DataColumn, RelationModel, ResultOrigins } from '../../../../shared/api/data.ts';
import type { Column } from '../../../../shared/api/sessions.ts';
import { isIsoDay } from '../../../../shared/edit/moment.ts';
import { isNew, type ReadRow, rowId } from '../../../../shared/edit/staged.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import type { Where } from '../../../editing/chosen-labels.ts';
import {
  type EditedRows,
  type RowNow,
  type SavedOutcome,
  type StoredRow,
  type StoredRows,
  withWhole,
} from '../../../editing/edited-rows.ts';
import type { GridColumn, GridRow } from '../../../grid/grid-source.ts';
import type { GridState } from '../../../grid/grid-state.ts';
import type { LoadPiece } from '../../../grid/value/value-piece.ts';
import type { WindowCache } from '../../../grid/window-cache.ts';
import { rowsWords } from '../../../ui/amounts.ts';
import { hasOrigin, type Origin } from './edit-rows.ts';

/** Where a result comes from; or why its rows are not to be edited. */
export type From =
  | { readonly kind: 'statement'; readonly origin: Origin; readonly sql: string }
  | { readonly kind: 'none'; readonly reason: string; readonly wayOut: string };

type Table = ResultOrigins['tables'][number];

const notYet: From = { kind: 'none', reason: 'There is no result yet.', wayOut: 'Run a query.' };
const noTable: RelationModel = {
  ...{
    oid: 0,
    kind: 'table',
    schema: '',
    name: '',
    comment: null,
    columns: [],
    key: null,
    estimatedRows: null,
    pages: 0,
  },
  ...{ paging: 'key', mayInsert: false, mayUpdate: false, mayDelete: false, readOnly: null, rowSecurity: false },
  ...{ references: [], referencedBy: [] },
};

export class ResultRows implements EditedRows {
  readonly grid: GridState;
  readonly source: StoredRows;
  readonly newRowsStand = 'below';
  readonly #columns: readonly Column[];
  readonly #cache: WindowCache;
  readonly #pieces: (row: number, column: number) => LoadPiece;
  #from: From = notYet;
  #origins: ResultOrigins | null = null;
  #asked: Promise<void> | null = null;
  #failed: string | null = null;
  #table: Table | null = null;
  /** What has become of rows since the result was read: by table and row, then by the table's columns. */
  readonly #since = new Map<string, Map<number, string | null>>();
  readonly #saved = new Set<string>();
  /** Of the saves so far: rows that are not there any more, and how many were added, which the result does not hold. */
  readonly #gone = new Set<string>();
  #added = 0;
  #made = new WeakMap<GridRow, StoredRow>();
  readonly #whole = new WeakMap<GridRow, Map<number, string>>();
  readonly #listeners = new Set<() => void>();

  constructor(
    columns: readonly Column[],
    cache: WindowCache,
    grid: GridState,
    pieces: (row: number, column: number) => LoadPiece,
  ) {
    this.#columns = columns;
    this.#cache = cache;
    this.#pieces = pieces;
    this.grid = grid;
    this.source = new FoundRows(cache, (row) => this.#found(row), this.#listeners);
  }

  /** Says where the rows come from, which may be another thing once the result is kept. */
  set from(from: From) {
    this.#from = from;
  }

  /** It has been found out what can be edited. */
  get isKnown(): boolean {
    return this.#from.kind === 'none' || this.#origins !== null || this.#failed !== null;
  }
  get readOnly(): EditedRows['readOnly'] {
    if (this.#from.kind === 'none') return this.#from;
    if (this.#failed !== null) return { reason: this.#failed, wayOut: 'Run the query again.' };
    if (this.#origins === null || this.#origins.tables.length > 0) return null;
    const reasons = new Set(this.#origins.columns.map(({ reason }) => reason ?? ''));
    const [reason = ''] = [...reasons].filter((each) => !each.startsWith('The query computes'));
    return { reason: reason || [...reasons].join(' '), wayOut: '' };
  }
  get model(): RelationModel {
    return this.#table?.model ?? noTable;
  }
  get where(): Where {
    if (this.#from.kind === 'none') return { connectionId: '', database: '', oid: 0 };
    return { ...this.#from.origin, oid: this.model.oid };
  }
  /** All columns are of one table. */
  get wholeRows(): boolean {
    return this.#origins?.tables.length === 1 && this.#origins.columns.every(({ table }) => table === 0);
  }
  get noNewRows(): string | null {
    const { mayInsert, columns, schema, name } = this.model;
    if (!mayInsert) return 'Your role may not add rows to this table.';
    const missing = columns.find(
      (column) => needsValue(column) && !this.#columns.some(({ attributeNumber }) => attributeNumber === column.number),
    );
    return missing
      ? `A row of ${schema}.${name} needs a value in ${missing.name}, which the result does not hold: add it to the query.`
      : null;
  }
  /** What has become of rows that the result's file has otherwise; null where nothing was saved. */
  get savedWords(): string | null {
    const saved = [
      [this.#saved.size, 'saved'],
      [this.#added, 'added'],
      [this.#gone.size, 'deleted'],
    ] as const;
    const words = saved.flatMap(([count, verb]) =>
      count === 0 ? [] : [`${rowsWords(count)} ${count === 1 ? 'was' : 'were'} ${verb}.`],
    );
    return words.length === 0 ? null : words.join(' ');
  }

  async prepare(): Promise<void> {
    const from = this.#from;
    if (from.kind === 'none') return;
    this.#asked ??= this.#ask(from);
    await this.#asked;
  }

  async #ask({ origin, sql }: Extract<From, { kind: 'statement' }>): Promise<void> {
    const columns = this.#columns.map(({ tableOid, attributeNumber }) => ({ tableOid, attributeNumber }));
    try {
      this.#origins = await client.data.origins({ ...origin, sql, columns });
      this.#failed = null;
      this.#choose(this.#origins.tables[0] ?? null);
    } catch (thrown) {
      this.#failed = failureFrom(thrown).message;
      // The next try asks again.
      this.#asked = null;
    }
    this.#changed();
  }

  /** A column of a table, as RowDescription says; whether it can be edited is another matter. */
  isOfTable(at: number): boolean {
    return hasOrigin(this.#columns[at]);
  }
  columnAt(at: number): DataColumn | undefined {
    const column = this.#columns[at];
    if (!this.#table || column?.tableOid !== this.#table.model.oid) return undefined;
    return this.#table.model.columns.find(({ number }) => number === column.attributeNumber);
  }

  choose(index: number, at: number, free: boolean): string | null {
    const place = this.#origins?.columns[at];
    if (!place) return null;
    if (place.reason !== null) return place.reason;
    const table = this.#origins?.tables[place.table ?? -1];
    if (!table) return null;
    if (table !== this.#table) {
      const { schema, name } = this.model;
      if (!free) return `A save changes one table: save or revert what is changed of ${schema}.${name} first.`;
      this.#choose(table);
      this.#changed();
    }
    const row = this.#cache.row(index);
    if (!row) return 'This row is not loaded yet.';
    const { key, problem } = this.#keyOf(row, table);
    if (problem === null && this.#gone.has(nameOf(table, rowId(key)))) return 'This row was deleted.';
    return problem;
  }

  #choose(table: Table | null): void {
    this.#table = table;
    this.#made = new WeakMap();
  }

  #keyOf(row: GridRow, { key, model }: Table): { readonly key: string[]; readonly problem: string | null } {
    const no = (problem: string) => ({ key: [], problem });
    const values: string[] = [];
    for (const { at, form } of key) {
      const value = row.cells[at] ?? null;
      if (value === null) return no(`There is no row of ${model.schema}.${model.name} in this row.`);
      if (row.cut?.has(at) || row.invalid?.has(at)) return no('A key that is not shown whole does not find its row.');
      if (form === 'iso' && !isIsoDay(value))
        return no('The tab shows days in another form than ISO (DateStyle): by that the row is not found for certain.');
      values.push(value);
    }
    return { key: values, problem: null };
  }

  /** The same object for the same row: the grid rewrites what is another. */
  #found(row: GridRow): StoredRow {
    // Of a result that nobody edits no row is made twice.
    if (!this.#table) return row as StoredRow;
    const known = this.#made.get(row);
    if (known) return known;
    const { key, problem } = this.#keyOf(row, this.#table);
    const gone = problem === null && this.#gone.has(nameOf(this.#table, rowId(key)));
    let made: StoredRow = {
      ...row,
      key: problem === null && !gone ? key : undefined,
      ...(gone ? { mark: 'deleted' } : {}),
    };
    for (const [at, whole] of this.#whole.get(row) ?? []) made = withWhole(made, at, whole);
    for (const table of this.#since.size > 0 ? (this.#origins?.tables ?? []) : [])
      made = this.#withSaved(made, row, table);
    this.#made.set(row, made);
    return made;
  }

  #withSaved(made: StoredRow, row: GridRow, table: Table): StoredRow {
    const { key, problem } = this.#keyOf(row, table);
    const saved = problem === null ? this.#since.get(nameOf(table, rowId(key))) : undefined;
    if (!saved) return made;
    const cells = [...made.cells];
    const cut = new Map(made.cut);
    for (const [at, column] of this.#columns.entries()) {
      const value = column.tableOid === table.model.oid ? saved.get(column.attributeNumber) : undefined;
      if (value === undefined) continue;
      cells[at] = value;
      cut.delete(at);
    }
    return { ...made, cells, cut };
  }

  readRow(index: number): ReadRow | null {
    const row = this.source.row(index);
    if (!row?.key) return null;
    const { columns, oid } = this.model;
    const places = columns.map(({ number }) =>
      this.#columns.findIndex((column) => column.tableOid === oid && column.attributeNumber === number),
    );
    const unknown = places.flatMap((at, position) =>
      at < 0 || row.cut?.has(at) || row.invalid?.has(at) ? [position] : [],
    );
    return { key: row.key, cells: places.map((at) => row.cells[at] ?? null), cut: new Set(unknown) };
  }

  pieces(index: number, at: number): LoadPiece {
    return this.#pieces(index, at);
  }
  keepWhole(index: number, at: number, whole: string): void {
    const row = this.#cache.row(index);
    if (!row) return;
    this.#whole.set(row, new Map(this.#whole.get(row)).set(at, whole));
    this.#made.delete(row);
    this.#changed();
  }

  /** A result stays what it was: only what is known to be another by now is shown over it. */
  refresh(now?: RowNow): void {
    if (now) this.#show([now]);
  }
  saved({ stored, inserted }: SavedOutcome, deleted: readonly string[]): void {
    this.#added += inserted;
    for (const id of deleted) this.#gone.add(nameOf(this, id));
    const known = stored.filter(({ id }) => !isNew(id) && !this.#gone.has(nameOf(this, id)));
    for (const { id } of known) this.#saved.add(nameOf(this, id));
    this.#show(known);
  }

  #show(rows: readonly RowNow[]): void {
    for (const { id, cells } of rows) {
      const name = nameOf(this, id);
      const now = new Map(this.#since.get(name));
      for (const { column, value } of cells) now.set(column, value);
      this.#since.set(name, now);
    }
    this.#made = new WeakMap();
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** A row among those of all tables that the result is of. */
const nameOf = ({ model }: Pick<Table, 'model'>, id: string): string => `${model.oid} ${id}`;

/** Nobody else gives it one. */
const needsValue = ({ notNull, defaultText, generated, identity }: DataColumn): boolean =>
  notNull && defaultText === null && generated === 'no' && identity === 'no';

/** The result's rows with their keys, and with what was saved. */
class FoundRows implements StoredRows {
  readonly #cache: WindowCache;
  readonly #found: (row: GridRow) => StoredRow;
  readonly #listeners: Set<() => void>;

  constructor(cache: WindowCache, found: (row: GridRow) => StoredRow, listeners: Set<() => void>) {
    this.#cache = cache;
    this.#found = found;
    this.#listeners = listeners;
  }
  get columns(): readonly GridColumn[] {
    return this.#cache.columns;
  }
  get rowCount(): number {
    return this.#cache.rowCount;
  }
  row(index: number): StoredRow | undefined {
    const row = this.#cache.row(index);
    return row && this.#found(row);
  }
  *loaded(): Generator<readonly [number, StoredRow]> {
    for (const [index, row] of this.#cache.loaded()) yield [index, this.#found(row)];
  }
  request(from: number, count: number, viewer?: string): void {
    this.#cache.request(from, count, viewer);
  }
  failureAt(index: number): string | undefined {
    return this.#cache.failureAt(index);
  }
  failure(): string | undefined {
    return this.#cache.failure();
  }
  retry(): void {
    this.#cache.retry();
  }
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    const off = this.#cache.subscribe(listener);
    return () => {
      this.#listeners.delete(listener);
      off();
    };
  }
}
