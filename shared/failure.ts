/** A failure of the closed set as a throwable: made where the fact is known, carried unchanged to where it is shown. */
import type { Failure } from './api/base.ts';

export class FailureError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.message, options);
    this.name = 'FailureError';
    this.failure = failure;
  }
}

/** Throwable for a bad input: names the field and says what would do. */
export const invalid = (field: string, message: string): FailureError =>
  new FailureError({ kind: 'invalid', field, message });

/** The failure inside any thrown thing; what is not one of ours is `internal` with its message. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof FailureError) return thrown.failure;
  if (thrown instanceof Error && thrown.name === 'AbortError') return { kind: 'cancelled', message: 'Cancelled.' };
  return { kind: 'internal', message: thrown instanceof Error ? thrown.message : String(thrown) };
}
