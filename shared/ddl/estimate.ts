/** How long a step may take, from the size of what it has to read or write. */
import type { RelationSize } from '../api/structure.ts';
import type { Step } from './step.ts';

/**
 * Bytes a second of an ordinary disk and one core: reading 250 MB/s; building an index 60 MB of table a second (it sorts);
 * writing a table with its indexes 40 MB/s (it is also written to the log). Meant as an order of magnitude.
 */
const bytesASecond = { scan: 250e6, index: 60e6, rewrite: 40e6 } as const;

/** Milliseconds; null where it is a matter of moments whatever the size, or the size is not known. */
export function estimateMs(step: Step, size: RelationSize | null): number | null {
  if (step.work === 'catalog' || size === null) return null;
  const bytes = step.work === 'rewrite' ? size.totalBytes : size.heapBytes;
  return Math.max(1, (bytes / bytesASecond[step.work]) * 1000);
}

/** How much a step reads or writes; null for none to speak of. */
export function touchedBytes(step: Step, size: RelationSize | null): number | null {
  if (step.work === 'catalog' || size === null) return null;
  return step.work === 'rewrite' ? size.totalBytes : size.heapBytes;
}
