/** Schedules over a clock that jumps: nothing is made twice, what was missed is made once, and none waits for ever. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type BackupStore, createBackupStore, type KeptSchedule } from '../../store/backups.ts';
import { type OpenedStore, openStore } from '../../store/open.ts';
import { momentsOf, watchSchedules } from './schedules.ts';

let folder: string;
let opened: OpenedStore;
let store: BackupStore;
let stop: () => void;
let runs: string[];
const at = (text: string): number => new Date(text).getTime();
const nightly: KeptSchedule = {
  id: 'nightly',
  name: 'Nightly',
  connectionId: 'shop',
  database: 'shop',
  cron: '0 3 * * *',
  choice: { rows: 'all', jobs: 1, level: 1 },
  keep: { last: 1, days: 0, weeks: 0, months: 0 },
  enabled: true,
  drill: false,
  notify: 'none',
  webhook: null,
  email: false,
  lastMs: at('2026-03-10T03:00:00'),
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-schedules-'));
  opened = openStore(folder);
  store = createBackupStore(opened.db);
  store.putSchedule(nightly);
  runs = [];
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  vi.setSystemTime(at('2026-03-10T12:00:00'));
  stop = watchSchedules(store, () => void runs.push(new Date().toISOString()));
});
afterEach(() => {
  stop();
  vi.useRealTimers();
  opened.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
/** The clock says so from now on, and a minute goes by. */
const minuteFrom = (text: string): number => {
  vi.setSystemTime(at(text));
  vi.advanceTimersByTime(60_000);
  return runs.length;
};

it('makes one for the nights that were slept through', () => {
  expect(minuteFrom('2026-03-10T12:00:00')).toBe(0);
  expect(minuteFrom('2026-03-14T09:00:00')).toBe(1);
  expect(minuteFrom('2026-03-14T23:00:00')).toBe(1);
  expect(minuteFrom('2026-03-15T03:00:00')).toBe(2);
});

it('makes none again for an hour that comes twice', () => {
  expect(minuteFrom('2026-03-11T03:00:00')).toBe(1);
  expect(minuteFrom('2026-03-11T02:30:00')).toBe(1);
  expect(minuteFrom('2026-03-11T03:00:30')).toBe(1);
  expect(minuteFrom('2026-03-12T03:00:00')).toBe(2);
});

it('goes on from a clock that had been years ahead', () => {
  expect(minuteFrom('2036-01-01T04:00:00')).toBe(1);
  expect(minuteFrom('2026-03-11T02:50:00')).toBe(1);
  expect(minuteFrom('2026-03-12T03:00:00')).toBe(2);
});

it('says what a cron pattern is made of', () => {
  expect(() => momentsOf('at night', 1)).toThrow('five parts: minute, hour, day of the month, month and weekday');
  expect(() => momentsOf('61 3 * * *', 1)).toThrow(/^This is no cron pattern: /);
  expect(momentsOf('@daily', 2)).toHaveLength(2);
});
