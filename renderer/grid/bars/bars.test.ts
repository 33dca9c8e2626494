import { expect, it } from 'vitest';
import { filterText } from './filter-text.ts';
import { parseRow } from './parse-row.ts';

it('reads row numbers as people write them', () => {
  expect(['1', '5,000,000', '5 000 000', '10000000'].map((text) => parseRow(text, 10_000_000))).toEqual([
    0, 4_999_999, 4_999_999, 9_999_999,
  ]);
  expect(['', '0', '-1', '10000001', 'x', '1e3'].map((text) => parseRow(text, 10_000_000))).toEqual(
    Array(6).fill(null),
  );
});

it('says a filter in words, with nothing hidden in it', () => {
  const columns = [{ name: 'e\u202email', typeName: 'text', category: 'S' }];
  expect(filterText({ column: 0, operator: 'contains', value: 'a\u200bb' }, columns)).toBe(
    'e<U+202E>mail contains "a<U+200B>b"',
  );
  expect(filterText({ column: 0, operator: 'isNull', value: '' }, columns)).toBe('e<U+202E>mail is NULL');
});
