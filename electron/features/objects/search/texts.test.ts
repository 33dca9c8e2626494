import { expect, test } from 'vitest';
import { numbersIn, Texts } from './texts.ts';

const all = ['Orders', 'customer_order', '', 'İstanbul', 'x', 'reorder'];
const texts = new Texts(all.join('\u0001'), all.length);

test('texts come back as they were, lower case of any length', () => {
  expect(all.map((_, place) => texts.at(place))).toEqual(all);
  expect(texts.lowerAt(3)).toBe('İstanbul'.toLowerCase());
  expect(texts.lowerAt(5)).toBe('reorder');
});

test('matches are found in their own text only', () => {
  const found: [number, number][] = [];
  texts.eachMatch('order', (place, score) => found.push([place, Math.floor(score / 100)]));
  expect(found).toEqual([
    [0, 8],
    [1, 6],
    [5, 4],
  ]);
  const letters: number[] = [];
  texts.eachMatch('cuor', (place) => letters.push(place));
  expect(letters).toEqual([1]);
  const containing: number[] = [];
  texts.eachContaining('r', (place) => containing.push(place));
  expect(containing).toEqual([0, 1, 5]);
});

test('numbers', () => {
  expect([...numbersIn('0,4294967295,17')]).toEqual([0, 4294967295, 17]);
});
