/** Results that outlive the runs of their tab: pinned ones, and comparisons of two. */
import type { TextRange } from '../../../../shared/api/sessions.ts';
import type { ParameterValue } from '../../../../shared/sql/parameters.ts';
import type { ResultInRun, RunState } from './run-state.ts';

interface Kept {
  readonly result: ResultInRun;
  /** On its section: a few words of the statement, or which two were compared. */
  readonly title: string;
}

export interface PinnedResult extends Kept {
  readonly kind: 'pinned';
  readonly sql: string;
  readonly values: Readonly<Record<string, ParameterValue>>;
  readonly atMs: number;
}

export interface Comparison extends Kept {
  readonly kind: 'comparison';
  readonly leftId: string;
  readonly rightId: string;
  readonly counts: {
    readonly added: number;
    readonly removed: number;
    readonly changed: number;
    readonly same: number;
  };
  /** Names of the columns that rows were matched by; null: by position. */
  readonly keys: readonly string[] | null;
  /** As it was asked for, to ask again. */
  readonly asked: number[] | 'detect' | null;
  readonly withSame: boolean;
  readonly notes: readonly string[];
}

export type KeptResult = PinnedResult | Comparison;

export function pinned(run: RunState, result: ResultInRun): PinnedResult {
  const sql = textIn(run.source.text, result.range);
  const { values } = run.source;
  return { kind: 'pinned', result, sql, values, atMs: run.startedAtMs, title: snippet(sql) };
}

/** A statement that has given a result, with what was bound to its parameters. */
export interface Ran {
  readonly sql: string;
  readonly values: Readonly<Record<string, ParameterValue>>;
}

/** The statement that a result came of, as it was run; null for what is no result of the run or a kept one. */
export function statementOf(run: RunState | null, kept: readonly KeptResult[], resultId: string): Ran | null {
  const mine = run?.results.find((result) => result.resultId === resultId);
  if (run && mine) return { sql: textIn(run.source.text, mine.range), values: run.source.values };
  const pinned = kept.find((each) => each.kind === 'pinned' && each.result.resultId === resultId);
  return pinned?.kind === 'pinned' ? { sql: pinned.sql, values: pinned.values } : null;
}

const textIn = (text: string, range: TextRange | null): string =>
  (range ? text.slice(range.from, range.to) : text).trim();

const snippetLength = 28;
/** The statement's beginning in one line, without comments before it. */
export function snippet(sql: string, mostCharacters = snippetLength): string {
  const bare = sql.replace(/^(?:\s+|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, '').replace(/\s+/g, ' ');
  return bare.length > mostCharacters ? `${bare.slice(0, mostCharacters - 1)}…` : bare;
}

/** Results of the last run that are not pinned: those are shown once. */
export const runResults = (run: RunState | null, kept: readonly KeptResult[]): readonly ResultInRun[] =>
  (run?.results ?? []).filter(({ resultId }) => !kept.some(({ result }) => result.resultId === resultId));

/** A kept result as the run that gave it knows it now. */
export const lastOf = (run: RunState | null, result: ResultInRun): ResultInRun =>
  run?.results.find(({ resultId }) => resultId === result.resultId) ?? result;
