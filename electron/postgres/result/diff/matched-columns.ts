/** Which columns of two results are the same ones, by their names; of equal names the first is the first. */
import type { Column } from '../../../../shared/api/sessions.ts';

/** One column of the comparison; -1 where the side has not got it. */
export interface MatchedColumn {
  readonly left: number;
  readonly right: number;
}

/** Those of the left in their order, then those that only the right has. */
export function matchedColumns(left: readonly Column[], right: readonly Column[]): MatchedColumn[] {
  const free = new Map<string, number[]>();
  for (const [at, { name }] of right.entries()) free.set(name, [...(free.get(name) ?? []), at]);
  const matched = left.map(({ name }, at) => ({ left: at, right: free.get(name)?.shift() ?? -1 }));
  const rest = [...free.values()].flat().sort((a, b) => a - b);
  return [...matched, ...rest.map((at) => ({ left: -1, right: at }))];
}
