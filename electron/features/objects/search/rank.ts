/** How well a name answers what was typed. Pure; called for every object of a database at every key, so it allocates nothing. */

const isWordStart = (lower: string, at: number): boolean => {
  const before = lower.charCodeAt(at - 1);
  const isLetter = (before >= 97 && before <= 122) || before > 127;
  const isDigit = before >= 48 && before <= 57;
  return !isLetter && !isDigit;
};

/**
 * 0 for no match, else higher is better: exact 1000, prefix 800, start of a word 600, inside 400, letters in order 200;
 * a little more for shorter names. Both texts in lower case.
 */
export const nameScore = (lower: string, wanted: string): number =>
  rangeScore(lower, 0, lower.length, wanted, lower.indexOf(wanted));

/** The same for the name that lies in `text` from `from` to `to`. `first` is where `wanted` is first in it; -1 for nowhere. */
export function rangeScore(text: string, from: number, to: number, wanted: string, first: number): number {
  const extra = to - from - wanted.length;
  if (extra < 0) return 0;
  const shortness = 99 / (1 + extra);
  if (first === from) return extra === 0 ? 1000 : 800 + shortness;
  if (first > from) return wordPlace(text, to, wanted, first) + shortness;
  return wanted.length > 1 && hasInOrder(text, from, to, wanted) ? 200 + shortness : 0;
}

/** Some occurrence may begin a word although the first does not. */
function wordPlace(text: string, to: number, wanted: string, first: number): number {
  for (let at = first; at > 0 && at + wanted.length <= to; at = text.indexOf(wanted, at + 1))
    if (isWordStart(text, at)) return 600;
  return 400;
}

/** The letters of `wanted` in order, beginning where a word begins: `cuor` in `customer_orders`. */
function hasInOrder(text: string, from: number, to: number, wanted: string): boolean {
  const head = wanted.charCodeAt(0);
  for (let start = from; start <= to - wanted.length; start++) {
    if (text.charCodeAt(start) !== head || (start !== from && !isWordStart(text, start))) continue;
    let matched = 1;
    for (let at = start + 1; at < to && matched < wanted.length; at++)
      if (text.charCodeAt(at) === wanted.charCodeAt(matched)) matched++;
    // Fewer letters are left the further right one begins: what fails here fails everywhere after.
    return matched === wanted.length;
  }
  return false;
}

/** Keeps the best `limit` of what is offered, best first with their scores; earlier offers win among equals. */
export class BestOf {
  readonly items: number[] = [];
  readonly scores: number[] = [];
  private readonly limit: number;
  constructor(limit: number) {
    this.limit = limit;
  }

  offer(item: number, score: number): void {
    const { items, scores, limit } = this;
    if (items.length === limit && score <= (scores[limit - 1] ?? 0)) return;
    let low = 0;
    let high = scores.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((scores[middle] ?? 0) >= score) low = middle + 1;
      else high = middle;
    }
    items.splice(low, 0, item);
    scores.splice(low, 0, score);
    if (items.length > limit) {
      items.pop();
      scores.pop();
    }
  }
}
