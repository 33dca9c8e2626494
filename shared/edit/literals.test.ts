import { expect, test } from 'vitest';
import { fc } from '../../tests/fixtures/properties.ts';
import { readArray, readRange, readRecord, writeArray, writeRange, writeRecord } from './literals.ts';

test.each([
  ['{}', []],
  ['{a,NULL,"NULL","",null}', ['a', null, 'NULL', '', null]],
  ['{"a,b","say \\"x\\"","back\\\\slash","{}"}', ['a,b', 'say "x"', 'back\\slash', '{}']],
  ['{{1,2},{3,4}}', null],
  ['[0:1]={1,2}', null],
  ['{a,}', null],
])('array %s', (text, wanted) => expect(readArray(text)).toEqual(wanted));

test.each([
  ['(1,b)', ['1', 'b']],
  ['(,)', [null, null]],
  ['("",)', ['', null]],
  ['("it""s, ","a\\\\b")', ['it"s, ', 'a\\b']],
  ['()', [null]],
])('composite %s', (text, wanted) => expect(readRecord(text)).toEqual(wanted));

test.each([
  ['[1,5)', ['1', '5', true, false]],
  ['(,"2024-01-01 00:00:00+00"]', [null, '2024-01-01 00:00:00+00', false, true]],
  ['[1,2', null],
])('range %s', (text, wanted) => {
  const read = readRange(text);
  expect(read && [read.lower, read.upper, read.lowerIncluded, read.upperIncluded]).toEqual(wanted);
});
test('an empty range', () => expect(writeRange(readRange('empty') ?? ({} as never))).toBe('empty'));

const anyText = fc.oneof(fc.string(), fc.constantFrom('NULL', 'null', '', '{', '"', '\\', ',', '(a)', ' '));
test('what is put together is taken apart again', () => {
  fc.assert(
    fc.property(fc.array(fc.option(anyText), { minLength: 1 }), (elements) => {
      expect(readArray(writeArray(elements))).toEqual(elements);
      expect(readRecord(writeRecord(elements))).toEqual(elements);
    }),
  );
  fc.assert(
    fc.property(fc.option(anyText), fc.option(anyText), fc.boolean(), fc.boolean(), (lower, upper, a, b) => {
      const parts = { empty: false, lower, upper, lowerIncluded: a, upperIncluded: b };
      expect(readRange(writeRange(parts))).toEqual(parts);
    }),
  );
});
