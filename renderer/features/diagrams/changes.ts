/** What has changed of a database since a layout was last agreed to. */
import type { DiagramContent, DiagramGraph } from '../../../shared/api/diagrams.ts';
import { digestOf } from '../../../shared/diagram/graph.ts';

export interface Changes {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}
export const noChanges: Changes = { added: [], changed: [], removed: [] };

/** Digests of all tables, by id. @param rest awaited now and then */
export async function digestsOf(graph: DiagramGraph, rest: () => Promise<void>): Promise<Record<string, string>> {
  const keys = Map.groupBy(graph.keys, ({ from }) => from);
  const digests: Record<string, string> = {};
  for (const [at, table] of graph.tables.entries()) {
    digests[table.id] = digestOf(table, keys.get(table.id) ?? []);
    if (at % 20 === 19) await rest();
  }
  return digests;
}

/** None where nothing was known before. */
export function changesSince(known: DiagramContent['known'], now: Readonly<Record<string, string>>): Changes {
  if (Object.keys(known).length === 0) return noChanges;
  const ids = Object.keys(now);
  return {
    added: ids.filter((id) => known[id] === undefined),
    changed: ids.filter((id) => known[id] !== undefined && known[id] !== now[id]),
    removed: Object.keys(known).filter((id) => now[id] === undefined),
  };
}

export const isChanged = ({ added, changed, removed }: Changes): boolean =>
  added.length + changed.length + removed.length > 0;

export const marksOf = ({ added, changed }: Changes): Map<string, 'added' | 'changed'> =>
  new Map([...added.map((id) => [id, 'added'] as const), ...changed.map((id) => [id, 'changed'] as const)]);
