import { expect, it } from 'vitest';
import type { DataColumn, RelationModel } from '../../../shared/api/data.ts';
import { labelOf } from './row-node.ts';

const label = (columns: Record<string, 'N' | 'S' | 'D'>, ...cells: (string | null)[]) => {
  const all = Object.entries(columns).map(([name, category], at) => ({
    name,
    category,
    number: at + 1,
    maySelect: true,
  }));
  const model = { columns: all as unknown as DataColumn[], key: { columns: [1] } } as unknown as RelationModel;
  return labelOf({ id: '', model, key: [], cells, cut: new Set() });
};

it('tells a row by its likeliest words', () => {
  expect(label({ id: 'N', note: 'S', title: 'S' }, '1', 'a note', 'Lamp')).toBe('Lamp');
  expect(label({ id: 'N', note: 'S', title: 'S' }, '1', 'a note', null)).toBe('a note');
  expect(label({ code: 'S', name: 'S' }, 'DE', 'Germany')).toBe('Germany');
});

it('tells a person by both names, and what has no words by its day', () => {
  expect(label({ id: 'N', last_name: 'S', first_name: 'S' }, '1', 'Lovelace', 'Ada')).toBe('Ada Lovelace');
  expect(label({ id: 'N', last_name: 'S', first_name: 'S' }, '1', 'Lovelace', null)).toBe('Lovelace');
  expect(label({ id: 'N', total: 'N', at: 'D' }, '1', '2', '2025-01-02')).toBe('2025-01-02');
  expect(label({ id: 'N', total: 'N' }, '1', '2')).toBeNull();
});
