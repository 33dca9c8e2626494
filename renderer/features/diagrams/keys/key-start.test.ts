import { expect, test } from 'vitest';
import type { DiagramTable } from '../../../../shared/api/diagrams.ts';
import { freshContent } from '../diagram-model.ts';
import { keyStartOf } from './key-start.ts';

const table = (name: string, columns: readonly string[], primary: readonly string[]): DiagramTable => ({
  id: `s.${name}`,
  oid: null,
  schema: 's',
  name,
  kind: 'table',
  comment: '',
  columns: columns.map((column) => {
    const isKey = primary.includes(column);
    return { name: column, type: 'int', notNull: isKey, primary: isKey, hasDefault: false, comment: '' };
  }),
  uniques: [[...primary], ['code']],
  rowEstimate: null,
  sizeBytes: null,
  parent: null,
});
const tables = [
  table('sale', ['id', 'buyer', 'no'], ['id']),
  table('buyer', ['id', 'code', 'name'], ['id']),
  table('line', ['sale', 'no'], ['sale', 'no']),
];
const state = { shown: { tables, keys: [] }, content: freshContent({ kind: 'all' }) };
const start = (from: [string, number], to: [string, number]) =>
  keyStartOf(state, { id: from[0], row: from[1] }, { id: to[0], row: to[1] });

test('a line to a table refers to its primary key', () => {
  const wanted = { from: 's.sale', to: 's.buyer', pairs: [{ from: 'buyer', to: 'id' }] };
  expect(start(['s.sale', 1], ['s.buyer', -1])).toEqual(wanted);
  // A row that is no key by itself is no place to refer to.
  expect(start(['s.sale', 1], ['s.buyer', 2])).toEqual(wanted);
});

test('a line to a column that is a key refers to that', () => {
  expect(start(['s.sale', 1], ['s.buyer', 1]).pairs).toEqual([{ from: 'buyer', to: 'code' }]);
});

test('columns of a key of several are found by name', () => {
  expect(start(['s.sale', 0], ['s.line', 0]).pairs).toEqual([
    { from: 'id', to: 'sale' },
    { from: 'no', to: 'no' },
  ]);
});
