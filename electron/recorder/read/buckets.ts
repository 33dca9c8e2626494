/** A stretch of time cut into equal pieces, into which samples and polls are added up by how much of each they overlap. */
import type { Span } from '../file/recording-file.ts';

export class Buckets {
  readonly startMs: number;
  readonly stepMs: number;
  readonly count: number;
  readonly coveredMs: Float64Array;

  /** `grainMs`: pieces begin at whole minutes or hours, where what is added up is of whole minutes or hours. */
  constructor({ fromMs, toMs }: Span, buckets: number, grainMs = 1) {
    const step = Math.max(1, (toMs - fromMs) / buckets);
    this.stepMs = Math.ceil(step / grainMs) * grainMs;
    this.startMs = grainMs === 1 ? fromMs : Math.floor(fromMs / grainMs) * grainMs;
    this.count = Math.max(1, Math.ceil((toMs - this.startMs) / this.stepMs));
    this.coveredMs = new Float64Array(this.count);
  }

  get endMs(): number {
    return this.startMs + this.count * this.stepMs;
  }

  /** Which piece an instant lies in; may be outside. */
  at(ms: number): number {
    return Math.floor((ms - this.startMs) / this.stepMs);
  }

  /** The piece that all of (fromMs, toMs] lies in; -1 where there is none. */
  only(fromMs: number, toMs: number): number {
    const first = this.at(fromMs);
    return first >= 0 && first < this.count && first === this.at(toMs - 1e-6) ? first : -1;
  }

  /** Adds `amount`, spread evenly over (fromMs, toMs], to the pieces it overlaps. */
  spread(into: Float64Array, fromMs: number, toMs: number, amount: number): void {
    if (toMs <= fromMs) {
      const only = this.at(toMs);
      if (only >= 0 && only < this.count) into[only] = (into[only] ?? 0) + amount;
      return;
    }
    const first = Math.max(0, this.at(fromMs));
    const last = Math.min(this.count - 1, this.at(toMs - 1e-6));
    for (let place = first; place <= last; place++) {
      const start = this.startMs + place * this.stepMs;
      const overlap = Math.min(toMs, start + this.stepMs) - Math.max(fromMs, start);
      into[place] = (into[place] ?? 0) + (amount * overlap) / (toMs - fromMs);
    }
  }

  cover(fromMs: number, toMs: number, coveredMs: number): void {
    if (coveredMs > 0) this.spread(this.coveredMs, fromMs, toMs, coveredMs);
  }

  /** A column for the page: null where nothing is known. */
  column(of: (place: number) => number): (number | null)[] {
    return Array.from({ length: this.count }, (_, place) => {
      if ((this.coveredMs[place] ?? 0) <= 0) return null;
      const value = of(place);
      return Number.isFinite(value) ? value : null;
    });
  }

  frame(): { startMs: number; stepMs: number; buckets: number; coveredMs: number[] } {
    const { startMs, stepMs, count: buckets } = this;
    return { startMs, stepMs, buckets, coveredMs: Array.from(this.coveredMs, Math.round) };
  }
}

/** How much lies in the span of what a tick at `atMs` stands for. */
export const clipped = (span: Span, atMs: number, weightMs: number): number =>
  Math.max(0, Math.min(atMs, span.toMs) - Math.max(atMs - weightMs, span.fromMs));
