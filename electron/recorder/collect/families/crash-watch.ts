/**
 * A server that recovers from a crash of one of its processes zeroes all statistics and keeps its start time. It is
 * suspected where two shared families or more were reset at nearly the same instant (one alone is somebody's reset),
 * and certain where the databases' counters, taken together, went back as well.
 */
import type { Crash } from '../../../../shared/metrics/rate.ts';

export interface ResetInstants {
  readonly [family: string]: string | null;
}

const togetherMs = 5_000;

export class CrashWatch {
  #before: ResetInstants | null = null;
  #epoch = 0;
  #certain = false;

  /** @param instants stats_reset by shared family, and `total`: a sum of the databases' counters */
  next(instants: ResetInstants): Crash {
    const before = this.#before;
    this.#before = instants;
    if (before && resetTogether(before, instants)) {
      this.#epoch++;
      this.#certain = Number(instants.total ?? 0) < Number(before.total ?? 0);
    }
    return { epoch: this.#epoch, certain: this.#certain };
  }
}

function resetTogether({ total: _old, ...before }: ResetInstants, { total: _new, ...now }: ResetInstants): boolean {
  const changed = Object.entries(now)
    .filter(([family, at]) => at !== null && at !== before[family])
    .map(([, at]) => Date.parse(iso(at as string)))
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  return changed.some((at, place) => place > 0 && at - (changed[place - 1] as number) <= togetherMs);
}

/** `2026-11-21 18:46:13.123456+00` */
const iso = (text: string): string => text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00');
