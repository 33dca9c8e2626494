import { expect, it } from 'vitest';
import { BulkAllowance } from './allowance.ts';

it('gives its turn at once while there is something left, and makes wait when it is spent', async () => {
  const allowance = new BulkAllowance(50);
  const stop = new AbortController();
  await allowance.turn(stop.signal);
  allowance.spend(49);
  await allowance.turn(stop.signal);
  expect(allowance.isSpent).toBe(false);
  allowance.spend(102);
  expect(allowance.isSpent).toBe(true);
  const waiting = allowance.turn(stop.signal);
  stop.abort();
  await expect(waiting).rejects.toThrow('abort');
});
it('fills with time', async () => {
  const allowance = new BulkAllowance(50);
  allowance.spend(50.001);
  await allowance.turn(new AbortController().signal);
});
