import { expect, test } from 'vitest';
import { addItem, emptyTable, newConstraint, newIndex, usualName } from './edits.ts';

test('a second index of the same column has a name of its own', () => {
  const table = { ...emptyTable('table', 's'), name: 't' };
  const first = usualName(table, ['a'], 'idx');
  expect(first).toBe('t_a_idx');
  const withOne = addItem('indexes', newIndex('USING btree (a)', false, first))(table);
  expect(usualName(withOne, ['a'], 'idx')).toBe('t_a_idx1');
  const withTwo = addItem('constraints', newConstraint('unique', 'UNIQUE (a)', 't_a_idx1'))(withOne);
  expect(usualName(withTwo, ['a'], 'idx')).toBe('t_a_idx2');
});
