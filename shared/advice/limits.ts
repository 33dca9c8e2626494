/** When what runs out will have run out, at the pace that was seen. */

/** Transaction ids at which the server takes no more writes: 2^31 less a reserve (varsup.c: 3 million; before 14 one). */
export const lastXidAge = 2_147_483_648 - 3_000_000;

export interface Pace {
  /** What was added, in how long. */
  readonly added: number;
  readonly coveredMs: number;
}

/**
 * The instant at which `now` will have grown by `left` more; null where it does not grow, was watched for too short, or
 * lies further away than `farthestMs`.
 */
export function reachedAt(nowMs: number, left: number, { added, coveredMs }: Pace): number | null {
  if (left <= 0) return nowMs;
  if (added <= 0 || coveredMs < shortestMs) return null;
  const inMs = (left / added) * coveredMs;
  return inMs > farthestMs ? null : nowMs + inMs;
}

const shortestMs = 60_000;
/** A thousand years: nobody plans for it. */
const farthestMs = 1000 * 365.25 * 86_400_000;
