/** Milliseconds that something waits for others to come. */
const betweenMs = 30;

/**
 * Hands on what comes, in order: what can wait together with what came in the same while, so that a thousand notices
 * do not draw the page a thousand times; the rest at once. Ends, or fails, as `source` does, when all was handed on.
 */
export async function inFlocks<T>(
  source: AsyncIterable<T>,
  canWait: (each: T) => boolean,
  take: (flock: readonly T[]) => void,
): Promise<void> {
  let waiting: T[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    const flock = waiting;
    waiting = [];
    take(flock);
  };
  try {
    for await (const each of source) {
      waiting.push(each);
      if (!canWait(each)) flush();
      else timer ??= setTimeout(flush, betweenMs);
    }
  } finally {
    flush();
  }
}
