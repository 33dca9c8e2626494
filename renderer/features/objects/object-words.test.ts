import { expect, test } from 'vitest';
import { qualifiedName, selectRows } from './object-words.ts';

test('names that need quotes get them', () => {
  const odd = { kind: 'table', oid: 1, schema: 'My "shop"', name: 'select' } as const;
  expect(qualifiedName(odd)).toBe('"My ""shop"""."select"');
  expect(selectRows({ ...odd, schema: 'shop', name: 'orders' })).toBe('select *\nfrom shop.orders\nlimit 500;\n');
  expect(qualifiedName({ kind: 'role', oid: 1, schema: null, name: 'reader' })).toBe('reader');
});
