import { expect, test } from 'vitest';
import { materializedViewForm } from './views.ts';

test('an index with another name is renamed, not built anew', () => {
  const before = {
    ...materializedViewForm.start('s', ''),
    name: 'mv',
    query: 'select 1 as id',
    indexes: ['UNIQUE "A b" USING btree (id)', 'other USING hash (id)'],
  };
  const after = { ...before, indexes: ['UNIQUE key USING btree (id)', 'third USING brin (id)'] };
  const { steps } = materializedViewForm.steps(before, after, { major: 18 });
  expect(steps[0]?.sql).toBe('ALTER INDEX s."A b" RENAME TO key');
  expect(steps.map(({ sql }) => sql.split(' ').slice(0, 2).join(' '))).toEqual([
    'ALTER INDEX',
    'DROP INDEX',
    'CREATE INDEX',
  ]);
});
