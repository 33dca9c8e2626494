/** Many short texts in one string: what a garbage collector would have to carry otherwise. Pure. */
import { rangeScore } from './rank.ts';

const separator = '\u0001';

export class Texts {
  readonly count: number;
  private readonly text: string;
  private readonly lower: string;
  /** Where each text begins; one more at the end. Lower case can be longer than the original. */
  private readonly starts: Uint32Array;
  private readonly lowerStarts: Uint32Array;

  /** @param joined texts with U+0001 between them; at least one */
  constructor(joined: string, count: number) {
    this.count = count;
    this.text = joined;
    this.lower = joined.toLowerCase();
    this.starts = startsIn(this.text, count);
    this.lowerStarts = this.lower.length === joined.length ? this.starts : startsIn(this.lower, count);
  }

  at(place: number): string {
    return this.text.slice(this.starts[place], (this.starts[place + 1] ?? 1) - 1);
  }

  lowerAt(place: number): string {
    return this.lower.slice(this.lowerStarts[place], (this.lowerStarts[place + 1] ?? 1) - 1);
  }

  /** Calls `found` for every text that contains `wanted` (in lower case) or has its letters in order, with its score. */
  eachMatch(wanted: string, found: (place: number, score: number) => void): void {
    let next = this.lower.indexOf(wanted);
    for (let place = 0; place < this.count; place++) {
      const from = this.lowerStarts[place] ?? 0;
      const to = (this.lowerStarts[place + 1] ?? 1) - 1;
      if (next >= 0 && next < from) next = this.lower.indexOf(wanted, from);
      const score = rangeScore(this.lower, from, to, wanted, next >= 0 && next < to ? next : -1);
      if (score > 0) found(place, score);
    }
  }

  /** Calls `found` for every text that contains `wanted` (in lower case). */
  eachContaining(wanted: string, found: (place: number) => void): void {
    let place = 0;
    for (let at = this.lower.indexOf(wanted); at >= 0; at = this.lower.indexOf(wanted, this.lowerStarts[place] ?? at)) {
      while ((this.lowerStarts[place + 1] ?? Number.POSITIVE_INFINITY) <= at) place++;
      found(place);
      place++;
      if (place >= this.count) return;
    }
  }
}

function startsIn(text: string, count: number): Uint32Array {
  const starts = new Uint32Array(count + 1);
  let at = 0;
  for (let place = 1; place < count; place++) {
    at = text.indexOf(separator, at) + 1;
    starts[place] = at;
  }
  starts[count] = text.length + 1;
  return starts;
}

/** Numbers from a list with commas, without a string each. */
export function numbersIn(list: string): Uint32Array {
  let count = 1;
  for (let at = list.indexOf(','); at >= 0; at = list.indexOf(',', at + 1)) count++;
  const numbers = new Uint32Array(count);
  let place = 0;
  let value = 0;
  for (let at = 0; at < list.length; at++) {
    const code = list.charCodeAt(at);
    if (code === 44) {
      numbers[place++] = value;
      value = 0;
    } else value = value * 10 + (code - 48);
  }
  numbers[place] = value;
  return numbers;
}
