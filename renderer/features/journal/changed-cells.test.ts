import { expect, it } from 'vitest';
import { changedCells } from './changed-cells.ts';

const where = { schema: 's', table: 't', key: { id: '1' } };

it('tells of a changed row what differs, of others all but the key', () => {
  const row = { id: '1', a: 'x', b: null };
  expect(changedCells({ ...where, before: row, after: { ...row, a: 'y' } })).toEqual({
    kind: 'changed',
    key: 'id = 1',
    cells: [{ name: 'a', before: 'x', after: 'y' }],
  });
  expect(changedCells({ ...where, before: null, after: row }).cells.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(changedCells({ ...where, before: row, after: null })).toMatchObject({ kind: 'deleted' });
});
