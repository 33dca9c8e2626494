/** What the export dialog is opened with. */
import type { ExportSource } from '../../../shared/api/transfer.ts';

export interface ExportWhat {
  /** The rows; or tables of a database, of one schema where it is named, to be picked from first. */
  readonly source:
    | ExportSource
    | {
        readonly kind: 'pick';
        readonly connectionId: string;
        readonly database?: string;
        readonly schema: string | null;
      };
  /** What the file is called at first. */
  readonly name: string;
  /** For SQL: where the rows of a query belong, where that is known. */
  readonly tableName?: string;
  /** How many rows, where that is known. */
  readonly rows?: number;
  /** The result was cut at the row limit. */
  readonly cut?: boolean;
}
