import { expect, test } from 'vitest';
import { sessionNames } from './session-names.ts';

test.each([
  ['create temp table mine (a int)', false, 'mine'],
  ['create temporary table if not exists "My Own" as select 1', false, 'My Own'],
  ['select 1 into temp kept from t', false, 'kept'],
  ['set search_path = billing', false, '*'],
  ['begin; create table fresh (a int)', true, 'fresh'],
  ['begin; alter table customer add x int', true, 'customer'],
  ["select set_config('search_path', 'x', false)", false, '*'],
  ['do $$ begin end $$', false, '*'],
])('%s', (text, open, name) => expect(sessionNames(text, open)).toContain(name));

test.each(['create table fresh (a int)', 'select 1', "set work_mem = '1MB'", 'update t set a = 1'])(
  '%s leaves nothing',
  (text) => expect(sessionNames(text, false)).toEqual([]),
);
