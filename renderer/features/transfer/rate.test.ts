import { expect, it } from 'vitest';
import { rateAndRest } from './rate.ts';

it('says nothing at first, and nothing of a rest that it cannot know', () => {
  expect(rateAndRest(5000, 10_000, 400)).toEqual({ rate: null, restMs: null });
  expect(rateAndRest(0, 10_000, 4000)).toEqual({ rate: null, restMs: null });
  expect(rateAndRest(5000, null, 2000)).toEqual({ rate: 2500, restMs: null });
  // More rows than the statistics thought.
  expect(rateAndRest(5000, 4000, 2000)).toEqual({ rate: 2500, restMs: null });
  expect(rateAndRest(5000, 10_000, 2000)).toEqual({ rate: 2500, restMs: 2000 });
});
