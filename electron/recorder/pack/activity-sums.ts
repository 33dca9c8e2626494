/** Adds up the samples of a minute by each dimension while they come; the sums become polls of the `activity.*` families. */
import {
  classedDimensions,
  classedSumsOf,
  classOf,
  eventOf,
  groups,
  idleTx,
  isForeground,
  rolledDimensions,
  sumsOf,
} from '../activity-class.ts';
import type { FamilySample } from '../samples.ts';

/** What the sums need of a sample, as words. */
export interface ActivityWords {
  readonly backendType: string | null;
  readonly state: string | null;
  readonly waitType: string | null;
  readonly waitEvent: string | null;
  readonly query: string | null;
  readonly database: string | null;
  readonly user: string | null;
  readonly application: string | null;
  readonly client: string | null;
}

interface Sum {
  sessionMs: number;
  peak: number;
  /** Of the tick being counted. */
  now: number;
  tick: number;
}

const classed = new Set(classedDimensions.map(classedSumsOf));
const families = [...['total', ...rolledDimensions].map(sumsOf), ...classed];

/** Between a class and a value; in no class, whatever a value may hold. */
const between = '\u0001';

/** The group is one letter. */
function keyOf(family: string, text: string): string[] {
  const at = classed.has(family) ? text.indexOf(between) : text.length;
  return [text.slice(0, 1), text.slice(1, at), ...(at < text.length ? [text.slice(at + 1)] : [])];
}

export class ActivitySums {
  readonly #sums = new Map<string, Map<string, Sum>>();
  #ticks = 0;
  #coveredMs = 0;
  #atMs = 0;

  add(atMs: number, weightMs: number, samples: Iterable<ActivityWords>): void {
    this.#ticks++;
    this.#coveredMs += weightMs;
    this.#atMs = Math.max(this.#atMs, atMs);
    for (const sample of samples) {
      const className = classOf(sample.backendType, sample.state, sample.waitType);
      if (className === null) continue;
      const group = isForeground(sample.backendType) ? groups.foreground : groups.background;
      const count = (dimension: string, value: string): void => this.#count(sumsOf(dimension), group + value, weightMs);
      count('class', className);
      count('event', eventOf(className, sample.waitEvent));
      for (const dimension of classedDimensions)
        this.#count(classedSumsOf(dimension), `${group}${className}${between}${sample[dimension] ?? ''}`, weightMs);
      // A transaction kept open is no load: it is counted as a class of its own and nowhere else.
      if (className === idleTx) continue;
      count('total', '');
      count('query', sample.query ?? '');
      count('database', sample.database ?? '');
      count('user', sample.user ?? '');
      count('application', sample.application ?? '');
      count('client', sample.client ?? '');
      count('backendType', sample.backendType ?? '');
    }
  }

  #count(family: string, key: string, weightMs: number): void {
    let sums = this.#sums.get(family);
    if (!sums) {
      sums = new Map();
      this.#sums.set(family, sums);
    }
    let sum = sums.get(key);
    if (!sum) {
      sum = { sessionMs: 0, peak: 0, now: 0, tick: 0 };
      sums.set(key, sum);
    }
    sum.sessionMs += weightMs;
    sum.now = sum.tick === this.#ticks ? sum.now + 1 : 1;
    sum.tick = this.#ticks;
    if (sum.now > sum.peak) sum.peak = sum.now;
  }

  /** The minute's polls; begins anew. */
  take(): FamilySample[] {
    if (this.#ticks === 0) return [];
    const samples = families.map(
      (family): FamilySample => ({
        family,
        atMs: this.#atMs,
        coveredMs: this.#coveredMs,
        flags: [],
        complete: false,
        rows: [...(this.#sums.get(family) ?? [])].map(([key, { sessionMs, peak }]) => ({
          key: keyOf(family, key),
          values: [sessionMs, peak],
        })),
      }),
    );
    this.#sums.clear();
    this.#ticks = 0;
    this.#coveredMs = 0;
    this.#atMs = 0;
    return samples;
  }
}
