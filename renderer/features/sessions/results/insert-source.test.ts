import { expect, test } from 'vitest';
import type { RelationModel } from '../../../../shared/api/data.ts';
import { insertRequest, insertSource, oneTable } from './insert-source.ts';

const column = (name: string, tableOid: number, attributeNumber: number) => ({
  ...{ name, tableOid, attributeNumber },
  ...{ typeOid: 23, typeName: 'integer', category: 'N' },
});
const model = {
  ...{ oid: 7, schema: 'shop', name: 'Order' },
  columns: [
    { number: 1, identity: 'always', generated: 'no' },
    { number: 3, identity: 'no', generated: 'virtual' },
    { number: 4, identity: 'byDefault', generated: 'no' },
  ],
} as unknown as RelationModel;
const columns = [column('sum', 7, 3), column('key', 7, 1), column('n', 7, 4), column('other', 9, 1)];
const range = (...of: number[]) => ({ fromRow: 0, toRow: 1, columns: of });

test('rows that come from one table know it', () => {
  expect(oneTable(columns, [range(0, 1), range(2)])).toBe(7);
  expect(oneTable(columns, [range(0, 3)])).toBe(0);
  const source = insertSource(model, columns);
  expect(source.tableName).toBe('shop."Order"');
  expect(insertRequest(source, [range(0, 1), range(0)])).toEqual({ ranges: [range(1)], overriding: true });
  expect(insertRequest(source, [range(2)])).toEqual({ ranges: [range(2)], overriding: false });
  expect(insertRequest(source, [range(0)])).toEqual({ ranges: [range(0)], overriding: false });
});
