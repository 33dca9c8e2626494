/** The reader for a file, by its dialect. */
import type { ImportDialect } from '../../../shared/api/import-plan.ts';
import { type ReadPosition, textBytes } from './read/file-bytes.ts';
import { jsonReader } from './read/json-records.ts';
import { ReusedPieces } from './read/reused-pieces.ts';
import { separatedReader } from './read/separated.ts';
import type { SourceReader } from './read/source-batch.ts';

export interface ImportFile {
  readonly path: string;
  readonly dialect: ImportDialect;
  /** As the preview named them. */
  readonly columns: readonly string[];
}

/** @param position is moved as the file is read */
export async function openSource(
  { path, dialect, columns }: ImportFile,
  position: ReadPosition,
): Promise<SourceReader> {
  const text = (reused?: ReusedPieces) => textBytes(path, dialect.encoding, position, reused);
  switch (dialect.format) {
    case 'csv':
    case 'text': {
      const reused = new ReusedPieces();
      const release = (upTo: number): void => reused.release(upTo);
      return separatedReader({ dialect, columns: columns.length, text: () => text(reused), release });
    }
    case 'json':
    case 'ndjson':
      return jsonReader({ lines: dialect.format === 'ndjson', columns, text });
    case 'xlsx': {
      const { sheetReader } = await import('./read/sheet-records.ts');
      return sheetReader(path, { ...dialect, columns: columns.length }, position);
    }
    case 'parquet':
      return (await import('./read/parquet-records.ts')).parquetReader(path, columns, position);
  }
}
