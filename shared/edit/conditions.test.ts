import { expect, test } from 'vitest';
import { and, between, condition, oneOf, sameValues } from './conditions.ts';
import { bestLabels } from './label-column.ts';

const price = { name: 'price', category: 'N', sortable: true };
const name = { name: 'Name', category: 'S', sortable: true };
const doc = { name: 'doc', category: 'U', sortable: false };

test('compares a value as one would write it', () => {
  expect(condition(price, 'equals', '10.50')).toBe('price = 10.50');
  expect(condition(price, 'equals', 'NaN')).toBe("price = 'NaN'");
  expect(condition(name, 'contains', "50%_it's\\")).toBe(`"Name" ilike E'%50\\\\%\\\\_it''s\\\\\\\\%'`);
  expect(condition(price, 'startsWith', '1')).toBe("price::text ilike '1%'");
  expect(condition(doc, 'equals', '{}')).toBe("doc::text = '{}'");
  expect(condition(doc, 'isNull', '')).toBe('doc is null');
  expect(oneOf(name, ['a', null, "b'"])).toBe(`("Name" in ('a', 'b''') or "Name" is null)`);
  expect(oneOf(price, ['1'])).toBe('price = 1');
  expect(between(price, '1', '')).toBe('price >= 1');
  expect(between(price, '', '2')).toBe('price <= 2');
  expect(sameValues([price, name], ['1', null])).toBe('price = 1 and "Name" is null');
});

test('joins two conditions without changing what either means', () => {
  expect(and('', 'a = 1')).toBe('a = 1');
  expect(and('a = 1 or b = 2', 'c = 3')).toBe('(a = 1 or b = 2) and c = 3');
  expect(and("(a = ')' or b)", 'c')).toBe("((a = ')' or b)) and c");
  expect(and('(a or b)', 'c')).toBe('(a or b) and c');
  expect(and('(a) or (b)', 'c')).toBe('((a) or (b)) and c');
  expect(and('a -- why', 'c')).toBe('(a -- why\n) and c');
});

test('guesses what stands for a row in words', () => {
  expect(bestLabels(['id_text', 'notes', 'name', 'title'], ['id_text'])).toEqual(['name', 'title', 'notes']);
  expect(bestLabels(['zip', 'first_name', 'email'], [])).toEqual(['first_name', 'email', 'zip']);
});
