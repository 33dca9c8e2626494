/** What the host asks a result worker, and what comes back: plain data, big arrays in shared memory. */

import type { Failure } from '../../../../shared/api/base.ts';
import type { CellRange, ViewSpec } from '../../../../shared/api/results.ts';
import type { Column } from '../../../../shared/api/sessions.ts';
import type { ExportOptions, FilePreview } from '../../../../shared/api/transfer.ts';
import type { CopyFormat } from '../../../../shared/rows/row-words.ts';
import type { CopiedRows, CopyProgressNow, CopyTask } from '../../copy/run-copy.ts';
import type { PreviewRequest } from '../../import/preview.ts';
import type { Imported, ImportProgressNow, ImportTask } from '../../import/run-import.ts';
import type { Examined, ReadSoFar, ScriptFile } from '../../import/sql/examine-script.ts';
import type { ScriptDone, ScriptProgressNow, ScriptTask } from '../../import/sql/run-script.ts';
import type { ConnectSpec } from '../../source.ts';
import type { Aggregates } from '../cells/aggregate.ts';
import type { Copied } from '../cells/copy-ranges.ts';
import type { FindRequest, FoundCell } from '../cells/find-cell.ts';
import type { Compared, CompareRequest } from '../diff/compare-results.ts';
import type { RowFile } from '../read/data-row.ts';
import type { BuiltView } from '../view/build-view.ts';

/** The rows a job works on: a file as it was when the job was asked for, in a view's order where there is one. */
export interface JobRows {
  readonly file: RowFile;
  readonly columns: readonly Column[];
  readonly view: Uint32Array | null;
}

export interface ExportTarget {
  readonly options: ExportOptions;
  /** For what has a title: the sheet, the page. */
  readonly name: string;
  /** The temporary name; the host gives the file its final one. */
  readonly path: string;
}

/** Job by kind, with the answer each gives. */
export interface JobAnswers {
  view: BuiltView;
  find: FoundCell | null;
  aggregate: Aggregates;
  copy: Copied;
  export: Exported;
  exportQueries: Exported;
  compare: Compared;
  import: Imported;
  examineScript: Examined;
  runScript: ScriptDone;
  copyRows: CopiedRows;
  preview: FilePreview;
}
export type Job =
  | { readonly kind: 'view'; readonly rows: JobRows; readonly spec: ViewSpec }
  | { readonly kind: 'find'; readonly rows: JobRows; readonly request: FindRequest }
  | { readonly kind: 'aggregate'; readonly rows: JobRows; readonly ranges: readonly CellRange[] }
  | {
      readonly kind: 'copy';
      readonly rows: JobRows;
      readonly ranges: readonly CellRange[];
      readonly format: CopyFormat;
      readonly header: boolean;
      readonly tableName: string;
      readonly overriding: boolean;
    }
  | { readonly kind: 'compare'; readonly request: CompareRequest }
  | { readonly kind: 'import'; readonly task: ImportTask }
  | { readonly kind: 'examineScript'; readonly file: ScriptFile }
  | { readonly kind: 'runScript'; readonly task: ScriptTask }
  | { readonly kind: 'copyRows'; readonly task: CopyTask }
  | { readonly kind: 'preview'; readonly request: PreviewRequest }
  | { readonly kind: 'export'; readonly rows: JobRows; readonly target: ExportTarget }
  | {
      readonly kind: 'exportQueries';
      readonly spec: ConnectSpec;
      readonly queries: readonly ExportedQuery[];
      readonly target: ExportTarget;
    };

/** With the values of `$1`, `$2`…, in text form. */
export interface ExportedQuery {
  readonly text: string;
  readonly values: readonly (string | null)[];
  /** Where it reads a table: the name, and for SQL whether it has an identity column that is GENERATED ALWAYS. */
  readonly table?: { readonly name: string; readonly sqlName: string; readonly overriding: boolean };
}

export interface Exported {
  readonly rows: number;
  readonly bytes: number;
  readonly notes: readonly string[];
}

export interface JobProgress {
  readonly rows: number;
  readonly bytes: number;
  /** What is being read. */
  readonly table?: string;
  /** Of an import. */
  readonly imported?: ImportProgressNow;
  /** Of a script. */
  readonly script?: ScriptProgressNow;
  readonly read?: ReadSoFar;
  /** Of a copy. */
  readonly copied?: CopyProgressNow;
}

/** To the worker. `abort` is one shared word: not 0 means nobody waits for the answer any more. */
export interface JobMessage {
  readonly number: number;
  readonly job: Job;
  readonly abort: Int32Array;
}

/** From the worker. */
export type JobReply =
  | { readonly number: number; readonly kind: 'progress'; readonly progress: JobProgress }
  | { readonly number: number; readonly kind: 'done'; readonly answer: JobAnswers[Job['kind']] }
  | { readonly number: number; readonly kind: 'failed'; readonly failure: Failure };
