/** Holds every byte of an archive against its manifest: what was read back is what was written. */
import { invalid } from '../../../../shared/failure.ts';
import { ArchiveReader, nameOf } from './archive-reader.ts';
import { dataItems, type Manifest } from './manifest.ts';

export interface Verified {
  readonly manifest: Manifest;
  readonly sizeBytes: number;
  readonly rows: number;
  readonly rawBytes: number;
}

/**
 * Reads the whole file. Throws invalid with what is wrong at the first thing that is.
 * @param onBytes told how many bytes of rows were read so far
 */
export async function verifyArchive(
  path: string,
  { onBytes, signal }: { onBytes?: (bytes: number) => void; signal?: AbortSignal } = {},
): Promise<Verified> {
  const archive = await ArchiveReader.open(path);
  try {
    checkNeeds(archive.manifest);
    let rows = 0;
    let rawBytes = 0;
    for (const item of dataItems(archive.manifest)) {
      for await (const piece of archive.rows(item)) {
        signal?.throwIfAborted();
        rawBytes += piece.length;
        onBytes?.(rawBytes);
      }
      rows += item.data.rows;
    }
    return { manifest: archive.manifest, sizeBytes: archive.sizeBytes, rows, rawBytes };
  } finally {
    await archive.close();
  }
}

function checkNeeds({ items }: Manifest): void {
  const seen = new Set<number>();
  for (const item of items) {
    if (seen.has(item.id) || item.needs.some((id) => !seen.has(id)))
      throw invalid('file', `The archive is damaged: ${nameOf(item)} stands before what it needs.`);
    seen.add(item.id);
  }
}
