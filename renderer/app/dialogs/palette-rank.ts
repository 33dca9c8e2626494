/** How well a typed text fits a label: whole, prefix, word starts, part, letters in order; pure. */

/** Higher is better; null where it does not fit at all. */
export function rank(typed: string, label: string): number | null {
  const wanted = typed.trim().toLowerCase();
  if (wanted === '') return 0;
  const text = label.toLowerCase();
  if (text === wanted) return 1000;
  if (text.startsWith(wanted)) return 900 - text.length;
  const at = text.indexOf(wanted);
  if (at >= 0) return (isWordStart(text, at) ? 700 : 500) - at - text.length * 0.1;
  const words = wanted.split(/\s+/);
  if (words.length > 1 && words.every((word) => text.includes(word))) return 400 - text.length * 0.1;
  return inOrder(wanted.replaceAll(' ', ''), text);
}

/**
 * Of a command: one that begins with what was typed stands before objects whose names begin so, however short they
 * are; only what is called exactly that comes first.
 */
export function rankCommand(typed: string, label: string): number | null {
  const wanted = typed.trim().toLowerCase();
  const score = rank(typed, label);
  return wanted !== '' && score !== 1000 && label.toLowerCase().startsWith(wanted) ? 950 - label.length * 0.1 : score;
}

const isWordStart = (text: string, at: number): boolean => at === 0 || /[^\p{L}\p{N}]/u.test(text[at - 1] ?? ' ');

/** Letters in order, better where they start words and follow each other. */
function inOrder(wanted: string, text: string): number | null {
  let score = 0;
  let from = 0;
  for (const letter of wanted) {
    const at = text.indexOf(letter, from);
    if (at < 0) return null;
    score += isWordStart(text, at) ? 12 : at === from ? 6 : -Math.min(at - from, 8);
    from = at + 1;
  }
  return Math.max(1, 100 + score - text.length * 0.5);
}
