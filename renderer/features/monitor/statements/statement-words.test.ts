import { expect, it } from 'vitest';
import { changeWords, flagsWords, markOf } from './statement-words.ts';

it('marks what is new and what has become slower, not what was called twice', () => {
  expect(markOf({ isNew: true, meanChange: null, calls: 1 })).toBe('new');
  expect(markOf({ isNew: false, meanChange: 1, calls: 100 })).toBe('slower');
  expect(markOf({ isNew: false, meanChange: 1, calls: 2 })).toBe(null);
  expect(markOf({ isNew: false, meanChange: -0.5, calls: 100 })).toBe('faster');
  expect(markOf({ isNew: false, meanChange: 0.2, calls: 100 })).toBe(null);
});

it('says changes and flags in words', () => {
  expect(changeWords(1.345)).toBe('2.3 times slower than in the stretch before');
  expect(changeWords(-0.95)).toBe('20 times faster than in the stretch before');
  expect(flagsWords(['reset', 'odd'])).toBe('statistics were reset meanwhile: at least this; odd');
});
