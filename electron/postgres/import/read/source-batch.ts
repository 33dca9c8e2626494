/** Records of a file on their way to the server. */

/** A record as it was read, or why it could not be. */
export type SourceRecord =
  | { readonly line: number; readonly fields: readonly (string | null)[] }
  | { readonly line: number; readonly problem: string; readonly text: string };

export interface SourceBatch {
  /** How many records. */
  readonly count: number;
  /** The line of the first one, from 1; 0 where the file has no lines. */
  readonly line: number;
  /** As COPY takes them, piece by piece, all columns of the file; null where they have to be looked at one by one. */
  readonly raw: readonly Buffer[] | null;
  records(): Iterable<SourceRecord>;
  /** Nothing of it and of those before it is looked at any more. */
  release?(): void;
}

export interface BatchSize {
  readonly rows: number;
  readonly bytes: number;
}

/** Reads a file from its first record on. */
export interface SourceReader {
  /** COPY's options for `raw`. */
  readonly copyOptions: string;
  batches(size: BatchSize): AsyncGenerator<SourceBatch, void, void>;
}

/** A record longer than this is none: a quote was opened and never closed, or the file is no such file. */
export const longestRecordBytes = 64 * 1024 * 1024;

/** Rows that are not in a file, and can be read on from a place. */
export interface RowsSource {
  /** Of rows, so far. */
  readonly bytes: number;
  /** @param after a place that `placeOf` told; null: from the beginning */
  open(after: string | null): Promise<SourceReader>;
  /** Where it goes on behind the batch; null where it cannot. */
  placeOf(batch: SourceBatch): string | null;
}
