/** A connection that needs the person: a password, a host key, an unlocked vault. The shell asks; the page tries again. */
import { create } from 'zustand';
import type { Failure } from '../../shared/api/base.ts';

export interface Trouble {
  readonly connectionId: string;
  readonly failure: Failure;
  readonly retry: () => void;
}
export const useTrouble = create<{ readonly trouble: Trouble | null }>(() => ({ trouble: null }));

const askable: readonly string[] = ['passwordNeeded', 'passwordWrong', 'secretsLocked', 'sshHostUnknown', 'sshAuth'];
/** True where asking the person can help. */
export const canAsk = (failure: Failure): boolean => failure.kind === 'connection' && askable.includes(failure.reason);

/**
 * Several may wait for one connection: they are asked for once, and all try again. That a password was wrong stays in
 * sight when another, who came a moment later, knows only that there is none.
 */
export const askAbout = (trouble: Trouble): void =>
  useTrouble.setState(({ trouble: open }) => {
    if (open?.connectionId !== trouble.connectionId) return { trouble };
    const failure = reasonOf(trouble.failure) === 'passwordNeeded' ? open.failure : trouble.failure;
    const retry = () => {
      open.retry();
      trouble.retry();
    };
    return { trouble: { connectionId: trouble.connectionId, failure, retry } };
  });
const reasonOf = (failure: Failure): string | null => (failure.kind === 'connection' ? failure.reason : null);

export const troubleOver = (): void => useTrouble.setState({ trouble: null });
