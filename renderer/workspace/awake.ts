/**
 * The connections the person has turned to since the page was opened. None is contacted before: what was open the
 * last time comes back without a word to any server. The round counts up when a missing password was given, so that
 * whoever failed for want of it tries again.
 */
import { create } from 'zustand';

const useRounds = create<{ readonly rounds: ReadonlyMap<string, number> }>(() => ({ rounds: new Map() }));

/** The person turned to this connection. */
export function wake(connectionId: string): void {
  if (useRounds.getState().rounds.has(connectionId)) return;
  useRounds.setState(({ rounds }) => ({ rounds: new Map(rounds).set(connectionId, 1) }));
}

/** What was missing was given: those who wait for the connection try again. */
export function wakeAgain(connectionId: string): void {
  useRounds.setState(({ rounds }) => ({
    rounds: new Map(rounds).set(connectionId, (rounds.get(connectionId) ?? 0) + 1),
  }));
}

/** What it leads to has changed: those who look at it look again; where nobody does, nobody begins. */
export function wakeIfAwake(connectionId: string): void {
  if (useRounds.getState().rounds.has(connectionId)) wakeAgain(connectionId);
}

/** 0 while nobody has turned to it; another number after every `wakeAgain`. */
export const useAwake = (connectionId: string | null): number =>
  useRounds(({ rounds }) => (connectionId === null ? 0 : (rounds.get(connectionId) ?? 0)));
