/** A connection that needs the person: a password, a host key, an unlocked vault. The shell asks; the page tries again. */
import { useEffect, useRef } from 'react';
import { create } from 'zustand';
import type { Failure } from '../../shared/api/base.ts';
import { useAwake } from './awake.ts';
import { openDialog } from './dialogs.ts';

export interface Trouble {
  readonly connectionId: string;
  readonly failure: Failure;
  readonly retry: () => void;
}
export const useTrouble = create<{ readonly trouble: Trouble | null }>(() => ({ trouble: null }));

const askable: readonly string[] = ['passwordNeeded', 'passwordWrong', 'secretsLocked', 'sshHostUnknown', 'sshAuth'];
/** True where asking the person can help. */
export const canAsk = (failure: Failure): boolean => failure.kind === 'connection' && askable.includes(failure.reason);

const askWords: Readonly<Record<string, string>> = {
  passwordNeeded: 'Enter the password…',
  passwordWrong: 'Enter the password…',
  secretsLocked: 'Unlock the passwords…',
  sshHostUnknown: 'Look at the SSH server’s key…',
  sshAuth: 'Enter the SSH secret…',
};
export interface WayOut {
  readonly label: string;
  /** It is likely to help. */
  readonly primary: boolean;
  readonly run: () => void;
}
/** What a page that could not reach its connection offers. */
export function waysOut(connectionId: string, failure: Failure, retry: () => void): readonly WayOut[] {
  const again: WayOut = { label: 'Try again', primary: false, run: retry };
  if (failure.kind !== 'connection') return [again];
  const edit = () => openDialog({ kind: 'connection', connectionId });
  const ways: readonly WayOut[] = [again, { label: 'Edit connection', primary: false, run: edit }];
  if (!canAsk(failure)) return ways;
  const ask = () => askAbout({ connectionId, failure, retry });
  return [{ label: askWords[failure.reason] ?? 'Enter what is missing…', primary: true, run: ask }, ...ways];
}

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

/** A page that failed tries again when another has got what was missing. */
export function useRetryWhenAwake(
  connectionId: string,
  { state, reload }: { readonly state: string; readonly reload: () => void },
): void {
  const awake = useAwake(connectionId);
  const failed = useRef(false);
  failed.current = state === 'failed';
  // biome-ignore lint/correctness/useExhaustiveDependencies: at another round only
  useEffect(() => {
    if (awake > 0 && failed.current) reload();
  }, [awake]);
}
