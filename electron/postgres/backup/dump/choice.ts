/** What of a database goes into a backup. */
import type { Piece } from './contents.ts';

export interface DumpChoice {
  /** Only these schemas, with what they need; all of the database where absent. */
  readonly schemas?: readonly string[] | undefined;
  readonly withoutSchemas?: readonly string[] | undefined;
  /** Their tables' definitions are kept, their rows not: `schema.table`. */
  readonly withoutRowsOf?: readonly string[] | undefined;
  readonly rows: 'all' | 'none';
}

export const everything: DumpChoice = { rows: 'all' };
export const isWhole = (choice: DumpChoice): boolean =>
  !choice.schemas && !choice.withoutSchemas?.length && !choice.withoutRowsOf?.length && choice.rows === 'all';

/** The pieces that were chosen and what they need, in their order. */
export function chosenPieces(pieces: readonly Piece[], choice: DumpChoice): Piece[] {
  const withRows = pieces.filter((piece) => {
    if (piece.section !== 'data') return true;
    if (choice.rows === 'none') return false;
    return !choice.withoutRowsOf?.includes(`${piece.schema}.${piece.name}`);
  });
  if (!choice.schemas && !choice.withoutSchemas?.length) return withRows;
  const wanted = (piece: Piece): boolean => {
    if (piece.schema === null) return !choice.schemas;
    return choice.schemas ? choice.schemas.includes(piece.schema) : !choice.withoutSchemas?.includes(piece.schema);
  };
  const byKey = new Map(withRows.map((piece) => [piece.key, piece]));
  const chosen = new Set<string>();
  const take = (key: string): void => {
    const piece = byKey.get(key);
    if (!piece || chosen.has(key)) return;
    chosen.add(key);
    for (const need of piece.needs) take(need);
  };
  for (const piece of withRows) if (wanted(piece)) take(piece.key);
  return withRows.filter((piece) => chosen.has(piece.key));
}
