import { expect, it, vi } from 'vitest';
import { BulkAllowance, restAfterTexts } from './allowance.ts';

const minute = 60_000;

it('gives its turn at once while there is something left, and makes wait when it is spent', async () => {
  const allowance = new BulkAllowance(50);
  const stop = new AbortController();
  await allowance.turn(stop.signal, 'sizes');
  allowance.spend(49, 'sizes');
  await allowance.turn(stop.signal, 'sizes');
  expect(allowance.isSpent).toBe(false);
  allowance.spend(62, 'sizes');
  expect(allowance.isSpent).toBe(true);
  const waiting = allowance.turn(stop.signal, 'sizes');
  stop.abort();
  await expect(waiting).rejects.toThrow('abort');
});
it('never owes so much that a machine short of processors waits for hours', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const allowance = new BulkAllowance(0);
  for (let step = 0; step < 20; step++) allowance.spend(1_000, 'sizes');
  expect(allowance.isSpent).toBe(true);
  vi.advanceTimersByTime(249_000);
  expect(allowance.isSpent).toBe(false);
  vi.useRealTimers();
});
it('fills with time, but first with what was lent', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const allowance = new BulkAllowance(100);
  allowance.spend(110, 'sizes');
  vi.advanceTimersByTime(250_000);
  expect(allowance.isEmpty).toBe(true);
  vi.advanceTimersByTime(30_000);
  expect(allowance.isEmpty).toBe(false);
  vi.useRealTimers();
});
it('is the turn of who had least', async () => {
  const allowance = new BulkAllowance(0.05);
  const { signal } = new AbortController();
  allowance.spend(0.02, 'catalog');
  allowance.spend(0.04, 'table');
  const turns: string[] = [];
  const all = ['catalog', 'table', 'ages'].map((who) => allowance.turn(signal, who).then(() => turns.push(who)));
  await Promise.all(all);
  // Counters of tables sooner than others.
  expect(turns).toEqual(['ages', 'table', 'catalog']);
});

it('reads the texts of new statements at each poll where that costs little, and seldom where it takes long', () => {
  expect(restAfterTexts(0)).toBeLessThan(minute);
  expect(restAfterTexts(8)).toBeLessThan(minute);
  expect(restAfterTexts(40)).toBe(200_000);
  expect(restAfterTexts(500)).toBe(10 * minute);
  // 5,000 statements with texts of 700 MB.
  expect(restAfterTexts(80_000)).toBe(16_000_000);
});
it('puts much that is new off only where reading takes seconds', () => {
  expect(restAfterTexts(200, true)).toBeLessThan(minute);
  expect(restAfterTexts(80_000, true)).toBe(16_000_000);
});
