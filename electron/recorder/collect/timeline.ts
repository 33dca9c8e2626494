/**
 * The recording's time. It is the server's clock, except that it never goes back: where the server's clock was set
 * back, time runs on from the last instant at the pace of this machine's monotonic clock.
 */

export interface Seen {
  /** clock_timestamp() of the server, epoch ms. */
  readonly serverMs: number;
  /** Monotonic clock of this machine, and its wall clock. */
  readonly monotonicMs: number;
  readonly wallMs: number;
}
export interface Placed {
  readonly atMs: number;
  /** What a sample taken now stands for. */
  readonly weightMs: number;
  /** Time before it that no sample stands for, and what the clocks tell of it. */
  readonly gap: {
    readonly fromMs: number;
    readonly toMs: number;
    readonly kind: 'late' | 'sleep' | 'clockJump';
  } | null;
  /** The server's clock was set back by so much; 0: it was not. */
  readonly setBackMs: number;
}

/** Clocks are compared with this tolerance: answers travel, and clocks are slewed. */
const toleranceMs = 2_000;
/** A sample stands for at most so many planned intervals. */
const mostIntervals = 3;

export class Timeline {
  #last: (Seen & { readonly atMs: number }) | null = null;
  #shiftMs = 0;

  /** A server's instant, in the recording's time. */
  shifted(serverMs: number): number {
    return serverMs + this.#shiftMs;
  }
  get shiftMs(): number {
    return this.#shiftMs;
  }

  /**
   * Before the first sample: the recording ended at `endedMs` and goes on. Where the server's clock is behind that, time
   * runs on from there.
   * @returns by how much the clock was set back since, at least; 0: it is ahead
   */
  goOnAfter(endedMs: number, serverMs: number): number {
    if (serverMs > endedMs) return 0;
    this.#shiftMs = endedMs + 1 - serverMs;
    return endedMs - serverMs;
  }

  /** Places the next sample. */
  place(seen: Seen, plannedMs: number): Placed {
    const last = this.#last;
    const at = (atMs: number) => {
      this.#last = { ...seen, atMs };
      return atMs;
    };
    if (!last) return { atMs: at(this.shifted(seen.serverMs)), weightMs: plannedMs, gap: null, setBackMs: 0 };

    const elapsed = seen.monotonicMs - last.monotonicMs;
    const serverElapsed = seen.serverMs - last.serverMs;
    let setBackMs = 0;
    if (serverElapsed < 0 && serverElapsed < elapsed - toleranceMs) {
      setBackMs = Math.round(elapsed - serverElapsed);
      this.#shiftMs += elapsed - serverElapsed;
    }
    const atMs = at(Math.max(this.shifted(seen.serverMs), last.atMs + 1));
    const passed = atMs - last.atMs;
    const most = mostIntervals * plannedMs;
    if (passed <= most) return { atMs, weightMs: passed, gap: null, setBackMs };
    const kind = whatHappened(passed, elapsed, seen.wallMs - last.wallMs);
    const weightMs = kind === 'late' ? most : Math.min(most, Math.max(elapsed, plannedMs));
    return { atMs, weightMs, gap: { fromMs: last.atMs, toMs: atMs - weightMs, kind }, setBackMs };
  }
}

/** A machine that slept has a wall clock that went on as the server's did, and a monotonic clock that did not. */
function whatHappened(passedMs: number, elapsedMs: number, wallMs: number): 'late' | 'sleep' | 'clockJump' {
  if (Math.abs(passedMs - elapsedMs) <= toleranceMs) return 'late';
  return Math.abs(passedMs - wallMs) <= toleranceMs + passedMs / 100 ? 'sleep' : 'clockJump';
}
