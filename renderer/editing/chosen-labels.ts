/** Which column of a referenced table stands for its rows: the likeliest by its name, or the one that was chosen. */
import type { Reference } from '../../shared/api/data.ts';
import { changeLayout, useLayout } from '../workspace/layout.ts';

/** A relation by its oid. */
export interface Where {
  readonly connectionId: string;
  readonly database: string;
  readonly oid: number;
}

const nameOf = ({ connectionId, database }: Pick<Where, 'connectionId' | 'database'>, { other }: Reference) =>
  JSON.stringify([connectionId, database, other.oid]);

/** Null where the values themselves say enough. */
export function chosenLabel(where: Pick<Where, 'connectionId' | 'database'>, reference: Reference): string | null {
  const chosen = useLayout.getState().rowLabels[nameOf(where, reference)];
  if (chosen === '') return null;
  return chosen ?? reference.labelColumns[0] ?? null;
}

/** @param label null for none */
export const chooseLabel = (where: Where, reference: Reference, label: string | null): void =>
  changeLayout({ rowLabels: { ...useLayout.getState().rowLabels, [nameOf(where, reference)]: label ?? '' } });
