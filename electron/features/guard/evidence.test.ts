import { expect, test } from 'vitest';
import { withoutExplain } from './evidence.ts';

test.each([
  ['explain analyze delete from t', 'delete from t'],
  ['EXPLAIN (ANALYZE, buffers on, format json) update t set a = (select 1)', 'update t set a = (select 1)'],
  [
    'explain /* (why) */ analyse verbose -- so\n with d as (select 1) delete from t',
    'with d as (select 1) delete from t',
  ],
  ['explain (analyze true) select (1)', 'select (1)'],
  ['delete from t', 'delete from t'],
])('%s explains %s', (text, expected) => expect(withoutExplain(text)).toBe(expected));
