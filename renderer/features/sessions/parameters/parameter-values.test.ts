import { expect, test } from 'vitest';
import { boundValue, shownName, shownValue, writtenOf } from './parameter-values.ts';

const parameter = { name: 'ids', typeName: null, category: null, takesList: true, remembered: null };

test('the form begins with what was bound the last time', () => {
  expect(writtenOf(parameter)).toEqual({ kind: 'list', text: '' });
  expect(writtenOf({ ...parameter, takesList: false })).toEqual({ kind: 'value', text: '' });
  expect(writtenOf({ ...parameter, remembered: { kind: 'null' } })).toEqual({ kind: 'null', text: '' });
  const items = ['1', null, ''];
  expect(boundValue(writtenOf({ ...parameter, remembered: { kind: 'list', items: [...items, 'x'] } }))).toEqual({
    kind: 'list',
    items: [...items, 'x'],
  });
});

test('lines are items, and nothing is an empty list', () => {
  expect(boundValue({ kind: 'list', text: '' })).toEqual({ kind: 'list', items: [] });
  expect(boundValue({ kind: 'list', text: 'a\nb\n\n' })).toEqual({ kind: 'list', items: ['a', 'b'] });
  expect(boundValue({ kind: 'value', text: '' })).toEqual({ kind: 'value', text: '' });
  expect(boundValue({ kind: 'null', text: 'kept' })).toEqual({ kind: 'null' });
});

test('names and values in words', () => {
  expect([shownName('1'), shownName('id')]).toEqual(['$1', ':id']);
  expect(shownValue({ kind: 'list', items: ['a', null] })).toBe('(a, NULL)');
});
