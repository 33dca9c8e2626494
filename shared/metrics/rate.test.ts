import { describe, expect, it } from 'vitest';
import { counter, gauge } from './make.ts';
import type { MetricFamily } from './metric.ts';
import { FamilyGrowth, type Reading, type ReadRow, ratePerSecond } from './rate.ts';

const family: MetricFamily = {
  id: 'test',
  scope: 'server',
  label: 'Test',
  key: ['name'],
  everyMs: 1_000,
  metrics: [
    counter('calls', 'Calls', 'count', 'Calls that were made.'),
    counter('time', 'Time', 'ms', 'Time that was spent.'),
    gauge('size', 'Size', 'bytes', 'Size as it is.'),
    counter('lsn', 'Position', 'bytes', 'Position in the log.', { position: true }),
  ],
};
const row = (name: string, values: (string | null)[], more: Partial<ReadRow> = {}): ReadRow => ({
  key: [name],
  values,
  ...more,
});
const crash = (epoch: number, certain = false) => ({ epoch, certain });
let clock = 1_000_000;
const reading = (rows: ReadRow[], more: Partial<Reading> = {}): Reading => {
  clock += 1_000;
  return { atMs: clock, rows, scopes: [''], whole: true, serverStart: 'a', ...more };
};

describe('growth', () => {
  it('is the difference of two readings, and nothing for the first', () => {
    const growth = new FamilyGrowth(family);
    const first = growth.read(reading([row('x', ['5', '1.5', '7', '100'])]));
    expect(first).toMatchObject({ coveredMs: 0, flags: ['first'], complete: true });
    expect(first.rows).toEqual([{ key: ['x'], values: [null, null, 7, null], flags: ['first'] }]);
    const second = growth.read(reading([row('x', ['8', '2', '9', '150'])]));
    expect(second).toMatchObject({ coveredMs: 1_000, flags: [] });
    expect(second.rows).toEqual([{ key: ['x'], values: [3, 0.5, 9, 50] }]);
  });
  it('is exact beyond what a double holds', () => {
    const growth = new FamilyGrowth(family);
    growth.read(reading([row('x', ['9223372036854775000', '0', null, '1'])]));
    const { rows } = growth.read(reading([row('x', ['9223372036854775001', '0', null, '1'])]));
    expect(rows[0]?.values).toEqual([1, 0, null, 0]);
  });
  it('of a counter that went backwards is what it shows now, and of a position unknown', () => {
    const growth = new FamilyGrowth(family);
    growth.read(reading([row('x', ['50', '9', '1', '100'])]));
    const { rows } = growth.read(reading([row('x', ['2', '10', '1', '40'])]));
    expect(rows).toEqual([{ key: ['x'], values: [2, 10, 1, null], flags: ['reset', 'partial'] }]);
  });
  it('goes on over a clean restart', () => {
    const growth = new FamilyGrowth(family);
    growth.read(reading([row('x', ['50', '9', '1', '100'])]));
    const after = growth.read(reading([row('x', ['51', '9', '1', '101'])], { serverStart: 'b' }));
    expect(after.flags).toEqual(['restart']);
    expect(after.rows).toEqual([{ key: ['x'], values: [1, 0, 1, 1] }]);
  });
  it('takes the family’s own reset as certain, the first one ever included', () => {
    const growth = new FamilyGrowth(family);
    growth.read(reading([row('x', ['5', '1', '1', '100'])], { familyReset: null }));
    const after = growth.read(reading([row('x', ['6', '2', '1', '101'])], { familyReset: 'now' }));
    expect(after.flags).toEqual(['reset']);
    expect(after.rows[0]?.values).toEqual([6, 2, 1, null]);
  });
  it('of all rows begins anew after a crash that one of them bears out', () => {
    const growth = new FamilyGrowth(family);
    growth.read(reading([row('x', ['50', '9', '1', '1']), row('y', ['1', '0', '1', '1'])], { crash: crash(0) }));
    const after = growth.read(
      reading([row('x', ['3', '1', '1', '2']), row('y', ['4', '1', '1', '2'])], { crash: crash(1) }),
    );
    expect(after.rows.map(({ values }) => values[0])).toEqual([3, 4]);
    expect(after.rows[1]?.flags).toEqual(['reset', 'partial']);
  });
  it('of all rows begins anew after a crash that is certain', () => {
    const growth = new FamilyGrowth(family);
    growth.read(reading([row('x', ['2', '0', '1', '1'])], { crash: crash(0) }));
    const after = growth.read(reading([row('x', ['2', '0', '1', '2'])], { crash: crash(1, true) }));
    expect(after.rows[0]).toEqual({ key: ['x'], values: [2, 0, 1, null], flags: ['reset', 'partial'] });
  });
  it('is a lower bound where a crash is suspected and nothing went back, or a marker that is only a hint changed', () => {
    const growth = new FamilyGrowth(family, { rowMarker: 'hint' });
    growth.read(reading([row('x', ['5', '0', '1', '1'], { marker: null })], { crash: crash(0) }));
    const suspected = growth.read(reading([row('x', ['9', '0', '1', '1'], { marker: null })], { crash: crash(1) }));
    expect(suspected).toMatchObject({ flags: ['lowerBound'] });
    expect(suspected.rows[0]?.values[0]).toBe(4);
    const hint = growth.read(reading([row('x', ['11', '0', '1', '1'], { marker: 'now' })], { crash: crash(1) }));
    expect(hint.rows[0]).toMatchObject({ flags: ['lowerBound'], values: [2, 0, 1, 0] });
  });
  it('of a new row is all it shows, unless it had a past that was not seen', () => {
    const growth = new FamilyGrowth(family, { rowMarker: 'birth' });
    growth.read(reading([row('x', ['5', '0', '1', '1'], { marker: '5' })], { evictions: '0' }));
    const seen = clock;
    const after = growth.read(
      reading(
        [
          row('x', ['7', '0', '1', '1'], { marker: '5' }),
          row('young', ['4', '0', '1', '1'], { marker: String(seen + 10) }),
          row('old', ['400', '0', '1', '1'], { marker: '5' }),
        ],
        { evictions: '0' },
      ),
    );
    expect(after.rows.map(({ values }) => values[0])).toEqual([2, 4, null]);
  });
  it('of an entry that was thrown out and came back is all it shows', () => {
    const growth = new FamilyGrowth(family, { rowMarker: 'birth' });
    growth.read(reading([row('x', ['5', '0', '1', '1'], { marker: '5' })], { evictions: '0' }));
    const after = growth.read(reading([row('x', ['6', '0', '1', '1'], { marker: '99' })], { evictions: '1' }));
    expect(after.flags).toEqual(['partial']);
    expect(after.rows[0]).toEqual({ key: ['x'], values: [6, 0, 1, null], flags: ['reentered', 'partial'] });
  });
  it('keeps what belongs to a database that could not be read, and makes no spike of one read first now', () => {
    const growth = new FamilyGrowth(family);
    growth.read(reading([row('x', ['5', '0', '1', '1'], { scope: 'a' })], { scopes: ['a'], whole: false }));
    const without = growth.read(
      reading([row('y', ['900', '0', '1', '1'], { scope: 'b' })], { scopes: ['b'], whole: false }),
    );
    expect(without.rows).toEqual([{ key: ['y'], values: [null, null, 1, null], flags: ['first'] }]);
    const { rows } = growth.read(reading([row('x', ['6', '0', '1', '1'], { scope: 'a' })], { scopes: ['a'] }));
    expect(rows[0]?.values[0]).toBe(1);
  });
  it('lists only what changed, and everything once an hour', () => {
    const growth = new FamilyGrowth({ ...family, changedOnly: true }, { allEveryMs: 2_500 });
    const same = [row('x', ['5', '0', '1', '1']), row('y', ['5', '0', '1', '1'])];
    expect(growth.read(reading(same))).toMatchObject({ complete: true, rows: [{}, {}] });
    const some = growth.read(reading([row('x', ['6', '0', '1', '1']), row('y', ['5', '0', '1', '1'])]));
    expect(some.complete).toBe(false);
    expect(some.rows.map(({ key }) => key[0])).toEqual(['x']);
    growth.read(reading(same.map((each) => ({ ...each, values: ['7', '0', '1', '1'] }))));
    const all = growth.read(reading(same.map((each) => ({ ...each, values: ['7', '0', '1', '1'] }))));
    expect(all.complete).toBe(true);
    expect(all.rows.length).toBe(2);
  });
  it('of what was told in part first is told whole later', () => {
    const growth = new FamilyGrowth({ ...family, changedOnly: true });
    const part = growth.read(reading([row('x', [null, null, '7', null])], { scopes: [], whole: false }));
    expect(part).toMatchObject({ complete: false, flags: ['first'], rows: [{ key: ['x'] }] });
    const all = growth.read(reading([row('x', [null, null, '7', null]), row('y', [null, null, '2', null])]));
    expect(all.complete).toBe(true);
    expect(all.rows.map(({ key, values }) => [key[0], values[2]])).toEqual([
      ['x', 7],
      ['y', 2],
    ]);
  });
  it('knows nothing of another server', () => {
    const growth = new FamilyGrowth(family);
    growth.read(reading([row('x', ['5', '0', '1', '1'])]));
    growth.forget();
    expect(growth.read(reading([row('x', ['9', '0', '1', '1'])]))).toMatchObject({ flags: ['first'], coveredMs: 0 });
  });
  it('has a rate only over time that was covered', () => {
    expect(ratePerSecond(10, 2_000)).toBe(5);
    expect(ratePerSecond(10, 0)).toBeNull();
    expect(ratePerSecond(null, 2_000)).toBeNull();
  });
});
