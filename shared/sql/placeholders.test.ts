import { expect, test } from 'vitest';
import { withPlaceholders } from './placeholders.ts';

test.each([
  ['select 1', 'select 1', true],
  ['select :name, :other, :name', 'select $1   , $2    , $1   ', true],
  ['select $1', 'select $1', true],
  ['select $1, :a', 'select $1, $1', false],
  ["select a::text, ':b'", "select a::text, ':b'", true],
])('%s', (sql, written, exact) => {
  expect(withPlaceholders(sql)).toEqual({ sql: written, exact });
  expect(withPlaceholders(sql).sql).toHaveLength(sql.length);
});
