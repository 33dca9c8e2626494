import { describe, expect, it } from 'vitest';
import { CrashWatch } from './crash-watch.ts';

const at = (second: number) => `2026-11-21 10:00:${String(second).padStart(2, '0')}.5+00`;
const before = { bgwriter: at(1), wal: at(1), archiver: at(1), io: null, total: '900' };

describe('a crash that the server recovered from', () => {
  it('is certain where shared families were reset together and the databases’ counters went back', () => {
    const watch = new CrashWatch();
    expect(watch.next(before)).toEqual({ epoch: 0, certain: false });
    expect(watch.next({ ...before, total: '950' })).toEqual({ epoch: 0, certain: false });
    const after = { bgwriter: at(30), wal: at(30), archiver: at(31), io: null, total: '12' };
    expect(watch.next(after)).toEqual({ epoch: 1, certain: true });
    expect(watch.next({ ...after, total: '20' })).toEqual({ epoch: 1, certain: true });
  });
  it('is only suspected where the databases’ counters went on', () => {
    const watch = new CrashWatch();
    watch.next(before);
    expect(watch.next({ ...before, bgwriter: at(30), wal: at(30) })).toEqual({ epoch: 1, certain: false });
  });
  it('is not one family reset by hand, nor two at different times', () => {
    const watch = new CrashWatch();
    watch.next(before);
    expect(watch.next({ ...before, bgwriter: at(30) }).epoch).toBe(0);
    expect(watch.next({ ...before, bgwriter: at(40), wal: at(50) }).epoch).toBe(0);
  });
});
