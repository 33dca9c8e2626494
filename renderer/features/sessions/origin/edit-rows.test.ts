import { expect, test } from 'vitest';
import type { RelationModel } from '../../../../shared/api/data.ts';
import { conditionFor, hasOrigin } from './edit-rows.ts';

const column = (name: string, tableOid: number, attributeNumber: number) => ({
  ...{ name, tableOid, attributeNumber },
  ...{ typeOid: 23, typeName: 'integer', category: 'N' },
});
const table = (key: number[] | null) =>
  ({
    ...{ oid: 7, schema: 's', name: 't', readOnly: key ? null : { reason: 'No key.', wayOut: 'Add one.' } },
    columns: [
      { number: 1, name: 'id', category: 'N', sortable: true },
      { number: 2, name: 'part', category: 'S', sortable: true },
    ],
    key: key && { name: 'k', primary: true, columns: key, equals: key.map(() => 'operator(pg_catalog.=)') },
  }) as unknown as RelationModel;
// A join: both tables call a column id, and the key comes under another name.
const joined = [column('id', 9, 1), column('key', 7, 1), column('part', 7, 2), column('?column?', 0, 0)];
const rows = [
  ['1', '10', 'a', 'x'],
  ['2', '11', "it's", 'x'],
  ['3', null, null, 'x'],
  ['4', '10', 'a', 'x'],
];

test('finds rows by the key of the table that a column comes from, whatever it is called', () => {
  expect(conditionFor(table([1]), joined, rows)).toEqual({ condition: 'id in (10, 11)' });
  expect(conditionFor(table([1, 2]), joined, rows)).toEqual({
    condition: "(id = 10 and part = 'a') or (id = 11 and part = 'it''s')",
  });
  expect(joined.map(hasOrigin)).toEqual([true, true, true, false]);
});

test('says why it cannot', () => {
  expect(conditionFor(table(null), joined, rows)).toEqual({ problem: 'No key. Add one.' });
  expect(conditionFor(table([1, 2]), joined.slice(0, 2), rows)).toEqual({
    problem: 'The result does not hold the key of s.t: add part to the query.',
  });
  expect(conditionFor(table([1]), joined, rows.slice(2, 3))).toHaveProperty('problem');
});
