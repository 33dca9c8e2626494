/** What a dump's bytes add up to, so that a later reading knows whether they are the same. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface DumpDigest {
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Of a file, or of a folder's files with their names. */
export async function dumpDigest(
  path: string,
  onBytes: (bytes: number) => void = () => {},
  signal?: AbortSignal,
): Promise<DumpDigest> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const add = async (file: string) => {
    for await (const piece of createReadStream(file, { highWaterMark: 1 << 20, ...(signal ? { signal } : {}) })) {
      hash.update(piece as Buffer);
      sizeBytes += (piece as Buffer).length;
      onBytes(sizeBytes);
    }
  };
  if ((await stat(path)).isDirectory())
    for (const name of (await readdir(path)).sort()) {
      hash.update(`${name}\0`);
      await add(join(path, name));
    }
  else await add(path);
  return { sha256: hash.digest('hex'), sizeBytes };
}
