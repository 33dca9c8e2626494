/** The promises of the layout over made-up schemas: nothing covers anything, a sheet like a screen, the isolated in a grid. */
import ELK from 'elkjs/lib/elk.bundled.js';
import { expect, it } from 'vitest';
import { fc } from '../../../tests/fixtures/properties.ts';
import { boundsOf, type Placed } from './fold.ts';
import { layoutGraph } from './layout-graph.ts';
import { modulesOf, type Pair } from './modules.ts';

const elk = new ELK();
const laid = async (sizes: readonly { width: number; height: number }[], edges: readonly Pair[]): Promise<Placed[]> => {
  const places = await layoutGraph(sizes, edges, (graph) => elk.layout(graph));
  return sizes.map((size, at) => ({ ...size, x: places[at]?.x ?? Number.NaN, y: places[at]?.y ?? Number.NaN }));
};

function overlaps(boxes: readonly Placed[]): [number, number][] {
  return boxes.flatMap((a, at) =>
    boxes
      .slice(0, at)
      .flatMap((b, other): [number, number][] =>
        a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height ? [[other, at]] : [],
      ),
  );
}

const size = fc.record({ width: fc.integer({ min: 140, max: 340 }), height: fc.integer({ min: 28, max: 700 }) });
/** Each table refers to some before it, as a hub, a neighbour or at random; some to nothing at all, or to themselves. */
const schema = fc.array(
  fc.record({
    size,
    refers: fc.array(fc.tuple(fc.constantFrom('hub', 'near', 'any', 'self'), fc.nat(1000)), { maxLength: 3 }),
  }),
  { minLength: 24, maxLength: 140 },
);
type Made = { size: { width: number; height: number }; refers: [string, number][] };
const edgesOf = (tables: readonly Made[]): Pair[] =>
  tables.flatMap(({ refers }, at) =>
    refers.map(([how, number]): Pair => {
      if (how === 'self' || at === 0) return [at, at];
      return [
        at,
        how === 'hub' ? number % Math.min(at, 2) : how === 'near' ? at - 1 - (number % Math.min(at, 6)) : number % at,
      ];
    }),
  );

it('covers nothing, and keeps to the shape of a screen, whatever the schema', async () => {
  await fc.assert(
    fc.asyncProperty(schema, async (tables) => {
      const boxes = await laid(
        tables.map((table) => table.size),
        edgesOf(tables),
      );
      expect(overlaps(boxes)).toEqual([]);
      const { width, height } = boundsOf(boxes);
      expect(width / height).toBeGreaterThan(0.4);
      expect(width / height).toBeLessThan(2);
    }),
    { numRuns: 30 },
  );
});

it.each([
  ['a chain', (at: number) => at - 1],
  ['a star', () => 0],
  ['two hubs', (at: number) => (at === 1 ? 0 : at % 2)],
])('holds for %s of 150', async (_, target) => {
  const sizes = Array.from({ length: 150 }, (_, at) => ({ width: 200, height: 80 + (at % 7) * 40 }));
  const boxes = await laid(
    sizes,
    Array.from({ length: 149 }, (_, at): Pair => [at + 1, target(at + 1)]),
  );
  expect(overlaps(boxes)).toEqual([]);
  const { width, height } = boundsOf(boxes);
  expect(width / height).toBeGreaterThan(0.4);
  expect(width / height).toBeLessThan(2);
});

it('puts what has no edge into columns below the rest', async () => {
  const sizes = Array.from({ length: 60 }, () => ({ width: 200, height: 100 }));
  const boxes = await laid(sizes, [
    [1, 0],
    [2, 0],
  ]);
  const isolated = boxes.slice(3);
  const lowest = Math.max(...boxes.slice(0, 3).map(({ y, height }) => y + height));
  expect(isolated.every(({ y }) => y > lowest)).toBe(true);
  const columns = new Set(isolated.map(({ x }) => x));
  expect(columns.size).toBeLessThan(15);
  expect(overlaps(boxes)).toEqual([]);
});

it('finds modules that hang together and are not too large', async () => {
  const ring = (from: number): Pair[] => Array.from({ length: 10 }, (_, at) => [from + at, from + ((at + 1) % 10)]);
  const edges: Pair[] = [...ring(0), ...ring(10), ...ring(20), [0, 10], [10, 20]];
  const modules = await modulesOf(31, edges, 12, async () => undefined);
  expect(modules.map((members) => members.toSorted((a, b) => a - b))).toEqual(
    [0, 10, 20].map((from) => Array.from({ length: 10 }, (_, at) => from + at)),
  );
});
