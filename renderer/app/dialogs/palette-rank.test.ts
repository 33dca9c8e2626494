import { describe, expect, it } from 'vitest';
import { rank } from './palette-rank.ts';

const best = (typed: string, labels: readonly string[]) =>
  labels
    .map((label) => ({ label, score: rank(typed, label) }))
    .filter((each) => each.score !== null)
    .sort((a, b) => (b.score ?? 0) - (a.score ?? 0))
    .map((each) => each.label);

describe('the palette’s ranking', () => {
  it('puts whole before prefix before word start before part', () => {
    expect(best('order', ['reorder', 'shop.order', 'orders', 'order'])).toEqual([
      'order',
      'orders',
      'shop.order',
      'reorder',
    ]);
  });
  it('finds by initials and by words in any order', () => {
    expect(best('rs', ['Run statement', 'Close tab'])).toEqual(['Run statement']);
    expect(best('database sample', ['Open the sample database'])).toEqual(['Open the sample database']);
  });
  it('leaves out what does not fit', () => {
    expect(rank('xyz', 'Run statement')).toBeNull();
  });
});
