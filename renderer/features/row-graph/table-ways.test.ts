import { expect, it } from 'vitest';
import type { Reference } from '../../../shared/api/data.ts';
import { type Hop, hopTo, tableWays } from './table-ways.ts';

/** Tables by number, and which refers to which. */
const hopsIn = (keys: readonly (readonly [number, number])[]) => async (table: number) =>
  keys.flatMap(([from, to]): Hop[] => {
    const hop = (oid: number, outward: boolean): Hop => ({
      from: table,
      outward,
      reference: {
        constraint: `${from}>${to}`,
        columns: [1],
        other: { oid, kind: 'table', schema: 's', name: String(oid) },
        otherColumns: ['id'],
        labelColumns: [],
      } satisfies Reference,
    });
    return from === table ? [hop(to, true)] : to === table ? [hop(from, false)] : [];
  });
const told = async (from: number, to: number, keys: readonly (readonly [number, number])[]) => {
  const ways: string[] = [];
  for await (const way of tableWays(from, to, hopsIn(keys))) ways.push([from, ...way.map(hopTo)].join(' '));
  return ways;
};

it('tells the shortest ways first, along keys in either direction, and passes no table twice', async () => {
  // 1 customer, 2 order, 3 line, 4 product, 5 category, 6 wish
  const keys = [[2, 1], [3, 2], [3, 4], [4, 5], [5, 5], [6, 1], [6, 4]] as const; // biome-ignore format: a list
  expect(await told(1, 4, keys)).toEqual(['1 6 4', '1 2 3 4']);
  // A short way does not hide a longer one.
  expect(await told(1, 4, [...keys, [4, 1]])).toEqual(['1 4', '1 6 4', '1 2 3 4']);
  expect(await told(4, 4, keys)).toEqual(['4 5 4', '4 3 2 1 6 4', '4 6 1 2 3 4']);
  expect(await told(5, 5, keys)).toEqual(['5 5']);
});

it('says nothing where there is no way', async () => {
  expect(await told(1, 9, [[2, 1]])).toEqual([]);
});

it('stays finite where everything refers to everything', async () => {
  const keys = Array.from({ length: 40 }, (_, a) => Array.from({ length: 40 }, (__, b) => [a, b] as const)).flat();
  expect(await told(0, 39, keys)).toHaveLength(40);
});
