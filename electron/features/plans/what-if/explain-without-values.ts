/** A statement's plan, for values that are not known where it has parameters. */
import type { Explainable } from '../statement.ts';

const prepared = 'howdah_what_if';

export function explainScript({ sql, parameters }: Explainable): {
  readonly statements: string[];
  readonly undo: string[];
} {
  if (parameters === 0) return { statements: [`explain (verbose) ${sql}`], undo: [] };
  const values = Array.from({ length: parameters }, () => 'null').join(', ');
  return {
    statements: [
      'set plan_cache_mode = force_generic_plan',
      `prepare ${prepared} as ${sql}`,
      `explain (verbose) execute ${prepared}(${values})`,
    ],
    undo: [`deallocate ${prepared}`],
  };
}
