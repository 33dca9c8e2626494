/** The results that are open, as the page asks of them: windows, values, views, and the work that a thread does. */
import { randomBytes } from 'node:crypto';
import type { CellRange, RowsWindow, ViewSpec } from '../../../shared/api/results.ts';
import type { Column } from '../../../shared/api/sessions.ts';
import type { ExportOptions } from '../../../shared/api/transfer.ts';
import { invalid } from '../../../shared/failure.ts';
import type { ConnectSpec, ResultFile } from '../source.ts';
import type { Aggregates } from './cells/aggregate.ts';
import type { Copied, CopyRequest } from './cells/copy-ranges.ts';
import type { FindRequest, FoundCell } from './cells/find-cell.ts';
import type { Compared } from './diff/compare-results.ts';
import { type Delivery, deliver } from './job/deliver-export.ts';
import type { ExportedQuery, ExportTarget, Job, JobAnswers, JobRows } from './job/result-job.ts';
import { createResultJobs, type JobOptions, type ResultJobs } from './job/result-jobs.ts';
import { fileIndexStep, type RowFile } from './read/data-row.ts';
import { readValue, type ValuePiece, type ValueRequest } from './read/read-value.ts';
import { readWindow } from './read/read-window.ts';

/** Where result files are known; the sessions' registry. */
export interface ResultFiles {
  /** Throws `invalid` for a result that is not there. */
  resultFile(id: string): ResultFile;
  has(id: string): boolean;
  newFile(): { readonly id: string; readonly path: string };
  adopt(
    file: { readonly id: string; readonly path: string },
    columns: readonly Column[],
    written: { readonly rows: number; readonly bytes: number; readonly index: Float64Array },
  ): void;
  closeResult(id: string): Promise<void>;
}

/** What an export is to become, and where. */
export interface WantedFile {
  readonly options: ExportOptions;
  readonly path: string;
  /** For what has a title: the sheet, the page. */
  readonly name?: string | undefined;
}

/** Which rows are meant: a result's own, or a view's. */
export interface OfResult {
  readonly resultId: string;
  readonly viewId?: string | undefined;
}

export interface MadeView {
  readonly viewId: string;
  readonly rowCount: number;
  readonly notes: readonly string[];
}

interface View {
  readonly id: string;
  readonly resultId: string;
  readonly rows: Uint32Array;
  /** The file as it was when the view was made, with the finer index. */
  readonly file: RowFile;
}

/** A page that sorts again may still ask for rows of the order before; older ones are forgotten. */
const viewsAResult = 3;
const standardCellBytes = 2000;

export class OpenResults {
  readonly #files: ResultFiles;
  readonly #jobs: ResultJobs = createResultJobs();
  #views: View[] = [];

  constructor(files: ResultFiles) {
    this.#files = files;
  }

  /** `count` rows from position `from`; fewer where there are no more. */
  rows(of: OfResult, from: number, count: number, maxCellBytes = standardCellBytes): Promise<RowsWindow> {
    const view = this.#viewOf(of);
    if (view) return readWindow(view.file, { from, count, maxCellBytes, rows: view.rows });
    return readWindow(this.#fileOf(of), { from, count, maxCellBytes });
  }

  /** A piece of the value at a position. */
  value(of: OfResult, request: ValueRequest): Promise<ValuePiece> {
    const view = this.#viewOf(of);
    if (!view) return readValue(this.#fileOf(of), request);
    const row = view.rows[request.row];
    if (row === undefined) throw invalid('row', `The view has ${view.rows.length} rows.`);
    return readValue(view.file, { ...request, row });
  }

  async view(resultId: string, spec: ViewSpec, signal?: AbortSignal): Promise<MadeView> {
    const rows = this.#rowsOf({ resultId });
    const built = await this.#jobs.run({ kind: 'view', rows, spec }, { signal });
    const view: View = {
      id: randomBytes(12).toString('base64url'),
      resultId,
      rows: built.rows,
      file: { ...rows.file, offsets: built.offsets, step: built.step },
    };
    this.#keep(view);
    return { viewId: view.id, rowCount: view.rows.length, notes: built.notes };
  }

  find(
    of: OfResult,
    request: Omit<FindRequest, 'columns'> & { columns?: readonly number[] },
    signal?: AbortSignal,
  ): Promise<FoundCell | null> {
    const rows = this.#rowsOf(of);
    const columns = request.columns ?? rows.columns.map((_, column) => column);
    return this.#jobs.run({ kind: 'find', rows, request: { ...request, columns } }, { signal });
  }

  aggregate(of: OfResult, ranges: readonly CellRange[], signal?: AbortSignal): Promise<Aggregates> {
    return this.#jobs.run({ kind: 'aggregate', rows: this.#rowsOf(of), ranges }, { signal });
  }

  copy(
    of: OfResult,
    request: Pick<CopyRequest, 'ranges' | 'format' | 'header'> & {
      readonly tableName?: string | undefined;
      readonly overriding?: boolean | undefined;
    },
    signal?: AbortSignal,
  ): Promise<Copied> {
    const { ranges, format, header, tableName = 'table_name', overriding = false } = request;
    const rows = this.#rowsOf(of);
    return this.#jobs.run({ kind: 'copy', rows, ranges, format, header, tableName, overriding }, { signal });
  }

  /** Compares the rows that are there now; what differs becomes a result of its own. */
  async compare(
    leftId: string,
    rightId: string,
    how: { readonly keys: readonly number[] | 'detect' | null; readonly withSame: boolean },
    signal?: AbortSignal,
  ): Promise<Omit<Compared, 'index'> & { readonly resultId: string }> {
    const left = this.#rowsOf({ resultId: leftId });
    const right = this.#rowsOf({ resultId: rightId });
    const file = this.#files.newFile();
    const request = { left, right, ...how, path: file.path };
    const { index, ...compared } = await this.#jobs.run({ kind: 'compare', request }, { signal });
    this.#files.adopt(file, compared.columns, { ...compared, index });
    return { ...compared, resultId: file.id };
  }

  /** Writes the rows there are to the file, all or nothing. */
  export(of: OfResult, file: WantedFile, signal?: AbortSignal): AsyncGenerator<Delivery, void, void> {
    const rows = this.#rowsOf(of);
    const totalRows = rows.view ? rows.view.length : rows.file.rowCount;
    const write = (temporary: string, options: JobOptions) =>
      this.#jobs.run({ kind: 'export', rows, target: targetOf(file, temporary) }, options);
    return deliver(file.path, totalRows, write, signal);
  }

  /**
   * Runs the queries on a connection of their own and writes their rows to the file, all or nothing.
   * @param totalRows how many are expected
   */
  exportQueries(
    spec: ConnectSpec,
    queries: readonly ExportedQuery[],
    file: WantedFile,
    { signal, totalRows = null }: { signal?: AbortSignal | undefined; totalRows?: number | null } = {},
  ): AsyncGenerator<Delivery, void, void> {
    const write = (temporary: string, options: JobOptions) =>
      this.#jobs.run({ kind: 'exportQueries', spec, queries, target: targetOf(file, temporary) }, options);
    return deliver(file.path, totalRows, write, signal);
  }

  /** Work on files that are no results, on a thread of its own. */
  job<J extends Extract<Job, { kind: 'import' | 'preview' | 'examineScript' | 'runScript' | 'copyRows' }>>(
    job: J,
    options: JobOptions = {},
  ): Promise<JobAnswers[J['kind']]> {
    return this.#jobs.run(job, options);
  }

  async closeResult(resultId: string): Promise<void> {
    this.#views = this.#views.filter((view) => view.resultId !== resultId);
    await this.#files.closeResult(resultId);
  }

  async close(): Promise<void> {
    this.#views = [];
    await this.#jobs.close();
  }

  #keep(view: View): void {
    const alive = this.#views.filter(({ resultId }) => this.#files.has(resultId));
    const others = alive.filter(({ resultId }) => resultId !== view.resultId);
    const own = alive.filter(({ resultId }) => resultId === view.resultId);
    this.#views = [...others, ...own.slice(-(viewsAResult - 1)), view];
  }

  #viewOf({ resultId, viewId }: OfResult): View | null {
    if (viewId === undefined) return null;
    // Throws where the result itself is gone.
    this.#files.resultFile(resultId);
    const view = this.#views.find(({ id }) => id === viewId);
    if (view?.resultId !== resultId)
      throw invalid('viewId', 'This order of the rows is not kept any more. Sort again.');
    return view;
  }

  #fileOf({ resultId }: OfResult): RowFile {
    const { path, rowCount, sizeBytes, index } = this.#files.resultFile(resultId);
    return { path, rowCount, sizeBytes, offsets: index, step: fileIndexStep };
  }

  #rowsOf(of: OfResult): JobRows {
    const { columns } = this.#files.resultFile(of.resultId);
    const view = this.#viewOf(of);
    if (view) return { file: view.file, columns, view: view.rows };
    const file = this.#fileOf(of);
    // A slice: what is behind `index` is larger, and would cross to the worker as a whole.
    return { file: { ...file, offsets: file.offsets.slice() }, columns, view: null };
  }
}

const targetOf = ({ options, name = 'Rows' }: WantedFile, path: string): ExportTarget => ({ options, name, path });
