/** The statements that are sent for an EXPLAIN: what it did is rolled back, and nothing of ours stays in the session. */
import type { ExplainOptions } from '../../../shared/api/plans.ts';
import type { TransactionState } from '../../../shared/api/sessions.ts';
import { FailureError, invalid } from '../../../shared/failure.ts';
import type { Explainable } from './statement.ts';

export interface Script {
  readonly statements: readonly string[];
  /** Which of them gives the plan. */
  readonly at: number;
  /** Sent where a cancel left them out. */
  readonly undo: readonly string[];
}

/** Throws unsupported for an option that the server is too old for, invalid for options that exclude each other. */
export function checkOptions(options: ExplainOptions, versionNum: number): void {
  const major = Math.floor(versionNum / 10_000);
  const newer = options.memory ? 'MEMORY' : options.serialize !== 'none' ? 'SERIALIZE' : null;
  if (newer && major < 17) {
    throw new FailureError({
      kind: 'unsupported',
      needs: 'PostgreSQL 17',
      message: `EXPLAIN (${newer}) came with PostgreSQL 17; this server is version ${major}.`,
    });
  }
  if (options.genericPlan && options.analyze) {
    throw invalid('options', 'A generic plan has no values to run with: switch ANALYZE or the generic plan off.');
  }
}

/** "analyze, buffers, format text" */
export function optionWords(options: ExplainOptions): string {
  const { analyze } = options;
  const words = [
    analyze && 'analyze',
    options.verbose && 'verbose',
    `buffers ${options.buffers ? 'on' : 'off'}`,
    options.settings && 'settings',
    analyze && options.wal && 'wal',
    analyze && !options.timing && 'timing off',
    options.summary && 'summary',
    options.memory && 'memory',
    analyze && options.serialize !== 'none' && `serialize ${options.serialize}`,
    'format text',
  ];
  return words.filter(Boolean).join(', ');
}

const savepoint = 'howdah_explain';

export function scriptOf(
  statement: Explainable,
  options: ExplainOptions,
  transaction: TransactionState,
  readOnly: boolean,
): Script {
  if (transaction === 'failed') {
    throw invalid('sessionId', 'The tab’s transaction has failed: roll it back first.');
  }
  const generic = options.genericPlan || (statement.parameters > 0 && !options.analyze);
  const runs = options.analyze || statement.explainAnalyzes || generic;
  const words = `explain (${optionWords(options)})`;
  const explain = statement.isExplain ? statement.sql : `${words} ${statement.sql}`;
  if (!runs) return { statements: [explain], at: 0, undo: [] };
  const begin = transaction === 'open' ? [`savepoint ${savepoint}`] : [readOnly ? 'begin read only' : 'begin'];
  const undo =
    transaction === 'open' ? [`rollback to savepoint ${savepoint}`, `release savepoint ${savepoint}`] : ['rollback'];
  if (!generic || statement.isExplain) return { statements: [...begin, explain, ...undo], at: begin.length, undo };
  // Works on every version and with the session's own search_path; the values are never looked at.
  const values = Array.from({ length: statement.parameters }, () => 'null').join(', ');
  const prepared = [
    ...begin,
    'set local plan_cache_mode = force_generic_plan',
    `prepare ${savepoint} as ${statement.sql}`,
    `${words} execute ${savepoint}${values ? `(${values})` : ''}`,
  ];
  const after = [...undo, `deallocate ${savepoint}`];
  return { statements: [...prepared, ...after], at: prepared.length - 1, undo: after };
}

/** What ANALYZE of a statement that writes means. */
export const writeWarnings: readonly string[] = [
  'The statement really runs; what it did to rows and tables is rolled back at the end.',
  'Numbers taken from sequences (serial, identity, nextval) stay taken.',
  'Rows are locked and triggers run until then: others may have to wait.',
  'What functions or triggers do outside of this database is not rolled back: dblink, files, programs, messages to other systems.',
  'NOTIFY is not delivered. Dead rows and WAL stay behind, as after any rolled-back statement.',
];
