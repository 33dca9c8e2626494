import { expect, test } from 'vitest';
import { routineNamed, ruleNamed } from './definition.ts';

test.each([
  ['create function f() returns int', 'FUNCTION', 'f()'],
  [
    'CREATE OR REPLACE FUNCTION "S c".f(a integer, b numeric(10, 2) DEFAULT round(1.5, 1), VARIADIC c text[])',
    'FUNCTION',
    '"S c".f(a integer, b numeric (10, 2), VARIADIC c text[])',
  ],
  [
    "create procedure p(inout a int[] = array[1, 2], -- first, )\n out b shop.item.id%type, c text default 'x, y)' )",
    'PROCEDURE',
    'p(inout a int[], out b shop.item.id%type, c text)',
  ],
])('%s', (text, noun, identity) => {
  const found = routineNamed(text);
  expect(found?.noun).toBe(noun);
  expect(found?.identity.replace(' (', '(')).toBe(identity.replace(' (', '('));
});

test.each([
  '',
  'create function',
  'create function f',
  'create function f(a int',
  'select f(1)',
  'create table f(a int)',
])('none: %s', (text) => {
  expect(routineNamed(text)).toBeNull();
});

test.each([
  [
    'CREATE RULE "r 1" AS\n  ON DELETE TO a."T" WHERE (old.id > 1) DO INSTEAD NOTHING',
    { name: '"r 1"', table: 'a."T"' },
  ],
  ['create or replace rule r as /* x */ on insert to t do also notify c', { name: 'r', table: 't' }],
  ['create rule r as on insert', null],
  ['create table r (a int)', null],
])('%s', (text, named) => {
  expect(ruleNamed(text)).toEqual(named);
});
