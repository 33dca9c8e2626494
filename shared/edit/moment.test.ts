import { expect, it } from 'vitest';
import { isIsoDay, momentNow, offsets, readMoment, withTime, writeMoment } from './moment.ts';

it('reads and writes what PostgreSQL writes, and nothing else', () => {
  for (const [kind, text] of [
    ['date', '2026-02-28'],
    ['timestamp', '2026-02-28 23:59:59.123456'],
    ['timestamptz', '2026-02-28 23:59:59-03:30'],
  ] as const) {
    const moment = readMoment(kind, text);
    expect(moment && writeMoment(kind, moment)).toBe(text);
  }
  for (const text of ['infinity', '0044-03-15 BC', '12026-01-01', '2026-02-28 10:00', 'now', '2026-02-28 10:00:00+01'])
    expect(readMoment('timestamp', text)).toBeNull();
  expect(readMoment('timestamptz', '2026-02-28 10:00:00')).toBeNull();
});

it('keeps what is finer than the clock of the page', () => {
  const moment = { date: '2026-02-28', time: '10:20:30.5', zone: '+01' };
  expect(withTime(moment, '10:20:30').time).toBe('10:20:30.5');
  expect(withTime(moment, '10:21').time).toBe('10:21:00');
  expect(momentNow(new Date(2026, 1, 3, 4, 5, 6))).toMatchObject({ date: '2026-02-03', time: '04:05:06' });
  expect(momentNow(new Date()).zone).toMatch(/^[+-]\d\d(:\d\d)?$/);
  expect([offsets[0], offsets.at(-1), offsets.indexOf('-03:30') < offsets.indexOf('-03')]).toEqual([
    '-12',
    '+14',
    true,
  ]);
});

it('a day that no setting makes another of', () => {
  for (const text of [
    '2026-02-01',
    '2026-02-01 10:00:00.5+00',
    '0044-03-15 BC',
    '294276-12-31 23:59:59',
    'infinity',
    '-infinity',
  ])
    expect(isIsoDay(text), text).toBe(true);
  for (const text of ['01/02/2026', '01-02-2026', '01.02.2026 10:00:00', 'Sun Feb 01 10:00:00 2026', '2026-02-01x', ''])
    expect(isIsoDay(text), text).toBe(false);
});
