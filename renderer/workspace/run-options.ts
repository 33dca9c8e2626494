/** How a query tab runs its statements: kept with the tab's place, so that it is the same after a restart. */
export interface RunOptions {
  readonly commit: 'auto' | 'manual';
  /** Milliseconds; null: as the server, the role and the connection have it. */
  readonly statementMs: number | null;
  readonly lockMs: number | null;
  /** Null: the limit of the settings. */
  readonly rowLimit: number | null;
}

export const usualOptions: RunOptions = { commit: 'auto', statementMs: null, lockMs: null, rowLimit: null };

/** What was kept, with what is not valid (any more) as usual. */
export function runOptionsOf(kept: unknown): RunOptions {
  if (typeof kept !== 'object' || kept === null) return usualOptions;
  const { commit, statementMs, lockMs, rowLimit } = kept as Record<string, unknown>;
  const whole = (value: unknown, least: number): number | null =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= 2_147_483_647 ? value : null;
  return {
    commit: commit === 'manual' ? 'manual' : 'auto',
    statementMs: whole(statementMs, 0),
    lockMs: whole(lockMs, 0),
    rowLimit: whole(rowLimit, 1),
  };
}

/** Tabs whose text is to be run as soon as they are shown: asked for by the page that opened them. */
const wanted = new Set<string>();

export const runWhenShown = (tabId: string): void => void wanted.add(tabId);
/** True once for a tab that was asked for. */
export const takeRun = (tabId: string): boolean => wanted.delete(tabId);
