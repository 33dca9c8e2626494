/** The name that was probably meant: one or two letters off, or with the same letters in other case or without `_`. */

/** Optimal string alignment: insertions, deletions, changes, and two neighbours swapped; more than `most` counts as that plus one. */
export function distance(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= other.length; j++) {
      const same = one.charCodeAt(i - 1) === other.charCodeAt(j - 1) ? 0 : 1;
      let cost = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same);
      const swapped =
        i > 1 &&
        j > 1 &&
        one.charCodeAt(i - 1) === other.charCodeAt(j - 2) &&
        one.charCodeAt(i - 2) === other.charCodeAt(j - 1);
      if (swapped) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      next.push(cost);
      least = Math.min(least, cost);
    }
    if (least > most) return most + 1;
    before = row;
    row = next;
  }
  return row[other.length] ?? most + 1;
}

const letters = (name: string): string => name.toLowerCase().replaceAll('_', '');

/** The nearest of the names; null where none is near enough to be meant. */
export function nearest(wanted: string, names: Iterable<string>): string | null {
  const most = wanted.length < 4 ? 1 : wanted.length < 9 ? 2 : 3;
  let best: string | null = null;
  let least = most + 1;
  const bare = letters(wanted);
  for (const name of names) {
    if (name === wanted) continue;
    const plural = name === `${wanted}s` || wanted === `${name}s`;
    const off = letters(name) === bare || plural ? 0.5 : distance(wanted.toLowerCase(), name.toLowerCase(), most);
    if (off < least) {
      best = name;
      least = off;
    }
  }
  return best;
}
