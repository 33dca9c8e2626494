import { expect, test } from 'vitest';
import { forVersion } from './load-schema.ts';

const script = `a
b, -- since 15
c -- before 15
-- since 14
d
-- end since
e -- a comment since 15 years
-- before 14
f
-- end before
g`;

test('keeps the lines that are for the server, and their numbers', () => {
  expect(forVersion(script, 13)).toBe('a\n\nc\n\n\n\ne -- a comment since 15 years\n\nf\n\ng');
  expect(forVersion(script, 14)).toBe('a\n\nc\n\nd\n\ne -- a comment since 15 years\n\n\n\ng');
  expect(forVersion(script, 18)).toBe('a\nb,\n\n\nd\n\ne -- a comment since 15 years\n\n\n\ng');
});
