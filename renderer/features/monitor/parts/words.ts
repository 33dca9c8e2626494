/** Texts of servers in the width of a cell. */
import { shownAmount } from '../../../../shared/metrics/units.ts';
import { visibleText } from '../../../ui/visible-text.ts';

const longestCell = 300;

/** A statement in one line. */
export const oneLine = (text: string | null): string =>
  text === null ? '' : visibleText(text.slice(0, longestCell).replace(/\s+/g, ' ').trim());

/** How long ago, at an instant: "12 s"; empty where not known. */
export const ageAt = (sinceMs: number | null, atMs: number): string =>
  sinceMs === null ? '' : shownAmount(Math.max(0, atMs - sinceMs), { unit: 'ms' });

/** A share of 1 in percent: "12.4 %". */
export const percent = (share: number): string => `${(share * 100).toFixed(share < 0.0995 ? 1 : 0)} %`;

/** "1 session", "3 sessions". */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
