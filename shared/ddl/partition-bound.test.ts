import { expect, test } from 'vitest';
import { boundCondition, listItems, nextRange, partitionKey, readBound, writeBound } from './partition-bound.ts';

test('lists are cut at commas of their own only', () => {
  expect(listItems(`'a, ''b', lower(x, "y,z"), ARRAY[1, 2], 3`)).toEqual([
    `'a, ''b'`,
    'lower(x, "y,z")',
    'ARRAY[1, 2]',
    '3',
  ]);
  expect(listItems('')).toEqual([]);
});

test('bounds are written as they are read', () => {
  for (const text of [
    'DEFAULT',
    `FOR VALUES IN ('a, b', NULL)`,
    `FOR VALUES FROM ('2026-01-01', MINVALUE) TO ('2026-02-01', 3)`,
    'FOR VALUES WITH (MODULUS 4, REMAINDER 3)',
  ]) {
    const bound = readBound(text);
    expect(bound && writeBound(bound)).toBe(text);
  }
  expect(readBound('FOR VALUES')).toBeNull();
  expect(partitionKey('RANGE (a, lower("B"))')).toEqual({ strategy: 'range', parts: ['a', 'lower("B")'] });
  expect(partitionKey('RANGE ()')).toBeNull();
});

test('there is no condition where the key is no plain column, or for HASH and DEFAULT', () => {
  const bound = readBound('FOR VALUES FROM (1) TO (2)');
  const key = partitionKey('RANGE (a)');
  if (!bound || !key) throw new Error('unread');
  expect(boundCondition(key, ['a'], bound)).toBe('a IS NOT NULL AND a >= 1 AND a < 2');
  expect(boundCondition(key, ['b'], bound)).toBeNull();
  expect(boundCondition(key, ['a'], { kind: 'default' })).toBeNull();
  expect(
    boundCondition({ ...key, strategy: 'hash' }, ['a'], { kind: 'hash', modulus: '2', remainder: '0' }),
  ).toBeNull();
});

test.each([
  [`FROM ('2026-01-01') TO ('2026-02-01')`, `'2026-02-01'`, `'2026-03-01'`],
  [
    `FROM ('2025-12-01 00:00:00+00') TO ('2026-01-01 00:00:00+00')`,
    `'2026-01-01 00:00:00+00'`,
    `'2026-02-01 00:00:00+00'`,
  ],
  [`FROM ('2024-01-01') TO ('2025-01-01')`, `'2025-01-01'`, `'2026-01-01'`],
  [`FROM ('2026-02-23') TO ('2026-03-02')`, `'2026-03-02'`, `'2026-03-09'`],
  ['FROM (1000) TO (2000)', '2000', '3000'],
  [`FROM ('9007199254740993') TO ('9007199254740995')`, `'9007199254740995'`, `'9007199254740997'`],
])('after %s comes a range as wide', (bound, from, to) => {
  expect(nextRange([`FOR VALUES ${bound}`, 'DEFAULT'])).toEqual({ from, to });
});

test('no range is made up after an open end, or after words', () => {
  expect(nextRange(['FOR VALUES FROM (1) TO (MAXVALUE)'])).toBeNull();
  expect(nextRange([`FOR VALUES FROM ('a') TO ('m')`])).toBeNull();
});
