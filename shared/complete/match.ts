/** How well a name answers what was typed; pure, allocates nothing where there is no match. */

/**
 * 0 for no match, else higher is better: the name itself 1000, its beginning 800, its words' beginnings (`cuor` or
 * `co` for customer_order, `co` for CustomerOrder) 600, the beginning of a later word 500, inside 300, letters in
 * order 100; a little more for shorter names. `wanted` in lower case; an empty one fits everything alike.
 */
export function matchScore(name: string, wanted: string): number {
  if (wanted === '') return 1;
  const extra = name.length - wanted.length;
  if (extra < 0) return 0;
  const lower = name.toLowerCase();
  const shortness = 50 / (1 + extra);
  if (lower.startsWith(wanted)) return extra === 0 ? 1000 : 800 + shortness;
  if (wanted.length > 1 && byWords(name, lower, wanted, 0, 0, true)) return 600 + shortness;
  for (let at = lower.indexOf(wanted); at > 0; at = lower.indexOf(wanted, at + 1))
    if (isWordStart(name, at)) return 500 + shortness;
  if (lower.includes(wanted)) return (wanted.length > 1 ? 300 : 0) + (wanted.length > 1 ? shortness : 0);
  return wanted.length > 2 && lower.charCodeAt(0) === wanted.charCodeAt(0) && inOrder(lower, wanted)
    ? 100 + shortness
    : 0;
}

const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code > 127;

/** After what is no letter, or a capital after a small one. */
function isWordStart(name: string, at: number): boolean {
  if (at === 0) return true;
  const before = name.charCodeAt(at - 1);
  const code = name.charCodeAt(at);
  if (!isLetter(before)) return isLetter(code) || code >= 48;
  return code >= 65 && code <= 90 && before >= 97;
}

/** Every letter of `wanted` continues the word it is in, or begins a later one; the first begins the name. */
function byWords(name: string, lower: string, wanted: string, from: number, done: number, first: boolean): boolean {
  if (done === wanted.length) return true;
  for (let at = from; at < lower.length; at++) {
    if (first && at > 0) return false;
    if (!isWordStart(name, at) || lower.charCodeAt(at) !== wanted.charCodeAt(done)) continue;
    let length = 1;
    while (done + length < wanted.length && lower.charCodeAt(at + length) === wanted.charCodeAt(done + length))
      length++;
    // The longest piece of the word first; a shorter one where the rest then fits no more.
    for (; length > 0; length--) if (byWords(name, lower, wanted, at + length, done + length, false)) return true;
  }
  return false;
}

function inOrder(lower: string, wanted: string): boolean {
  let matched = 0;
  for (let at = 0; at < lower.length && matched < wanted.length; at++)
    if (lower.charCodeAt(at) === wanted.charCodeAt(matched)) matched++;
  return matched === wanted.length;
}
