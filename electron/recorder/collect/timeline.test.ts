import { describe, expect, it } from 'vitest';
import { Timeline } from './timeline.ts';

const seen = (serverMs: number, monotonicMs = serverMs, wallMs = serverMs) => ({ serverMs, monotonicMs, wallMs });

describe('the recording’s time', () => {
  it('is the server’s, each sample standing for the time since the one before', () => {
    const time = new Timeline();
    expect(time.place(seen(1_000_000, 5), 1_000)).toMatchObject({ atMs: 1_000_000, weightMs: 1_000, gap: null });
    expect(time.place(seen(1_001_200, 1_205), 1_000)).toMatchObject({ atMs: 1_001_200, weightMs: 1_200, gap: null });
  });
  it('has a gap where samples are late, and no sample stands for more than three intervals', () => {
    const time = new Timeline();
    time.place(seen(1_000), 1_000);
    expect(time.place(seen(11_000), 1_000)).toEqual({
      atMs: 11_000,
      weightMs: 3_000,
      gap: { fromMs: 1_000, toMs: 8_000, kind: 'late' },
      setBackMs: 0,
    });
  });
  it('knows sleep by a monotonic clock that stood still, and a jump of the server’s clock by both of ours', () => {
    const time = new Timeline();
    time.place(seen(1_000, 1_000, 1_000), 1_000);
    expect(time.place(seen(3_601_000, 2_000, 3_601_000), 1_000).gap?.kind).toBe('sleep');
    const jump = time.place(seen(7_201_000, 3_000, 3_602_000), 1_000);
    expect(jump).toMatchObject({ weightMs: 1_000, gap: { fromMs: 3_601_000, toMs: 7_200_000, kind: 'clockJump' } });
  });
  it('never goes back when the server’s clock is set back', () => {
    const time = new Timeline();
    time.place(seen(1_000_000, 1_000), 1_000);
    const after = time.place(seen(400_000, 2_000), 1_000);
    expect(after).toEqual({ atMs: 1_001_000, weightMs: 1_000, gap: null, setBackMs: 601_000 });
    expect(time.place(seen(401_000, 3_000), 1_000)).toMatchObject({ atMs: 1_002_000, weightMs: 1_000, setBackMs: 0 });
    expect(time.shifted(400_000)).toBe(1_001_000);
  });
  it('goes on from where the recording ended when the clock was set back since', () => {
    const time = new Timeline();
    expect(time.goOnAfter(1_000_000, 400_000)).toBe(600_000);
    expect(time.place(seen(401_000, 1_000), 1_000)).toMatchObject({ atMs: 1_001_001, weightMs: 1_000, setBackMs: 0 });
    expect(new Timeline().goOnAfter(1_000_000, 1_000_500)).toBe(0);
  });
  it('bears a clock that is slewed', () => {
    const time = new Timeline();
    time.place(seen(1_000, 1_000), 100);
    expect(time.place(seen(1_000, 1_100), 100)).toMatchObject({ atMs: 1_001, setBackMs: 0 });
  });
});
