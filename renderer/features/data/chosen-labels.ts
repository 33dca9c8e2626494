/** Which column of a referenced table stands for its rows: the likeliest by its name, or the one that was chosen. */
import { create } from 'zustand';
import type { Reference } from '../../../shared/api/data.ts';

/** A relation by its oid. */
export interface Where {
  readonly connectionId: string;
  readonly database: string;
  readonly oid: number;
}

/** '' stands for none. */
const useChosen = create<{ readonly byTable: ReadonlyMap<string, string> }>(() => ({ byTable: new Map() }));

const nameOf = ({ connectionId, database }: Pick<Where, 'connectionId' | 'database'>, { other }: Reference) =>
  JSON.stringify([connectionId, database, other.oid]);

/** Null where the values themselves say enough. */
export function chosenLabel(where: Pick<Where, 'connectionId' | 'database'>, reference: Reference): string | null {
  const chosen = useChosen.getState().byTable.get(nameOf(where, reference));
  if (chosen === '') return null;
  return chosen ?? reference.labelColumns[0] ?? null;
}

/** @param label null for none */
export const chooseLabel = (where: Where, reference: Reference, label: string | null): void =>
  useChosen.setState(({ byTable }) => ({ byTable: new Map(byTable).set(nameOf(where, reference), label ?? '') }));
