import { expect, test } from 'vitest';
import { untilWords } from '../../ui/amounts.ts';
import { cronOf, patternOf, restoredName, usualName } from './backup-words.ts';

test('usual times as cron and back; others are left as they are', () => {
  expect(cronOf('daily', '03:05', '0')).toBe('5 3 * * *');
  expect(cronOf('weekly', '22:30', '6')).toBe('30 22 * * 6');
  for (const [cron, wanted] of [
    ['5 3 * * *', { pattern: 'daily', time: '03:05', day: '0' }],
    ['30 22 * * 6', { pattern: 'weekly', time: '22:30', day: '6' }],
    ['15 * * * *', { pattern: 'hourly', time: '03:00', day: '0' }],
    ['*/5 3 * * 1-5', { pattern: 'own', time: '03:00', day: '0' }],
  ] as const)
    expect(patternOf(cron)).toEqual(wanted);
});

test('a schedule that nobody has named is called by its rhythm', () => {
  const names = ['0 3 * * *', '30 12 * * *', '0 20 * * *', '0 3 * * 0', '5 * * * *', '*/5 3 * * *'].map(usualName);
  expect(names).toEqual(['Nightly', 'Daily', 'Nightly', 'Weekly', 'Hourly', 'Backups']);
});

test('a database that is restored has a name that PostgreSQL keeps', () => {
  expect(restoredName('shop')).toBe('shop_restored');
  expect(restoredName('sent by mail.SQL')).toBe('sent by mail_restored');
  expect(restoredName('ü'.repeat(31))).toBe(`${'ü'.repeat(27)}_restored`);
});

test('a moment from now at a glance', () => {
  const now = Date.UTC(2026, 0, 1);
  expect([10_000, 12 * 60_000, 200 * 60_000, 100 * 3_600_000].map((ms) => untilWords(now + ms, now))).toEqual([
    'now',
    'in 12 m',
    'in 3 h 20 m',
    'in 4 days',
  ]);
});
