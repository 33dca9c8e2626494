/** One clock over a whole attempt to connect, joined with the caller's wish to stop. */
import { FailureError } from '../../../shared/failure.ts';

export interface Deadline {
  readonly signal: AbortSignal;
  /** Stops the clock: the attempt has ended, well or not. */
  clear(): void;
}

const cancelled = () => new FailureError({ kind: 'cancelled', message: 'Cancelled.' });

/**
 * @param timeoutMs 0: no limit
 * @param onTime the failure to give when the time is up
 */
export function startDeadline(timeoutMs: number, onTime: () => FailureError, caller?: AbortSignal): Deadline {
  const controller = new AbortController();
  const stop = () => controller.abort(cancelled());
  if (caller?.aborted) stop();
  caller?.addEventListener('abort', stop, { once: true });
  const timer = timeoutMs > 0 ? setTimeout(() => controller.abort(onTime()), timeoutMs) : undefined;
  return {
    signal: controller.signal,
    clear: () => {
      clearTimeout(timer);
      caller?.removeEventListener('abort', stop);
    },
  };
}

/**
 * Waits for an event-driven thing, but no longer than the signal allows; `start` gets the two ends and answers with
 * what has to be undone in any case (listeners).
 */
export function waitFor<T>(
  signal: AbortSignal,
  start: (resolve: (value: T) => void, reject: (reason: unknown) => void) => () => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    let undo: () => void = () => {};
    const finish = () => {
      signal.removeEventListener('abort', onAbort);
      undo();
    };
    const onAbort = () => {
      finish();
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    undo = start(
      (value) => {
        finish();
        resolve(value);
      },
      (reason) => {
        finish();
        reject(reason);
      },
    );
  });
}
