/**
 * The locks of a minute: each distinct row of pg_locks once, with the runs of ticks in which it stood. Who waits a
 * minute for the same lock costs one row, not sixty.
 */
import type { LockSample } from '../samples.ts';
import { DamagedError } from './packed.ts';

export interface LockTick {
  readonly atMs: number;
  readonly weightMs: number;
  readonly locks: readonly LockSample[];
}

interface Stored {
  readonly at: readonly number[];
  readonly weight: readonly number[];
  readonly rows: readonly LockSample[];
  /** Row, first tick, last tick. */
  readonly runs: readonly (readonly [number, number, number])[];
}

export function encodeLocks(ticks: readonly LockTick[]): Uint8Array {
  const rows = new Map<string, number>();
  const open = new Map<number, { from: number; to: number }>();
  const runs: [number, number, number][] = [];
  ticks.forEach(({ locks }, tick) => {
    for (const lock of locks) {
      const text = JSON.stringify(lock);
      let row = rows.get(text);
      if (row === undefined) {
        row = rows.size;
        rows.set(text, row);
      }
      const run = open.get(row);
      if (run && run.to >= tick - 1) run.to = tick;
      else {
        if (run) runs.push([row, run.from, run.to]);
        open.set(row, { from: tick, to: tick });
      }
    }
  });
  for (const [row, { from, to }] of open) runs.push([row, from, to]);
  const numbers = (of: (tick: LockTick) => number) => JSON.stringify(ticks.map((tick) => Math.round(of(tick))));
  const text = `{"at":${numbers((tick) => tick.atMs)},"weight":${numbers((tick) => tick.weightMs)},"rows":[${[...rows.keys()].join(',')}],"runs":${JSON.stringify(runs)}}`;
  return Buffer.from(text, 'utf8');
}

/** @throws DamagedError */
export function decodeLocks(bytes: Uint8Array): LockTick[] {
  try {
    const { at, weight, rows, runs } = JSON.parse(Buffer.from(bytes).toString('utf8')) as Stored;
    const locks: LockSample[][] = at.map(() => []);
    for (const [row, from, to] of runs)
      for (let tick = from; tick <= to; tick++) {
        const lock = rows[row];
        if (lock) locks[tick]?.push(lock);
      }
    return at.map((atMs, tick) => ({ atMs, weightMs: weight[tick] ?? 0, locks: locks[tick] ?? [] }));
  } catch (thrown) {
    throw new DamagedError(thrown);
  }
}
