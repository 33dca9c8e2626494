/** Patterns of statements of two stretches beside each other: new, gone, slower, faster. Pure. */
import type { StatementPattern } from '../../../../shared/api/monitor.ts';
import { markOf } from '../statements/statement-words.ts';
import { pairs } from './pairs.ts';

/** What a statement did in one stretch; by the second, since stretches and their coverage need not be equal. */
export interface StatementThen {
  readonly key: string;
  readonly meanMs: number;
  readonly callsPerSecond: number;
  /** Sessions busy with it on average. */
  readonly load: number;
  readonly rowsPerCall: number;
  readonly blocksPerCall: number;
}

export type StatementState = 'new' | 'gone' | 'slower' | 'faster' | 'same';

export interface ComparedStatement {
  readonly key: string;
  readonly text: string | null;
  readonly database: string;
  readonly state: StatementState;
  readonly shown: StatementThen | null;
  readonly compared: StatementThen | null;
  /** Mean time now, in means then; null where it is not in both, or calls are not known. */
  readonly factor: number | null;
}

export interface StatementsOf {
  readonly coveredMs: number;
  readonly statements: readonly StatementPattern[];
}

export function compareStatements(shown: StatementsOf, compared: StatementsOf): ComparedStatement[] {
  return pairs(shown.statements, compared.statements, ({ pattern }) => pattern).map((pair) => {
    const now = pair.shown && then(pair.shown, shown.coveredMs);
    const before = pair.compared && then(pair.compared, compared.coveredMs);
    const factor = now && before && now.meanMs > 0 && before.meanMs > 0 ? now.meanMs / before.meanMs : null;
    const calls = Math.min(pair.shown?.calls ?? 0, pair.compared?.calls ?? 0);
    const about = pair.shown ?? pair.compared;
    return {
      key: pair.key,
      text: about?.text ?? null,
      database: about?.database ?? '',
      state: !before
        ? 'new'
        : !now
          ? 'gone'
          : (markOf({ isNew: false, meanChange: factor === null ? null : factor - 1, calls }) ?? 'same'),
      shown: now,
      compared: before,
      factor,
    };
  });
}

function then(pattern: StatementPattern, coveredMs: number): StatementThen {
  const { key, calls, totalMs, meanMs, rows, sharedHit, sharedRead } = pattern;
  const seconds = Math.max(1, coveredMs) / 1000;
  return {
    key,
    meanMs,
    callsPerSecond: calls / seconds,
    load: totalMs / Math.max(1, coveredMs),
    rowsPerCall: calls > 0 ? rows / calls : 0,
    blocksPerCall: calls > 0 ? (sharedHit + sharedRead) / calls : 0,
  };
}
