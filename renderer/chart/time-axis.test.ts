import { expect, it } from 'vitest';
import { axisLabels, shownInstant, shownLength, shownRange } from './time-axis.ts';

const at = (year: number, month: number, day: number, hour = 0, minute = 0, second = 0) =>
  new Date(year, month, day, hour, minute, second).getTime();

it('labels an axis as finely as its steps, and says where a day begins', () => {
  const evening = at(2026, 10, 20, 23, 30);
  expect(axisLabels([evening, evening + 1_800_000, evening + 3_600_000], 1_800_000)).toEqual([
    '23:30',
    '21 Nov',
    '00:30',
  ]);
  expect(axisLabels([at(2026, 10, 20, 9, 0, 15)], 15_000)).toEqual(['09:00:15']);
  expect(axisLabels([at(2025, 11, 31), at(2026, 0, 1)], 86_400_000)).toEqual(['31 Dec', '1 Jan 2026']);
});

it('says the day where it is not today', () => {
  const now = at(2026, 10, 21, 12);
  expect(shownInstant(at(2026, 10, 21, 9, 5, 7), now)).toBe('09:05:07');
  expect(shownInstant(at(2026, 10, 20, 9, 5, 7), now)).toBe('20 Nov 09:05:07');
  expect(shownInstant(at(2025, 10, 20, 9, 5, 7), now, false)).toBe('20 Nov 2025 09:05');
  expect(shownRange({ fromMs: at(2026, 10, 20, 9), toMs: at(2026, 10, 20, 10) }, now)).toBe('20 Nov 09:00 – 10:00');
});

it('names lengths', () => {
  expect([300_000, 3_600_000, 129_600_000, 63_072_000_000].map(shownLength)).toEqual(['5 min', '1 h', '1.5 d', '2 y']);
});
