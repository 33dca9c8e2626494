/** A step of a change: one statement, what it locks, how much it has to do meanwhile, and a way that lets others work. */
import type { LockMode } from '../locks/lock-modes.ts';

export interface Server {
  /** 13 … 18 */
  readonly major: number;
}

/**
 * What a statement has to do while it holds its lock:
 * - catalog: a few rows of the catalog, whatever the size
 * - scan: reads the whole table
 * - index: reads the whole table and builds an index
 * - rewrite: writes the whole table and its indexes anew
 * - query: runs a query of a person's, as long as that takes, and stores its rows
 * - copy: copies the files of a database
 */
export type Work = 'catalog' | 'scan' | 'index' | 'rewrite' | 'query' | 'copy';

export interface Step {
  /** Without the semicolon. */
  readonly sql: string;
  /** The strongest it takes on a relation that others use; null: none of a relation. */
  readonly lock: LockMode | null;
  /** The relation, as SQL. */
  readonly on: string | null;
  readonly work: Work;
  /** What it reads or writes, where that is not the relation which is being changed. */
  readonly bytes?: number;
  /** What a person should know beyond lock and work, a sentence each. */
  readonly notes: readonly string[];
  /** It refuses to run in a transaction. */
  readonly alone: boolean;
  readonly builds?: { readonly schema: string; readonly name: string };
  /** The same end by steps that lock less or shorter, and why one would. */
  readonly safe?: { readonly why: string; readonly steps: readonly Step[] };
}

type Extra = Partial<Omit<Step, 'sql'>>;

/** A statement that only touches the catalog; `extra` says what differs. */
export const step = (sql: string, extra: Extra = {}): Step => ({
  sql,
  lock: null,
  on: null,
  work: 'catalog',
  notes: [],
  alone: false,
  ...extra,
});

/** The steps as they will be run: by the safe way where there is one and it is wanted. */
export const chosenSteps = (steps: readonly Step[], safely: boolean): Step[] =>
  steps.flatMap((each) => (safely && each.safe ? [...each.safe.steps] : [each]));

/** As a script, each statement ended. */
export const scriptOf = (steps: readonly Step[]): string => steps.map(({ sql }) => `${sql};`).join('\n');

/** PostgreSQL's words: ACCESS EXCLUSIVE. */
export const lockWords = (lock: LockMode): string =>
  lock
    .replace(/Lock$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toUpperCase();

/** What others cannot do meanwhile, of a lock on a table. */
export function blocksWords(lock: LockMode): string {
  if (lock === 'AccessExclusiveLock') return 'nobody can read or write it';
  if (lock === 'ExclusiveLock') return 'it can be read, not written';
  if (lock === 'ShareLock' || lock === 'ShareRowExclusiveLock') return 'it can be read, not written';
  if (lock === 'ShareUpdateExclusiveLock') return 'it can be read and written; other DDL and VACUUM wait';
  return 'it can be read and written';
}
