/** What was written is what is read: figures counted by hand from the samples, beside the answers of the file. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { table } from '../../shared/metrics/families/relation.ts';
import { generatedToMs, generateRecording } from '../../tests/fixtures/generate-recording.ts';
import { smallDisk } from '../../tests/fixtures/small-disk.ts';
import { RecordingFile } from './file/recording-file.ts';
import { openWriter } from './file/writer.ts';
import { activity } from './read/activity/activity.ts';
import { answer } from './read/questions.ts';
import type { SessionSample, Tick } from './samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'howdah-recording-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const base = Date.UTC(2026, 2, 2, 12);
const session = (pid: number, more: Partial<SessionSample> = {}): SessionSample => ({
  pid,
  leaderPid: null,
  database: 'shop',
  user: 'web',
  application: 'app',
  client: '10.0.0.1',
  backendType: 'client backend',
  state: 'active',
  waitEventType: null,
  waitEvent: null,
  queryId: '42',
  queryHash: null,
  backendStartUs: base * 1000,
  xactStartUs: base * 1000,
  queryStartUs: base * 1000,
  stateChangeUs: base * 1000,
  xidAge: null,
  xminAge: null,
  blockedBy: null,
  ...more,
});
const tick = (atMs: number, sessions: SessionSample[], more: Partial<Tick> = {}): Tick => ({
  atMs,
  plannedMs: 1000,
  weightMs: 1000,
  tookMs: 1,
  full: false,
  sessions,
  locks: null,
  ...more,
});

describe('a recording being made', () => {
  const file = join(folder, 'live.howdah');
  const writer = openWriter({ file, name: 'live' });
  const span = { fromMs: base, toMs: base + 600_000 };
  const question = { ...span, by: 'class', filters: [], background: false, buckets: 10, top: 10 } as const;
  let reader: RecordingFile;
  beforeAll(() => {
    for (let second = 1; second <= 150; second++)
      writer.tick(
        tick(base + second * 1000, [
          session(1),
          session(2, { waitEventType: 'IO', waitEvent: 'DataFileRead', queryId: '43' }),
          session(3, { state: 'idle in transaction', waitEventType: 'Client', waitEvent: 'ClientRead' }),
          session(4, { state: null, waitEventType: null }),
          session(5, { backendType: 'walwriter', state: null, waitEventType: 'IO', waitEvent: 'WALSync' }),
        ]),
      );
    reader = new RecordingFile(file);
  });
  afterAll(() => {
    reader.close();
    writer.close();
  });

  it('is read up to its last tick', () => {
    expect(answer(reader, 'span', {})).toMatchObject({ fromMs: base, toMs: base + 150_000, gaps: [] });
    expect(answer(reader, 'sessions', { atMs: base + 150_400, idle: true }).atMs).toBe(base + 150_000);
    expect(answer(reader, 'sessions', { atMs: base + 400_000, idle: true }).atMs).toBeNull();
  });
  it('counts each session-second once, from sums and from samples alike', () => {
    const expected = [
      ['CPU', 150_000],
      ['IO', 150_000],
      ['IdleTx', 150_000],
    ];
    const byMinute = answer(reader, 'activity', question);
    expect(byMinute.grain).toBe('minute');
    expect(byMinute.series.map(({ key, totalMs }) => [key, totalMs])).toEqual(expected);
    expect(byMinute.coveredMs.slice(0, 4)).toEqual([60_000, 60_000, 30_000, 0]);
    expect(byMinute.series[0]?.values.slice(0, 4)).toEqual([1, 1, 1, null]);
    expect(byMinute.peak.slice(0, 4)).toEqual([2, 2, 2, null]);
    const bySecond = answer(reader, 'activity', { ...question, toMs: base + 150_000, buckets: 100 });
    expect(bySecond.grain).toBe('raw');
    expect(bySecond.stepMs).toBe(1500);
    expect(bySecond.series.map(({ key, totalMs }) => [key, totalMs])).toEqual(expected);
    expect(new Set(bySecond.series.flatMap(({ values }) => values))).toEqual(new Set([1]));
  });
  it('splits by any dimension, narrows by others, and leaves out what is no load', () => {
    const ask = (
      by: Parameters<typeof activity>[1]['by'],
      filters: Parameters<typeof activity>[1]['filters'],
      background = false,
    ) => activity(reader, { ...question, by, filters, background }).series.map(({ key, totalMs }) => [key, totalMs]);
    expect(ask('query', [])).toEqual([
      ['42', 150_000],
      ['43', 150_000],
    ]);
    expect(ask('pid', [{ dimension: 'class', value: 'IO' }])).toEqual([['2', 150_000]]);
    expect(ask('pid', [{ dimension: 'class', value: 'IO' }], true)).toEqual([
      ['2', 150_000],
      ['5', 150_000],
    ]);
    expect(ask('pid', [{ dimension: 'class', value: 'IdleTx' }])).toEqual([['3', 150_000]]);
    expect(ask('user', [{ dimension: 'event', value: 'IO:DataFileRead' }])).toEqual([['web', 150_000]]);
  });
  it('says how sure a share is', () => {
    const { shares, totalMs } = answer(reader, 'shares', {
      ...span,
      by: 'query',
      filters: [],
      background: false,
      limit: 5,
    });
    expect(totalMs).toBe(300_000);
    expect(shares[0]).toMatchObject({
      key: '42',
      sessionMs: 150_000,
      samples: 150,
      share: 0.5,
      byClass: { CPU: 150_000 },
    });
    expect(shares[0]?.shareError).toBeCloseTo(1.96 * Math.sqrt(0.25 / 300), 6);
  });
  it('estimates statements from samples where the extension is missing', () => {
    const { sampled, statements } = answer(reader, 'statements', { ...span, order: 'totalMs', limit: 5 });
    expect(sampled).toBe(true);
    expect(statements.map(({ queryId, totalMs, calls }) => [queryId, totalMs, calls])).toEqual([
      ['42', 150_000, 1],
      ['43', 150_000, 1],
    ]);
    expect(statements[0]?.totalMsError).toBeCloseTo(1.96 * Math.sqrt(0.25 / 300) * 300_000, 3);
  });
  it('tells a family that was asked once only', async () => {
    const file = join(folder, 'young.howdah');
    const writer = openWriter({ file, name: 'young' });
    const values = table.metrics.map(({ kind }) => (kind === 'counter' ? null : 7));
    const rows = [{ key: ['shop', 'public', 'orders', '1'], values }];
    writer.tick(tick(base, []));
    writer.family({ family: 'table', atMs: base + 300, coveredMs: 0, flags: ['first'], complete: true, rows });
    writer.tick(tick(base + 1000, []));
    writer.close();
    const young = new RecordingFile(file);
    expect(answer(young, 'table', { family: 'table', fromMs: base, toMs: base + 1000 }).rows).toHaveLength(1);
    young.close();
  });

  it('is written by one alone', () => {
    expect(() => openWriter({ file, name: 'again' })).toThrow(/being written by another Howdah/);
  });
});

it('on a disk that fills says so, and what was written by then is read', ({ skip }) => {
  const disk = smallDisk();
  if (disk === null) return skip('no disk may be mounted here');
  try {
    const file = join(disk.folder, 'full.howdah');
    const writer = openWriter({ file, name: 'full' });
    let seconds = 0;
    const untilFull = () => {
      for (;;) {
        const queryId = String(seconds + 1);
        const text = randomBytes(10_000).toString('base64');
        writer.text({ queryId, queryHash: null, text, normalised: true });
        writer.tick(tick(base + (seconds + 1) * 1000, [session(1, { queryId })]));
        seconds++;
      }
    };
    expect(untilFull).toThrow(
      'The disk is full: full.howdah cannot grow. Free some space and start the recording again.',
    );
    expect(seconds).toBeGreaterThan(100);
    expect(() => writer.close()).toThrow('The disk is full');
    const reader = new RecordingFile(file);
    expect(reader.span()?.toMs).toBe(base + seconds * 1000);
    const question = {
      fromMs: base,
      toMs: base + seconds * 1000,
      by: 'class',
      filters: [],
      background: false,
    } as const;
    expect(activity(reader, { ...question, buckets: 1, top: 10 }).series[0]?.totalMs).toBe(seconds * 1000);
    reader.close();
  } finally {
    disk.remove();
  }
});

describe('families', () => {
  it('add up exactly over any stretch, whatever has been packed by then', () => {
    const file = join(folder, 'families.howdah');
    const writer = openWriter({ file, name: 'families' });
    const calls = (atMs: number, count: number) =>
      writer.family({
        family: 'statement',
        atMs,
        coveredMs: 60_000,
        flags: [],
        complete: false,
        rows: [{ key: ['1', '2', '42', 't'], values: [count, count * 1.5] }],
      });
    const minutes = 5 * 60;
    for (let minute = 1; minute <= minutes; minute++) {
      writer.tick(tick(base + minute * 60_000, []));
      for (let step = 0; step < 60; step++) writer.tick(tick(base + minute * 60_000 + 1 + step, [], { weightMs: 0 }));
      calls(base + minute * 60_000 + 20_000, minute);
    }
    const reader = new RecordingFile(file);
    const asked = (fromMinute: number, toMinute: number) =>
      answer(reader, 'statements', {
        fromMs: base + fromMinute * 60_000 + 20_000,
        toMs: base + toMinute * 60_000 + 20_000,
        order: 'calls',
        limit: 10,
      });
    const sum = (from: number, to: number) => ((to - from) * (from + 1 + to)) / 2;
    for (const [from, to] of [
      [0, minutes],
      [7, 11],
      [59, 61],
      [10, 290],
      [119, 240],
    ] as const) {
      const { statements, coveredMs } = asked(from, to);
      expect(statements[0]?.calls).toBe(sum(from, to));
      expect(statements[0]?.totalMs).toBeCloseTo(sum(from, to) * 1.5, 3);
      expect(coveredMs).toBe((to - from) * 60_000);
    }
    expect(asked(60, 120).statements[0]?.meanChange).toBeCloseTo(0, 6);
    const curve = answer(reader, 'series', {
      fromMs: base + 20_000,
      toMs: base + minutes * 60_000 + 20_000,
      family: 'statement',
      metrics: ['calls'],
      keys: [],
      buckets: 5,
    });
    expect(curve.series[0]?.values.map((rate) => Math.round((rate ?? 0) * 3600))).toEqual(
      [0, 1, 2, 3, 4].map((hour) => sum(hour * 60, hour * 60 + 60)),
    );
    reader.close();
    writer.close();
  });
});

describe('a whole recording', () => {
  const file = join(folder, 'shop.howdah');
  let made: { fromMs: number; toMs: number };
  let reader: RecordingFile;
  beforeAll(() => {
    made = generateRecording(file, { hours: 0.5 });
    reader = new RecordingFile(file);
  });
  afterAll(() => reader.close());

  it('knows its gap, its events and what held when', () => {
    const length = made.toMs - made.fromMs;
    expect(made.toMs).toBe(generatedToMs);
    expect(answer(reader, 'span', {}).gaps.map(({ reason }) => reason)).toEqual(['lostLink']);
    expect(answer(reader, 'events', made).map(({ kind }) => kind)).toEqual(['setting', 'ddl', 'deadlock']);
    const workMem = (share: number) => {
      const found = answer(reader, 'snapshot', {
        kind: 'settings',
        database: null,
        atMs: made.fromMs + length * share,
      });
      const content = found?.content as { settings: { name: string; setting: string }[] } | undefined;
      return content?.settings.find(({ name }) => name === 'work_mem')?.setting;
    };
    expect([workMem(0.4), workMem(0.5)]).toEqual(['4096', '65536']);
    expect(answer(reader, 'snapshot', { kind: 'columnStatistics', database: 'shop', atMs: made.toMs })).toBeNull();
  });
  it('shows who blocked whom at any second, and what it cost', () => {
    const atMs = made.fromMs + (made.toMs - made.fromMs) * 0.6 + 30_000;
    const { nodes } = answer(reader, 'locks', { atMs });
    expect(nodes[0]).toMatchObject({ kind: 'session', parentId: null, waiting: 7 });
    expect(nodes[1]).toMatchObject({ kind: 'object', label: 'public.stock', mode: 'AccessExclusiveLock' });
    const { sessions } = answer(reader, 'sessions', { atMs, idle: false });
    const waiting = sessions.filter(({ blockedBy }) => blockedBy.length > 0);
    expect(waiting).toHaveLength(7);
    expect(new Set(waiting.flatMap(({ blockedBy }) => blockedBy))).toEqual(new Set([nodes[0]?.pid]));
    const [worst, ...others] = answer(reader, 'blame', made);
    expect(others).toEqual([]);
    const waited = answer(reader, 'shares', {
      ...made,
      by: 'class',
      filters: [{ dimension: 'class', value: 'Lock' }],
      background: false,
      limit: 1,
    });
    expect(worst?.object).toBe('public.stock');
    expect(worst?.blockedSeconds).toBeGreaterThan(1000);
    expect(worst?.blockedSeconds).toBeLessThanOrEqual((waited.shares[0]?.sessionMs ?? 0) / 1000);
  });
});
