import { expect, test } from 'vitest';
import { BestOf, nameScore } from './rank.ts';

test('exact, prefix, word, inside, letters in order, nothing', () => {
  const names = ['xordery', 'order_line', 'customer_order', 'order', 'o_r_d_e_r', 'invoice', 'orders'];
  const ranked = names
    .map((name) => ({ name, score: nameScore(name, 'order') }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  expect(ranked.map(({ name }) => name)).toEqual([
    'order',
    'orders',
    'order_line',
    'customer_order',
    'xordery',
    'o_r_d_e_r',
  ]);
});

test('a later occurrence can begin a word', () => {
  expect(nameScore('reorder_order', 'order')).toBeGreaterThan(600);
  expect(nameScore('customer_orders', 'cuor')).toBeGreaterThan(200);
  expect(nameScore('customer_orders', 'cuxr')).toBe(0);
  expect(nameScore('customer_orders', 'ustordz')).toBe(0);
});

test('keeps the best, best first, the earlier among equals', () => {
  const best = new BestOf(3);
  for (const [item, score] of [5, 9, 9, 1, 7, 9].entries()) best.offer(item, score);
  expect(best.items).toEqual([1, 2, 5]);
});
