import { describe, expect, it, vi } from 'vitest';
import { type LoadRows, WindowCache } from './window-cache.ts';

const columns = [
  { name: 'id', typeName: 'integer', category: 'N' },
  { name: 'text', typeName: 'text', category: 'S' },
];
const rowsFrom = (from: number, count: number, size = 4) =>
  Array.from({ length: count }, (_, at) => [String(from + at), 'x'.repeat(size)]);

/** A backend whose answers are let out by hand. */
function backend() {
  const calls: { from: number; count: number; signal: AbortSignal; answer: () => void; fail: (why: string) => void }[] =
    [];
  const load: LoadRows = (from, count, signal) =>
    new Promise((resolve, reject) => {
      calls.push({
        from,
        count,
        signal,
        answer: () => resolve({ rows: rowsFrom(from, count), cut: [], invalidText: [] }),
        fail: (why) => reject(new Error(why)),
      });
    });
  return { calls, load };
}
const change = (cache: WindowCache) =>
  new Promise<void>((done) => {
    const stop = cache.subscribe(() => {
      stop();
      done();
    });
  });

describe('WindowCache', () => {
  it('fetches the blocks in sight once and gives their rows', async () => {
    const { calls, load } = backend();
    const cache = new WindowCache({ columns, rowCount: 1000, load });
    cache.request(190, 30);
    cache.request(190, 30);
    expect(calls.map(({ from, count }) => [from, count])).toEqual([
      [0, 200],
      [200, 200],
    ]);
    expect(cache.row(195)).toBeUndefined();
    const changed = change(cache);
    calls[1]?.answer();
    await changed;
    expect(cache.row(203)?.cells[0]).toBe('203');
    expect(cache.row(195)).toBeUndefined();
  });

  it('gives up what was scrolled past and goes on with what is in sight', async () => {
    const { calls, load } = backend();
    const cache = new WindowCache({ columns, rowCount: 1_000_000, load });
    for (let row = 0; row < 1_000_000; row += 100_000) cache.request(row, 20);
    expect(calls.slice(0, -1).every((call) => call.signal.aborted)).toBe(true);
    calls[0]?.answer();
    const changed = change(cache);
    calls.at(-1)?.answer();
    await changed;
    expect(cache.row(900_000)?.cells[0]).toBe('900000');
    expect(cache.row(0)).toBeUndefined();
  });

  it('stays within its memory, oldest first, and never drops what is in sight', async () => {
    const load: LoadRows = async (from, count) => ({ rows: rowsFrom(from, count, 500), cut: [], invalidText: [] });
    const cache = new WindowCache({ columns, rowCount: 10_000_000, load, maxBytes: 2_000_000 });
    for (let row = 0; row < 40_000; row += 200) {
      const changed = change(cache);
      cache.request(row, 50);
      await changed;
      expect(cache.row(row)).toBeDefined();
      expect(cache.sizeBytes).toBeLessThanOrEqual(2_000_000);
    }
    expect(cache.row(0)).toBeUndefined();
    expect(cache.row(39_600)).toBeDefined();
  });

  it('fetches a short last block again when rows have arrived, showing the old ones meanwhile', async () => {
    const { calls, load } = backend();
    const cache = new WindowCache({ columns, rowCount: 50, load });
    cache.request(0, 80);
    let changed = change(cache);
    calls[0]?.answer();
    await changed;
    cache.setRowCount(120);
    expect(calls[1]?.count).toBe(120);
    expect(cache.row(10)?.cells[0]).toBe('10');
    changed = change(cache);
    calls[1]?.answer();
    await changed;
    expect(cache.row(119)?.cells[0]).toBe('119');
  });

  it('shows rows that were offered, and asks for no others before someone looks further', async () => {
    const { calls, load } = backend();
    const cache = new WindowCache({ columns, rowCount: 0, load });
    cache.offer({ rows: rowsFrom(0, 60), cut: [], invalidText: [] }, 5000);
    expect(cache.row(59)?.cells[0]).toBe('59');
    cache.request(0, 30);
    cache.setRowCount(9000);
    expect(calls).toHaveLength(0);
    cache.request(40, 30);
    expect(calls.map(({ from, count }) => [from, count])).toEqual([[0, 200]]);
    expect(cache.row(45)?.cells[0]).toBe('45');
  });

  it('says why rows are missing, does not hammer, and tries again when told', async () => {
    const { calls, load } = backend();
    const cache = new WindowCache({ columns, rowCount: 100, load });
    cache.request(0, 20);
    const changed = change(cache);
    calls[0]?.fail('the disk is gone');
    await changed;
    cache.request(0, 20);
    expect(calls).toHaveLength(1);
    expect(cache.failureAt(5)).toBe('the disk is gone');
    cache.retry();
    expect(calls).toHaveLength(2);
    expect(cache.failureAt(5)).toBeUndefined();
  });

  it('forgets everything for another order, and late answers of the old one', async () => {
    const { calls, load } = backend();
    const cache = new WindowCache({ columns, rowCount: 100, load });
    cache.request(0, 20);
    const listener = vi.fn();
    cache.subscribe(listener);
    cache.reset(40);
    expect(calls[0]?.signal.aborted).toBe(true);
    expect(calls[1]?.count).toBe(40);
    calls[0]?.answer();
    const changed = change(cache);
    calls[1]?.answer();
    await changed;
    expect(cache.rowCount).toBe(40);
    expect(cache.row(39)?.cells[0]).toBe('39');
  });

  it('carries what was cut and what is not text', async () => {
    const load: LoadRows = async () => ({
      rows: [
        ['1', 'a'],
        ['2', 'b'],
      ],
      cut: [[1, 1, 600_000_000]],
      invalidText: [[0, 1]],
    });
    const cache = new WindowCache({ columns, rowCount: 2, load });
    const changed = change(cache);
    cache.request(0, 2);
    await changed;
    expect(cache.row(1)?.cut?.get(1)).toBe(600_000_000);
    expect(cache.row(0)?.invalid?.has(1)).toBe(true);
    expect(cache.row(0)?.cut).toBeUndefined();
  });

  it('keeps blocks of wide results small', () => {
    const wide = Array.from({ length: 1664 }, () => ({ name: 'n', typeName: 'int', category: 'N' }));
    const { load } = backend();
    expect(new WindowCache({ columns: wide, rowCount: 10, load }).blockRows).toBe(14);
  });
});
