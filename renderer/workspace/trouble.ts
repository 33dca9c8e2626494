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

export const askAbout = (trouble: Trouble): void => useTrouble.setState({ trouble });
export const troubleOver = (): void => useTrouble.setState({ trouble: null });
