/**
 * A server that recovers from a crash of one of its processes zeroes all statistics and keeps its start time. It is
 * known by two shared families or more that were reset at nearly the same instant; one alone is somebody's reset.
 */

export type ResetInstants = Readonly<Record<string, string | null>>;

const togetherMs = 5_000;

export class CrashWatch {
  #before: ResetInstants | null = null;
  #epoch = 0;

  /** A text that is another one after each crash. */
  next(instants: ResetInstants): string {
    const before = this.#before;
    this.#before = instants;
    if (!before) return String(this.#epoch);
    const changed = Object.entries(instants)
      .filter(([family, at]) => at !== null && at !== before[family])
      .map(([, at]) => Date.parse(iso(at as string)))
      .filter(Number.isFinite)
      .sort((a, b) => a - b);
    if (changed.some((at, place) => place > 0 && at - (changed[place - 1] as number) <= togetherMs)) this.#epoch++;
    return String(this.#epoch);
  }
}

/** `2026-11-21 18:46:13.123456+00` */
const iso = (text: string): string => text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00');
