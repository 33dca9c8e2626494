/** Months in a moment: what is packed, joined and forgotten leaves the figures as they were. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { familyOf } from '../../shared/metrics/families.ts';
import { RecordingFile } from './file/recording-file.ts';
import { openWriter, type RecordingWriter } from './file/writer.ts';
import { answer } from './read/questions.ts';
import { series } from './read/series/series.ts';
import type { SessionSample } from './samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'howdah-retention-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const dayMs = 86_400_000;
const base = Date.UTC(2026, 2, 1);
const session = (pid: number, waitEventType: string | null): SessionSample => ({
  pid,
  leaderPid: null,
  database: 'shop',
  user: 'web',
  application: 'app',
  client: null,
  backendType: 'client backend',
  state: 'active',
  waitEventType,
  waitEvent: waitEventType && 'DataFileRead',
  queryId: '42',
  queryHash: null,
  backendStartUs: null,
  xactStartUs: null,
  queryStartUs: null,
  stateChangeUs: null,
  xidAge: null,
  xminAge: null,
  blockedBy: null,
});

const stepMs = 600_000;

/** A tick every ten minutes: two sessions on the CPU, one reading at every other tick; 120 commits a minute. */
function record(writer: RecordingWriter, days: number): void {
  const family = familyOf('database');
  const commits = family?.metrics.findIndex(({ name }) => name === 'xact_commit') ?? -1;
  const values = family?.metrics.map((_, at) => (at === commits ? 1200 : at === 0 ? 7 : 0)) ?? [];
  for (let atMs = base + stepMs, place = 0; atMs <= base + days * dayMs; atMs += stepMs, place++) {
    const sessions = [session(1, null), session(2, null), ...(place % 2 === 0 ? [session(3, 'IO')] : [])];
    const tick = { atMs, plannedMs: stepMs, weightMs: stepMs, tookMs: 1, full: false, sessions, locks: null };
    // Packing is done a step a tick; the same tick again counts nothing, and gives it its time.
    for (let again = 0; again < 20; again++) writer.tick(tick);
    writer.family({
      family: 'database',
      atMs,
      coveredMs: stepMs,
      flags: [],
      complete: true,
      rows: [{ key: ['shop', '1'], values }],
    });
  }
}

it('keeps sums exact over days, joined and after the samples are forgotten', () => {
  const file = join(folder, 'days.howdah');
  const writer = openWriter({ file, name: 'days', everyMs: stepMs });
  writer.setRetention({ rawDays: 1, minuteDays: 2, hourDays: 730, maxBytes: 1e9 });
  record(writer, 4);
  const reader = new RecordingFile(file);
  const span = { fromMs: base, toMs: base + 4 * dayMs };
  const question = { ...span, by: 'class', filters: [], background: false, buckets: 4, top: 5 } as const;
  const days = answer(reader, 'activity', question);
  expect(days.grain).toBe('hour');
  expect(days.coveredMs).toEqual([dayMs, dayMs, dayMs, dayMs]);
  expect(days.series.map(({ key, values }) => [key, values])).toEqual([
    ['CPU', [2, 2, 2, 2]],
    ['IO', [0.5, 0.5, 0.5, 0.5]],
  ]);
  expect(days.peak).toEqual([3, 3, 3, 3]);
  const classed = answer(reader, 'activity', {
    ...question,
    by: 'user',
    filters: [{ dimension: 'class', value: 'IO' }],
  });
  expect(classed.series.map(({ key, values }) => [key, values])).toEqual([['web', [0.5, 0.5, 0.5, 0.5]]]);
  // What narrows by anything but the class needs the samples, which are of the last day and a bit only.
  const narrowed = answer(reader, 'activity', {
    ...question,
    by: 'database',
    filters: [
      { dimension: 'user', value: 'web' },
      { dimension: 'class', value: 'IO' },
    ],
  });
  expect(narrowed.coveredMs.slice(0, 2)).toEqual([0, 0]);
  expect(narrowed.series[0]?.values).toEqual([null, null, expect.anything(), 0.5]);
  const commits = { ...span, family: 'database', metrics: ['xact_commit', 'numbackends'], keys: [], buckets: 96 };
  for (const grain of [0, 1, 2] as const) {
    const [rates, connections] = series(reader, commits, grain).series;
    expect(new Set(rates?.values)).toEqual(new Set([2]));
    expect(new Set(connections?.values)).toEqual(new Set([7]));
  }
  expect(answer(reader, 'table', { ...span, family: 'database' }).rows[0]?.values[1]).toBe(4 * 1440 * 120);
  reader.close();
  writer.close();
});

it('keeps the file under its cap by forgetting the oldest and finest first', () => {
  const file = join(folder, 'cap.howdah');
  const writer = openWriter({ file, name: 'cap', everyMs: stepMs });
  record(writer, 3);
  writer.close();
  const whole = statSync(file).size;
  const again = openWriter({ file, name: 'cap', everyMs: stepMs });
  again.setRetention({ rawDays: 14, minuteDays: 90, hourDays: 730, maxBytes: whole * 0.75 });
  const atMs = base + 3 * dayMs + 1000;
  const tick = { atMs, plannedMs: 1000, weightMs: 1000, tookMs: 1, full: false, sessions: [], locks: null };
  for (let step = 0; step < 60; step++) again.tick(tick);
  again.close();
  expect(statSync(file).size).toBeLessThan(whole * 0.85);
  const reader = new RecordingFile(file);
  const covered = (fromMs: number) =>
    answer(reader, 'activity', {
      fromMs,
      toMs: fromMs + 3_600_000,
      by: 'pid',
      filters: [],
      background: false,
      buckets: 1,
      top: 5,
    }).coveredMs[0];
  expect(covered(base)).toBe(0);
  expect(covered(base + 3 * dayMs - 3_600_000)).toBe(3_600_000);
  reader.close();
});
