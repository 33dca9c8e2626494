import { expect, it } from 'vitest';
import { MarkedRows } from './marked-rows.ts';

const row = (id: string, value: string) => [id, { key: [id], values: [value] }] as const;
const values = (rows: readonly { values: readonly (string | null)[] }[]) => rows.map(({ values: [value] }) => value);
const marks = (text: Record<string, string>) => Object.entries(text).map(([id, mark]) => ({ id, mark }));

it('reads all at first, then what changed; what is gone is gone', () => {
  const known = new MarkedRows();
  const first = marks({ a: '1', b: '1', c: '1', d: '1' });
  expect(known.changed(first)).toBeNull();
  known.take(first, [row('a', 'a1'), row('b', 'b1'), row('c', 'c1'), row('d', 'd1')], true);
  expect(known.changed(first)).toEqual([]);
  const second = marks({ a: '1', b: '2', c: '1', e: '1', f: '1', g: '1', h: '1' });
  expect(known.changed(second)).toBeNull();
  const third = marks({ a: '1', b: '2', c: '1', d: '1' });
  expect(known.changed(third)).toEqual(['b']);
  expect(values(known.take(third, [row('b', 'b2')], false))).toEqual(['a1', 'b2', 'c1', 'd1']);
  expect(known.changed(third)).toEqual([]);
  expect(values(known.take(marks({ a: '1', c: '1', d: '1' }), [], false))).toEqual(['a1', 'c1', 'd1']);
  known.forget();
  expect(known.changed(third)).toBeNull();
});
