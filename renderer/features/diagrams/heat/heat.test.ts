import { expect, it } from 'vitest';
import type { DiagramGraph } from '../../../../shared/api/diagrams.ts';
import { heatOf, heatText, lockWaits, withPartitions } from './heat.ts';

const table = (id: string, parent: string | null = null) => ({ id, parent }) as DiagramGraph['tables'][number];

it('adds partitions to the tables they belong to', () => {
  const graph = { tables: [table('a'), table('b', 'a'), table('c', 'b'), table('d')], keys: [], types: [] };
  const amounts = new Map([
    ['b', 2],
    ['c', 3],
    ['d', 7],
  ]);
  expect([...withPartitions(amounts, graph)].sort()).toEqual([
    ['a', 5],
    ['b', 5],
    ['c', 3],
    ['d', 7],
  ]);
});

it('is hottest where there is most, and cold where there is nothing or less than before', () => {
  const heat = heatOf(
    new Map([
      ['most', 1_000],
      ['some', 10],
      ['none', 0],
      ['less', -5],
    ]),
    (amount) => heatText('growth', amount),
  );
  expect(heat.get('most')).toEqual({ share: 1, text: '+1000 B' });
  expect(heat.get('none')?.share).toBe(0);
  expect(heat.get('less')).toEqual({ share: 0, text: '−5 B' });
  const some = heat.get('some')?.share ?? 0;
  expect(some > 0.2 && some < 0.5).toBe(true);
  expect(heatOf(new Map([['a', 0]]), String).get('a')?.share).toBe(0);
});

it('counts waits for a table and for its rows together, and leaves out what is of no table', () => {
  const waits = [
    { relation: 'public.stock', blockedSeconds: 3 },
    { relation: 'public.stock', blockedSeconds: 0.5 },
    { relation: null, blockedSeconds: 100 },
    { relation: 'public.orders', blockedSeconds: 1 },
  ];
  expect([...lockWaits(waits)]).toEqual([
    ['public.stock', 3.5],
    ['public.orders', 1],
  ]);
});
