import { expect, test } from 'vitest';
import { functionForm, ruleForm } from './routines.ts';

const server = { major: 18 };
const definition = 'create function s.f(a int default 1) returns int language sql return a';

test('who gives an owner or a comment to what has no name yet is told so', () => {
  const values = { ...functionForm.start('s', ''), definition: 'create function s.f', comment: 'x' };
  expect(functionForm.steps(null, values, server).problems).toEqual([
    'Begin with CREATE FUNCTION name(arguments): owner and comment are given to it by that name.',
  ]);
  const rule = { ...ruleForm.start('s', 's.t'), definition: 'create rule r as on', comment: 'x' };
  expect(ruleForm.steps(null, rule, server).problems).toHaveLength(1);
});

test('other arguments make a second function, which is said before', () => {
  const before = { definition, owner: 'a', comment: '', schema: 's', name: 'f', arguments: 'a integer' };
  const notes = (text: string) => functionForm.steps(before, { ...before, definition: text }, server).steps[0]?.notes;
  expect(notes(definition.replace('return a', 'return a + 1'))?.[0]).toMatch(/^It keeps its owner/);
  expect(notes(definition.replace('default 1', 'default 2'))?.[0]).toMatch(/^It keeps its owner/);
  expect(notes(definition.replace('a int', 'a bigint'))?.[0]).toMatch(/^With another name or other arguments/);
});
