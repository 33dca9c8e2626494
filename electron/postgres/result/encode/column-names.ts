/** Names that can stand once only (JSON keys, INSERT columns), made from a result's, which may repeat. */

export interface DistinctNames {
  readonly names: readonly string[];
  /** What was changed, for telling the person. */
  readonly renamed: readonly { readonly position: number; readonly from: string; readonly to: string }[];
}

/** The first of equal names keeps it; the next become name_2, name_3 … avoiding every name the result has. */
export function distinctNames(columns: readonly string[]): DistinctNames {
  const given = new Set(columns);
  const used = new Set<string>();
  const renamed: { position: number; from: string; to: string }[] = [];
  const names = columns.map((from, position) => {
    if (!used.has(from)) {
      used.add(from);
      return from;
    }
    let number = 2;
    while (given.has(`${from}_${number}`) || used.has(`${from}_${number}`)) number++;
    const to = `${from}_${number}`;
    used.add(to);
    renamed.push({ position, from, to });
    return to;
  });
  return { names, renamed };
}

/** The renaming as sentences, at most a few of them. */
export function renamingNotes({ renamed }: DistinctNames): string[] {
  const notes = renamed
    .slice(0, 5)
    .map(({ from, to, position }) => `Column ${position + 1}, another "${from}", is called "${to}".`);
  if (renamed.length > 5) notes.push(`${renamed.length - 5} more columns with repeated names were renamed alike.`);
  return notes;
}
