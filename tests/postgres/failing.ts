/** What a promise fails with, as a failure of the closed set; fails the test where it does not fail. */
import type { ConnectionFailure, Failure } from '../../shared/api/base.ts';
import { FailureError } from '../../shared/failure.ts';

export async function failureOfCall(call: Promise<unknown>): Promise<Failure> {
  const outcome = await call.then(
    () => 'it did not fail',
    (thrown: unknown) => thrown,
  );
  if (outcome instanceof FailureError) return outcome.failure;
  throw outcome instanceof Error ? outcome : new Error(String(outcome));
}

/** The reason of a `connection` failure, which must also say what helps. */
export async function reasonOf(call: Promise<unknown>): Promise<ConnectionFailure['reason'] | string> {
  const failure = await failureOfCall(call);
  if (failure.kind !== 'connection') return `${failure.kind}: ${failure.message}`;
  return failure.wayOut ? failure.reason : `${failure.reason}, without a way out`;
}
