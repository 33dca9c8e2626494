import { expect, test } from 'vitest';
import type { BackupItem } from '../../../../shared/api/backups.ts';
import { isObject, pickedItems } from './picked-items.ts';

const item = (id: number, kind: string, name: string, needs: number[] = [], section: BackupItem['section'] = 'after') =>
  ({ id, kind, schema: 's', name, section, needs, rows: null, bytes: 0 }) satisfies BackupItem;
const items = [
  item(1, 'schema', 's', [], 'before'),
  item(2, 'table', 'a', [1], 'before'),
  item(3, 'table', 'b', [1], 'before'),
  item(4, 'rows', 'a', [2], 'data'),
  item(5, 'rows', 'b', [3], 'data'),
  item(6, 'sequence value', 'a_id_seq', [2], 'data'),
  item(7, 'constraint', 'a_pkey on a', [2, 4]),
  item(8, 'foreign key', 'b_a_fkey on b', [3, 2, 7]),
  item(9, 'grants', 'b', [3]),
];

test('an object comes with its parts and what it needs, without keys to what was not picked', () => {
  expect(items.filter(isObject).map(({ id }) => id)).toEqual([1, 2, 3]);
  expect(pickedItems(items, new Set([2]))).toEqual([1, 2, 4, 6, 7]);
  expect(pickedItems(items, new Set([3]))).toEqual([1, 3, 5, 9]);
  expect(pickedItems(items, new Set([2, 3]))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
});
