import { expect, test } from 'vitest';
import { workingDatabase, workingName } from './new-database.ts';

test('the working name ends the same always, and fits a name of PostgreSQL in bytes', () => {
  expect(workingName('shop')).toBe('shop_restoring');
  expect(workingName('x'.repeat(63))).toBe(`${'x'.repeat(53)}_restoring`);
  // Two bytes each: 26 of them are 52.
  expect(workingName('ä'.repeat(31))).toBe(`${'ä'.repeat(26)}_restoring`);
  expect(workingName('🐘'.repeat(15))).toBe(`${'🐘'.repeat(13)}_restoring`);
});

test('a database that is there keeps its name', () => {
  expect(workingDatabase({ kind: 'existing', database: 'shop', onExisting: 'refuse' })).toBe('shop');
  expect(workingDatabase({ kind: 'new', database: 'shop' })).toBe('shop_restoring');
});
