import { expect, it } from 'vitest';
import { withSeparators } from './counts.ts';

it('separates thousands of what is counted, and of nothing else', () => {
  expect(withSeparators('Estimated rows', '1234567')).toBe('1,234,567');
  expect(withSeparators('Live rows', '-123456')).toBe('-123,456');
  expect(withSeparators('Pages', '999')).toBe('999');
  expect(withSeparators('Estimated rows', 'never analyzed')).toBe('never analyzed');
  expect(withSeparators('Oid', '1234567')).toBe('1234567');
  expect(withSeparators('Default', '100000')).toBe('100000');
});
