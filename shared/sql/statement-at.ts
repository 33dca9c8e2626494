/** Which statement a person means who presses Run with the caret somewhere. */

type Range = { readonly from: number; readonly to: number };

/**
 * The statement the caret is in or touches; between two, the one before where only blanks or comments of the same
 * line lie between, else the next; after the last one, the last. Null where there is none.
 */
export function statementAt<T extends Range>(text: string, statements: readonly T[], caret: number): T | null {
  const next = firstBeginningAfter(statements, caret);
  const before = statements[next - 1] ?? null;
  const after = statements[next] ?? null;
  if (before === null || after === null || caret <= before.to) return before ?? after;
  return /[\n\r]/.test(text.slice(before.to, caret)) ? after : before;
}

/**
 * The statement at the caret in a text that is refused from `refusedAt` on, `statements` being those before: only one
 * that the caret is in, or stands behind on the same line. Anywhere else the person means what was refused.
 */
export function statementBefore<T extends Range>(
  text: string,
  statements: readonly T[],
  caret: number,
  refusedAt: number,
): T | null {
  const last = statements.at(-1);
  if (!last || caret > refusedAt) return null;
  if (caret > last.to && /[\n\r]/.test(text.slice(last.to, caret))) return null;
  return statementAt(text, statements, caret);
}

/** Index of the first statement that begins after the caret. */
function firstBeginningAfter(statements: readonly Range[], caret: number): number {
  let low = 0;
  let high = statements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((statements[middle]?.from ?? 0) <= caret) low = middle + 1;
    else high = middle;
  }
  return low;
}
