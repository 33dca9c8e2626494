import { describe, expect, it } from 'vitest';
import { toRemove } from './retention.ts';

const none = { last: 0, days: 0, weeks: 0, months: 0 };
/** One a day at noon, the newest on 31 March 2026, named by how many days before it. */
const daily = (count: number) =>
  Array.from({ length: count }, (_, back) => ({ id: String(back), atMs: new Date(2026, 2, 31 - back, 12).getTime() }));
const kept = (count: number, rules: Partial<typeof none>) => {
  const gone = new Set(toRemove(daily(count), { ...none, ...rules }));
  return daily(count).flatMap(({ id }) => (gone.has(id) ? [] : [id]));
};

describe('what stays of a schedule’s backups', () => {
  it('is everything where no rule is given', () => expect(kept(5, {})).toHaveLength(5));
  it('is the last so many', () => expect(kept(10, { last: 3 })).toEqual(['0', '1', '2']));
  it('is the newest of each day', () => {
    const twice = daily(4).flatMap(({ id, atMs }) => [
      { id, atMs },
      { id: `${id} earlier`, atMs: atMs - 3_600_000 },
    ]);
    const gone = toRemove(twice, { ...none, days: 2 });
    expect(twice.filter(({ id }) => !gone.includes(id)).map(({ id }) => id)).toEqual(['0', '1']);
  });
  it('is the newest of each week from Monday, and of each month', () => {
    // 31 March 2026 is a Tuesday.
    expect(kept(20, { weeks: 3 })).toEqual(['0', '2', '9']);
    expect(kept(70, { months: 3 })).toEqual(['0', '31', '59']);
  });
  it('is what any rule keeps', () => expect(kept(40, { last: 2, weeks: 2, months: 2 })).toEqual(['0', '1', '2', '31']));
  it('is never nothing', () => expect(kept(3, { months: 0, days: 0, last: 0, weeks: 1 })).toContain('0'));
});
