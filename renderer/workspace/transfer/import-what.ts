/** What the import dialog is opened with. */
export interface ImportWhat {
  readonly connectionId: string;
  readonly database?: string;
  readonly schema: string;
  /** The table that takes the rows; absent: one that is made, or named in the dialog. */
  readonly table?: string;
}
