/** Before this nothing sensible can be said. */
const firstWordMs = 1000;

/** Rows a second so far, and how long the rest will take at that pace; null while that is not known. */
export function rateAndRest(
  rows: number,
  total: number | null,
  passedMs: number,
): { rate: number | null; restMs: number | null } {
  if (passedMs < firstWordMs || rows === 0) return { rate: null, restMs: null };
  const perMs = rows / passedMs;
  const restMs = total !== null && total > rows ? (total - rows) / perMs : null;
  return { rate: Math.round(perMs * 1000), restMs };
}
