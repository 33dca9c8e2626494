import { expect, test } from 'vitest';
import { textsNaming } from './naming.ts';

test('a name counts as a word or in quotes, not within another word, a string or a comment', () => {
  const texts = [
    'select * from shop.Item i',
    'select * from "item"',
    "select 'item'",
    'select 1 -- item',
    'select items from t',
    'select * from "Item"',
  ];
  expect(textsNaming(texts, 'item')).toEqual(texts.slice(0, 2));
  expect(textsNaming(texts, 'Item')).toEqual([texts[5]]);
  expect(textsNaming(['delete from "a ""b"""'], 'a "b"')).toHaveLength(1);
});
