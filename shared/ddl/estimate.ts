/** How long a step may take: from the size of what it reads or writes, and how fast such steps were before. */
import type { Pace, PaceKind, RelationSize } from '../api/structure.ts';
import type { Step, Work } from './step.ts';

/**
 * Bytes a second of an ordinary disk and one core, as long as nothing was measured: reading 250 MB/s; building an index
 * 60 MB of table a second (it sorts), half of that while others write (it reads twice); writing a table with its indexes
 * 40 MB/s (it is also written to the log). Meant as an order of magnitude.
 */
const mega = 1024 * 1024;
const usual: Readonly<Record<PaceKind, number>> = {
  scan: 250 * mega,
  index: 60 * mega,
  indexAside: 30 * mega,
  rewrite: 40 * mega,
};

/** What a step's duration is measured by; null where it is a matter of moments whatever the size. */
export const paceKind = ({ work, alone }: Pick<Step, 'work' | 'alone'>): PaceKind | null =>
  isMeasured(work) ? (work === 'index' && alone ? 'indexAside' : work) : null;
/** It follows the bytes of a table; what a query of one's own takes nobody knows beforehand. */
const isMeasured = (work: Work): work is 'scan' | 'index' | 'rewrite' =>
  work === 'scan' || work === 'index' || work === 'rewrite';

/** How much a step reads or writes; null for none to speak of, or where the size is not known. */
export function touchedBytes({ work, bytes }: Pick<Step, 'work' | 'bytes'>, size: RelationSize | null): number | null {
  if (!isMeasured(work)) return null;
  if (bytes !== undefined) return bytes;
  if (size === null) return null;
  return work === 'rewrite' ? size.totalBytes : size.heapBytes;
}

export interface Estimate {
  readonly bytes: number;
  readonly ms: number;
  readonly bytesASecond: number;
  /** What it rests on; null: on what is usual. */
  readonly measured: Pace | null;
}

export function estimate(step: Step, size: RelationSize | null, paces: readonly Pace[]): Estimate | null {
  const kind = paceKind(step);
  const bytes = touchedBytes(step, size);
  if (kind === null || bytes === null) return null;
  const measured = paces.find((each) => each.kind === kind) ?? null;
  const bytesASecond = measured?.bytesASecond ?? usual[kind];
  return { bytes, ms: Math.max(1, (bytes / bytesASecond) * 1000), bytesASecond, measured };
}
