/** Orders, marks and their words for the list of statements. Pure. */
import type { Statement, statementOrders } from '../../../../shared/api/monitor.ts';

export type StatementOrder = (typeof statementOrders)[number];

export const orderLabels: Record<StatementOrder, string> = {
  totalMs: 'Total time',
  meanMs: 'Mean time',
  calls: 'Calls',
  rows: 'Rows',
  sharedHit: 'Blocks hit',
  sharedRead: 'Blocks read',
  tempBlocks: 'Temporary files',
  walBytes: 'WAL written',
  ioMs: 'I/O time',
};

/** Slower than before by this factor, and often enough to mean something, is marked. */
const regressedBy = 1.5;
const fewestCalls = 5;

export type Mark = 'new' | 'slower' | 'faster' | null;

/** `meanChange` is how much the mean time grew against the stretch before: 1 is twice as slow, -0.5 twice as fast. */
export function markOf({ isNew, meanChange, calls }: Pick<Statement, 'isNew' | 'meanChange' | 'calls'>): Mark {
  if (isNew) return 'new';
  if (meanChange === null || calls < fewestCalls) return null;
  const factor = 1 + meanChange;
  if (factor >= regressedBy) return 'slower';
  return factor <= 1 / regressedBy ? 'faster' : null;
}

/** "2.3 times slower". */
export const changeWords = (meanChange: number): string => {
  const factor = meanChange >= 0 ? 1 + meanChange : 1 / Math.max(0.001, 1 + meanChange);
  const shown = factor >= 10 ? Math.round(factor) : Number(factor.toFixed(1));
  return `${shown} times ${meanChange >= 0 ? 'slower' : 'faster'} than in the stretch before`;
};

const flagWords: Record<string, string> = {
  first: 'counted from its first reading',
  reset: 'statistics were reset meanwhile: at least this',
  restart: 'the server was restarted meanwhile',
  partial: 'a part of the stretch is not known',
  reentered: 'evicted and entered again: a part is lost',
  lowerBound: 'at least this much',
};
export const flagsWords = (flags: readonly string[]): string => flags.map((flag) => flagWords[flag] ?? flag).join('; ');
