/** Any thrown thing as a failure of the closed set, so that a page has one kind of thing to show. */
import { ORPCError } from '@orpc/client';
import { type Failure, failure } from '../../shared/api/base.ts';
import { failureOf } from '../../shared/failure.ts';

export function failureFrom(thrown: unknown): Failure {
  if (thrown instanceof ORPCError) {
    const data = typeof thrown.data === 'object' && thrown.data !== null ? thrown.data : {};
    const parsed = failure.safeParse({ message: thrown.message, ...data, kind: thrown.code });
    if (parsed.success) return parsed.data;
    return { kind: 'internal', message: thrown.message };
  }
  return failureOf(thrown);
}

/** True where the caller itself stopped it: nothing to tell. */
export const wasAborted = (thrown: unknown): boolean =>
  (thrown instanceof Error && thrown.name === 'AbortError') || failureFrom(thrown).kind === 'cancelled';
