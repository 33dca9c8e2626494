/** A server may miss a cancel: it came before the statement did, or the statement caught it. */
const cancelAgainMs = [500, 1_000, 2_000, 5_000];

/** Milliseconds to wait before each further attempt, without end. */
export function* cancelAgain(): Generator<number> {
  for (const ms of cancelAgainMs) yield ms;
  for (;;) yield cancelAgainMs[cancelAgainMs.length - 1] ?? 0;
}

/** Resolves after that time, or with `sooner`. */
export async function elapsed(ms: number, sooner: Promise<void>): Promise<void> {
  const timer = Promise.withResolvers<void>();
  const handle = setTimeout(timer.resolve, ms);
  await Promise.race([timer.promise, sooner]);
  clearTimeout(handle);
}
