import { describe, expect, it } from 'vitest';
import { rank, rankCommand } from './palette-rank.ts';

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
  it('puts a command that begins so before the names of objects that do, but not before one that is called so', () => {
    for (const typed of ['creat', 'create', 'Create ']) {
      const command = rankCommand(typed, 'Create materialized view…') ?? 0;
      for (const name of ['created', 'created_at', 'create_date', 'shop.create']) {
        expect(command).toBeGreaterThan(rank(typed, name) ?? 0);
      }
    }
    expect(rankCommand('create', 'Create table…') ?? 0).toBeLessThan(rank('create', 'create') ?? 0);
    expect(rankCommand('table', 'Create table…')).toBe(rank('table', 'Create table…'));
    expect(rankCommand('', 'Create table…')).toBe(0);
    expect(rankCommand('xyz', 'Create table…')).toBeNull();
  });
  it('leaves out what does not fit', () => {
    expect(rank('xyz', 'Run statement')).toBeNull();
  });
});
