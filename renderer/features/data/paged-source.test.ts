import { expect, test } from 'vitest';
import type { DataPage, PageFrom } from '../../../shared/api/data.ts';
import { fc } from '../../../tests/fixtures/properties.ts';
import { blockRows, PagedSource } from './paged-source.ts';

/** A table of numbers: what the server would answer. `skew`: by how much it is mistaken about a place. */
function tableOf(size: () => number, skew = 0) {
  const asked: PageFrom[] = [];
  const load = async (from: PageFrom, count: number): Promise<DataPage> => {
    asked.push(from);
    const at = 'place' in from ? Number(from.place[0]) : 0;
    const backwards = from.kind === 'before' || from.kind === 'end';
    let first = 0;
    if (from.kind === 'after') first = at + 1;
    if (from.kind === 'at') first = at;
    if (from.kind === 'offset') first = from.offset;
    if (from.kind === 'about') first = Math.max(0, Math.min(size() - 1, Math.floor(from.fraction * size()) + skew));
    if (backwards) first = Math.max(0, (from.kind === 'end' ? size() : at) - count);
    const end = backwards ? (from.kind === 'end' ? size() : at) : Math.min(size(), first + count);
    const numbers = Array.from({ length: Math.max(0, end - first) }, (_, step) => String(first + step));
    return {
      rows: numbers.map((number) => [number]),
      cut: [],
      places: numbers.map((number) => [number]),
      keys: numbers.map((number) => [number]),
      more: backwards ? first > 0 : end < size(),
      tookMs: 0,
    };
  };
  return { asked, load };
}
const columns = [{ name: 'n', typeName: 'bigint', category: 'N' }];

async function settled(source: PagedSource): Promise<void> {
  for (let turn = 0; turn < 1000; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (!source.busy) return;
  }
  throw new Error('it never came to rest');
}
const make = (size: () => number, skew?: number, onRenumber?: (by: number) => void) => {
  const { asked, load } = tableOf(size, skew);
  const source = new PagedSource({
    columns,
    paging: 'key',
    load,
    describe: String,
    ...(onRenumber ? { onRenumber } : {}),
  });
  return { asked, source };
};
const shown = (source: PagedSource, row: number) => source.row(row)?.cells[0];

test('goes through all rows without ever counting those before', async () => {
  const { asked, source } = make(() => 1_234);
  source.request(0, 50);
  await settled(source);
  source.setTotal(100_000, false);
  for (let row = 0; row < source.rowCount; row += 40) {
    source.request(row, 50);
    await settled(source);
    if (row < 1_234) expect(shown(source, row)).toBe(String(row));
  }
  expect(source.rowCount).toBe(1_234);
  expect(source.exact).toBe(true);
  expect(asked.map(({ kind }) => kind)).toEqual(['start', ...Array(6).fill('after')]);
});

test('jumps, says that numbers are about right, and rights them at the ends', async () => {
  let size = 5_000_000;
  let moved = 0;
  const { asked, source } = make(
    () => size,
    -3_000,
    (by) => {
      moved += by;
    },
  );
  source.request(0, 50);
  await settled(source);
  source.setTotal(size, false);
  source.request(2_500_000, 50);
  await settled(source);
  expect(asked.some(({ kind }) => kind === 'about')).toBe(true);
  expect(source.numberAt(2_500_000)).toBe('~2,500,001');
  const here = Number(shown(source, 2_500_000));
  source.request(2_500_000 - 10 * blockRows, 50);
  await settled(source);
  // Not next to what is there: another jump. Step by step it is what goes before.
  source.request(2_500_000, 50);
  await settled(source);
  source.request(2_500_000 - blockRows, 50);
  await settled(source);
  expect(Number(shown(source, 2_500_000 - blockRows))).toBe(Number(shown(source, 2_500_000)) - blockRows);
  expect(here).toBeGreaterThan(2_000_000);
  // The end is where the server says.
  source.request(source.rowCount - 20, 20);
  await settled(source);
  expect(shown(source, source.rowCount - 1)).toBe(String(size - 1));
  // Near the start of the numbers there are rows before: they get numbers too.
  source.request(3_000, 50);
  await settled(source);
  size = 5_000_000;
  for (let row = 3_000; row > 0 && moved === 0; row -= blockRows) {
    source.request(Math.max(0, row - blockRows), 50);
    await settled(source);
  }
  expect(shown(source, 0) ?? '0').toBe('0');
});

test('whatever one looks at, rows in sight follow each other and no number is wrong that is said to be right', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 30_000 }),
      fc.boolean(),
      fc.array(fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom('down', 'up', 'again')), {
        maxLength: 25,
      }),
      async (size, exact, moves) => {
        const { source } = make(() => size, 7);
        let at = 0;
        source.request(0, 40);
        await settled(source);
        source.setTotal(exact ? size : Math.round(size * 1.3) + 500, exact);
        for (const move of moves) {
          if (move === 'again') source.refresh(false);
          else if (move === 'down') at += 130;
          else if (move === 'up') at -= 130;
          else at = Math.floor(move * source.rowCount);
          at = Math.max(0, Math.min(at, Math.max(0, source.rowCount - 40)));
          source.request(at, 40);
          await settled(source);
          expect(source.failure()).toBeUndefined();
          for (let row = at; row < Math.min(at + 39, source.rowCount - 1); row++) {
            const [one, next] = [shown(source, row), shown(source, row + 1)];
            if (one === undefined || next === undefined) continue;
            expect(Number(next)).toBe(Number(one) + 1);
            if (!source.numberAt(row).startsWith('~')) expect(one).toBe(String(row));
          }
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('marks what is another since the last look, without a flicker', async () => {
  let changed = false;
  const { load } = tableOf(() => 10);
  const source = new PagedSource({
    columns,
    paging: 'key',
    describe: String,
    load: async (from, count) => {
      const page = await load(from, count);
      return changed ? { ...page, rows: page.rows.map(([n]) => [n === '3' ? 'three' : (n ?? null)]) } : page;
    },
  });
  source.request(0, 10);
  await settled(source);
  changed = true;
  source.refresh(true);
  expect(shown(source, 3)).toBe('3');
  await settled(source);
  expect(shown(source, 3)).toBe('three');
  expect(source.row(3)?.marks?.get(0)).toBe('changed');
  expect(source.row(4)?.marks).toBeUndefined();
});
