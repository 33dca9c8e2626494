import { expect, test } from 'vitest';
import { RowSums } from './row-sums.ts';

const sumsOf = (...pieces: string[]): RowSums => {
  const sums = new RowSums();
  for (const piece of pieces) sums.append(Buffer.from(piece));
  return sums;
};

test('the same lines are equal in any order and in any pieces', () => {
  const sums = sumsOf('1\tone\n2\ttwo\n3\tthree\n');
  expect(sums.rows).toBe(3);
  expect(sumsOf('3\tthr', 'ee\n1\tone\n', '2\ttwo\n').equals(sums)).toBe(true);
});

test('a changed value, a lost line, a line twice and values that changed places are seen', () => {
  const sums = sumsOf('1\tone\n2\ttwo\n3\tthree\n');
  for (const other of [
    '1\tone\n2\ttwo\n3\tthreE\n',
    '1\tone\n2\ttwo\n',
    '1\tone\n2\ttwo\n2\ttwo\n',
    '1\ttwo\n2\tone\n3\tthree\n',
  ])
    expect(sumsOf(other).equals(sums)).toBe(false);
});

test('only the asked part of a buffer counts', () => {
  const sums = new RowSums();
  const bytes = Buffer.from('skip\n1\tone\n2\ttwo\nskip\n');
  sums.append(bytes, 5, 8);
  sums.append(bytes, 8, 17);
  expect(sums.equals(sumsOf('2\ttwo\n1\tone\n'))).toBe(true);
});
