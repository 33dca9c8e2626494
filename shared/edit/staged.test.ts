import { describe, expect, test } from 'vitest';
import type { DataColumn, RelationModel } from '../api/data.ts';
import {
  addRow,
  asText,
  deleteRow,
  duplicateOf,
  editsOf,
  nothingStaged,
  redo,
  revertCell,
  rowId,
  setCell,
  setNewCell,
  step,
  stepsFrom,
  undo,
} from './staged.ts';
import { statementsFor } from './statements.ts';

const column = (number: number, name: string, more: Partial<DataColumn> = {}): DataColumn => ({
  ...{
    number,
    name,
    typeOid: 25,
    typeName: 'text',
    category: 'S',
    typeKind: 'b',
    baseTypeOid: 25,
    baseTypeName: 'text',
  },
  ...{ typeLength: -1, notNull: false, defaultText: null, generated: 'no', identity: 'no', comment: null, labels: [] },
  ...{ fields: [], elementTypeName: null, sortable: true, castsToText: false, deterministic: true },
  ...{ maySelect: true, mayUpdate: true, mayInsert: true },
  ...more,
});
const model = {
  ...{
    oid: 1,
    kind: 'table',
    schema: 's',
    name: 'T',
    comment: null,
    readOnly: null,
    paging: 'key',
    pages: 1,
    estimatedRows: 1,
  },
  ...{ mayInsert: true, mayUpdate: true, mayDelete: true, rowSecurity: false, references: [], referencedBy: [] },
  key: { name: 'k', primary: true, columns: [1], equals: ['operator(pg_catalog.=)'] },
  columns: [
    column(1, 'id', { identity: 'byDefault' }),
    column(2, 'Name', { deterministic: false }),
    column(3, 'flag', { castsToText: true }),
    column(4, 'sum', { generated: 'stored' }),
    column(5, 'pair', { typeKind: 'c' }),
  ],
} as RelationModel;
const row = { key: ['7'], cells: ['7', 'a', 't', '9', null], cut: new Set<number>() };

describe('staged edits', () => {
  test('a value that is what was read is no edit, and the first reading is what counts', () => {
    const changed = setCell(nothingStaged, model, row, 2, asText('b'));
    const later = { ...row, cells: ['7', 'c', 't', '9', null] };
    expect(editsOf(setCell(changed, model, later, 3, asText(null)), model)).toEqual([
      {
        ...{ kind: 'update', id: rowId(['7']), key: ['7'] },
        old: [
          { column: 2, value: 'a' },
          { column: 3, value: 't' },
        ],
        changes: [
          { column: 2, value: { kind: 'text', text: 'b' } },
          { column: 3, value: { kind: 'null' } },
        ],
      },
    ]);
    expect(setCell(changed, model, row, 2, asText('a')).size).toBe(0);
    expect(revertCell(changed, rowId(['7']), 2).size).toBe(0);
    expect(setCell(nothingStaged, model, row, 5, { kind: 'null' })).toBe(nothingStaged);
  });

  test('a row to be deleted takes no edits; a copy leaves to the server what it makes', () => {
    const deleted = deleteRow(setCell(nothingStaged, model, row, 2, asText('b')), row);
    expect(setCell(deleted, model, row, 2, asText('c'))).toBe(deleted);
    expect([...duplicateOf(model, row.cells, new Set([2])).keys()]).toEqual([2, 5]);
    expect(setNewCell(addRow(nothingStaged, 'n'), 'n', 2, { kind: 'default' }).get('n')).toMatchObject({
      changes: new Map(),
    });
  });

  test('steps go back and forth', () => {
    const one = step(stepsFrom(0), 1);
    const two = step(one, 2);
    expect(undo(undo(undo(two))).now).toBe(0);
    expect(redo(undo(two)).now).toBe(2);
    expect(step(undo(two), 5).future).toEqual([]);
    expect(step(two, 2)).toBe(two);
  });
});

test('statements hold what is meant, in an order that frees what is taken', () => {
  const staged = deleteRow(
    addRow(setCell(nothingStaged, model, row, 2, asText('b')), 'n', new Map([[3, asText('f')]])),
    { ...row, key: ['8'], cells: ['8', null, 'f', '9', '(,)'] },
  );
  const texts = statementsFor(model, editsOf(staged, model)).map(({ text, values }) => [
    text.replace(/ returning .*/, ''),
    values,
  ]);
  expect(texts).toEqual([
    [
      'delete from s."T" where id operator(pg_catalog.=) $1 and id::text = $2 and "Name" is null and flag is not null and format(\'%s\', flag) = $3 and pair::text = $4',
      ['8', '8', 'f', '(,)'],
    ],
    [
      'update s."T" set "Name" = $1 where id operator(pg_catalog.=) $2 and "Name"::text collate "C" = $3',
      ['b', '7', 'a'],
    ],
    ['insert into s."T" (flag) values ($1)', ['f']],
  ]);
});
