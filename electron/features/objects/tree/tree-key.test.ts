import { expect, test } from 'vitest';
import { FailureError } from '../../../../shared/failure.ts';
import { folderKey, objectKey, parseTreeKey } from './tree-key.ts';

test('a key leads down and can be read back', () => {
  const tables = folderKey(objectKey(null, 'schema', 2200), 'table');
  const table = objectKey(tables, 'partitionedTable', 16385);
  expect(tables).toBe('schema:2200/table');
  expect(parseTreeKey(tables)).toEqual({ at: 'folder', folder: 'table', ownerOid: 2200 });
  expect(parseTreeKey(table)).toEqual({ at: 'object', kind: 'partitionedTable', oid: 16385 });
  expect(parseTreeKey(folderKey(table, 'partition'))).toEqual({ at: 'folder', folder: 'partition', ownerOid: 16385 });
  expect(objectKey(`${table}/column`, 'column', 16385, 3)).toBe(`${table}/column/column:16385.3`);
  expect(parseTreeKey('role')).toEqual({ at: 'folder', folder: 'role', ownerOid: 0 });
});

test('what is not a key is refused', () => {
  for (const key of ['', 'tables', 'schema:x', 'schema:1;drop', '__proto__', 'constructor:1', 'x/table', '/table'])
    expect(() => parseTreeKey(key), key).toThrow(FailureError);
});
