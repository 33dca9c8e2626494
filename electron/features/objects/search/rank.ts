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
export function nameScore(lower: string, wanted: string): number {
  const extra = lower.length - wanted.length;
  if (extra < 0) return 0;
  const shortness = 99 / (1 + extra);
  const at = lower.indexOf(wanted);
  if (at === 0) return extra === 0 ? 1000 : 800 + shortness;
  if (at > 0) return wordPlace(lower, wanted, at) + shortness;
  return wanted.length > 1 && hasInOrder(lower, wanted) ? 200 + shortness : 0;
}

/** Some occurrence may begin a word although the first does not. */
function wordPlace(lower: string, wanted: string, first: number): number {
  for (let at = first; at > 0; at = lower.indexOf(wanted, at + 1)) if (isWordStart(lower, at)) return 600;
  return 400;
}

/** The letters of `wanted` in order, beginning where a word begins: `cuor` in `customer_orders`. */
function hasInOrder(lower: string, wanted: string): boolean {
  const head = wanted.charAt(0);
  for (let start = lower.indexOf(head); start >= 0; start = lower.indexOf(head, start + 1)) {
    if (start !== 0 && !isWordStart(lower, start)) continue;
    let at = start;
    let matched = 1;
    while (matched < wanted.length && at >= 0) {
      at = lower.indexOf(wanted.charAt(matched), at + 1);
      if (at >= 0) matched++;
    }
    // Fewer letters are left the further right one begins: what fails here fails everywhere after.
    return matched === wanted.length;
  }
  return false;
}

/** Keeps the best `limit` of what is offered, best first; earlier offers win among equals. */
export class BestOf {
  readonly items: number[] = [];
  private readonly scores: number[] = [];
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
