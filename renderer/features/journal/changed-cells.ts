/** A change as it is shown: which row, and the columns that tell something. */
import type { JournalChange } from '../../../shared/journal/change.ts';

export interface ChangedCell {
  readonly name: string;
  /** Undefined: there is no such side. */
  readonly before: string | null | undefined;
  readonly after: string | null | undefined;
}

export interface ChangedRow {
  readonly kind: 'added' | 'changed' | 'deleted';
  /** "id = 1" */
  readonly key: string;
  readonly cells: readonly ChangedCell[];
}

/** Of a changed row only the columns that differ; of others all but the key. */
export function changedCells({ key, before, after }: JournalChange): ChangedRow {
  const words = Object.entries(key).map(([name, value]) => `${name} = ${value ?? 'NULL'}`);
  const kind = before === null ? 'added' : after === null ? 'deleted' : 'changed';
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  const cells = [...names].map((name) => ({ name, before: before?.[name], after: after?.[name] }));
  const told = cells.filter((cell) => (kind === 'changed' ? cell.before !== cell.after : !(cell.name in key)));
  return { kind, key: words.join(', '), cells: told };
}
