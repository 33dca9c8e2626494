import { FailureError } from '../../../shared/failure.ts';

/** What is thrown out of work that was stopped on purpose. */
export const cancelled = (): FailureError => new FailureError({ kind: 'cancelled', message: 'Cancelled.' });
