import { describe, expect, it } from 'vitest';
import { fc } from '../../../tests/fixtures/properties.ts';
import type { AshTick } from './ash-chunk.ts';
import { decodeWhole, encodeWhole } from './block-columns.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { decodeAshCore, decodeAshDetail, ticksOf } from './decode-ash.ts';
import { encodeAsh } from './encode-ash.ts';
import { type BlockRow, blockOf, decodeColumn, decodeHead, encodeColumn, encodeHead } from './family-block.ts';
import { decodeLocks, encodeLocks } from './lock-chunk.ts';
import { DamagedError, pack, unpack } from './packed.ts';
import { joinBlocks, rollUp } from './roll-up.ts';

describe('bytes', () => {
  it('give back every whole number, float and text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.maxSafeInteger()),
        fc.array(fc.double()),
        fc.array(fc.string()),
        (whole, floats, texts) => {
          const out = new ByteWriter();
          for (const each of whole) out.signed(Math.trunc(each / 2));
          for (const each of floats) out.float(each);
          for (const each of texts) out.text(each);
          const reader = new ByteReader(out.take().slice());
          expect(whole.map(() => reader.signed())).toEqual(whole.map((each) => Math.trunc(each / 2) + 0));
          expect(floats.map(() => reader.float())).toEqual(floats);
          expect(texts.map(() => reader.text())).toEqual(texts.map((text) => text.toWellFormed()));
        },
      ),
    );
  });
  it('tell a flipped bit', () => {
    const packed = pack(Buffer.from('one minute'.repeat(20)));
    const data = Uint8Array.from(packed.data);
    data[5] = (data[5] ?? 0) ^ 4;
    expect(() => unpack({ ...packed, data })).toThrow(DamagedError);
    expect(() => decodeAshCore(new Uint8Array([1, 200, 1]))).toThrow(DamagedError);
  });
});

const base = Date.UTC(2026, 2, 2, 12);
const word = fc.integer({ min: 0, max: 300 });
const instant = fc.option(fc.integer({ min: base - 10_000_000, max: base + 60_000 }));
const sample = fc.record({
  pid: fc.integer({ min: 1, max: 4_000_000 }),
  leaderPid: fc.option(fc.integer({ min: 1, max: 4_000_000 })),
  database: word,
  user: word,
  application: word,
  client: word,
  backendType: word,
  state: word,
  waitType: word,
  waitEvent: word,
  query: fc.integer({ min: 0, max: 5_000_000 }),
  backendStartMs: instant,
  xactStartMs: instant,
  queryStartMs: instant,
  stateChangeMs: instant,
  xidAge: fc.option(fc.integer({ min: 0, max: 2 ** 31 })),
  xminAge: fc.option(fc.integer({ min: 0, max: 2 ** 31 })),
  blockedBy: fc.option(fc.integer({ min: 0, max: 4_000_000 })),
});
const ticks: fc.Arbitrary<AshTick[]> = fc
  .array(
    fc.record({
      samples: fc.uniqueArray(sample, { selector: ({ pid }) => pid, maxLength: 30 }),
      full: fc.boolean(),
      weightMs: fc.integer({ min: 0, max: 5000 }),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map((list) =>
    list.map((each, place) => ({ ...each, atMs: base + place * 1000, plannedMs: 1000, tookMs: place / 10 })),
  );

describe('a minute of samples', () => {
  it('comes back as it was', () => {
    const byPid = (list: readonly AshTick[]) =>
      list.map((tick) => ({ ...tick, samples: tick.samples.toSorted((a, b) => a.pid - b.pid) }));
    fc.assert(
      fc.property(ticks, (given) => {
        const { core, detail, samples } = encodeAsh(given);
        const decoded = decodeAshCore(core.slice());
        expect(decoded.tick.length).toBe(samples);
        expect(byPid(ticksOf(decoded, decodeAshDetail(detail.slice(), decoded)))).toEqual(byPid(given));
      }),
      { numRuns: 60 },
    );
  });
  it('keeps a tick at which nobody was there', () => {
    const empty = { atMs: base, plannedMs: 1000, weightMs: 1000, tookMs: 1, full: false, samples: [] };
    expect(decodeAshCore(encodeAsh([empty]).core.slice()).ticks).toHaveLength(1);
  });
  it('keeps a lock that stands for a while once', () => {
    const lock = (pid: number) => ({
      lockType: 'relation',
      database: 'shop',
      relation: 'public.orders',
      page: null,
      tuple: null,
      virtualXid: null,
      transactionId: null,
      classId: null,
      objId: null,
      objSubId: null,
      virtualTransaction: `3/${pid}`,
      pid,
      mode: 'ExclusiveLock',
      granted: false,
      fastPath: false,
      waitStartUs: 17,
    });
    const given = [[1, 2], [1], [], [1, 2]].map((pids, place) => ({
      atMs: base + place,
      weightMs: 1000,
      locks: pids.map(lock),
    }));
    const bytes = encodeLocks(given);
    expect(decodeLocks(bytes)).toEqual(given);
    expect(Buffer.from(bytes).toString().split('virtualTransaction')).toHaveLength(3);
  });
});

const value = fc.oneof(
  fc.constant(null),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.integer().map((number) => number / 1000),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
describe('a block of polls', () => {
  it('comes back as it was, whole and by column', () => {
    const rows = fc.uniqueArray(
      fc.record({
        key: fc.nat(50),
        poll: fc.nat(3),
        flags: fc.nat(63),
        values: fc.array(value, { minLength: 3, maxLength: 3 }),
      }),
      { selector: ({ key, poll }) => `${key} ${poll}` },
    );
    const polls = [0, 1, 2, 3].map((at) => ({
      atMs: base + at * 60_000,
      coveredMs: 60_000,
      flags: at,
      complete: at === 2,
    }));
    fc.assert(
      fc.property(rows, (given) => {
        const block = blockOf(polls, given as BlockRow[], 3);
        const nulled = (whole: ReturnType<typeof decodeWhole>) => ({
          ...whole,
          columns: whole.columns.map((column) => column ?? new Float64Array(given.length).fill(Number.NaN)),
        });
        expect(nulled(decodeWhole(encodeWhole(block).slice()))).toEqual(block);
        expect(decodeHead(encodeHead(block).slice())).toEqual({ ...block, columns: undefined });
        for (const column of block.columns) {
          const bytes = column && encodeColumn(column);
          if (bytes) expect(decodeColumn(bytes.slice(), given.length)).toEqual(column);
        }
      }),
    );
  });
  it('adds up to minutes exactly, in one go or in parts', () => {
    const polls = Array.from({ length: 18 }, (_, at) => ({
      atMs: base + (at + 1) * 10_000,
      coveredMs: 10_000,
      flags: 0,
      complete: false,
    }));
    const rows = polls.flatMap((_, poll) =>
      [1, 2].map((key) => ({ key, poll, flags: 0, values: [key * 3, poll, poll] })),
    );
    const merges = ['sum', 'last', 'max'] as const;
    const block = blockOf(polls, rows, 3);
    const minutes = rollUp(block, 60_000, merges);
    expect(minutes.polls.map(({ atMs, coveredMs }) => [atMs - base, coveredMs])).toEqual([
      [60_000, 60_000],
      [120_000, 60_000],
      [180_000, 60_000],
    ]);
    expect([...(minutes.columns[0] ?? [])]).toEqual([18, 18, 18, 36, 36, 36]);
    expect([...(minutes.columns[1] ?? [])]).toEqual([5, 11, 17, 5, 11, 17]);
    const part = (from: number, to: number) =>
      rollUp(
        blockOf(
          polls.slice(from, to),
          rows.filter(({ poll }) => poll >= from && poll < to).map((row) => ({ ...row, poll: row.poll - from })),
          3,
        ),
        60_000,
        merges,
      );
    expect(rollUp(joinBlocks([part(0, 8), part(8, 18)], 3), 60_000, merges)).toEqual(minutes);
  });
  it('forgets a gauge that the last complete poll did not list', () => {
    const polls = [1, 2].map((at) => ({ atMs: base + at * 10_000, coveredMs: 10_000, flags: 0, complete: true }));
    const rows = [
      { key: 1, poll: 0, flags: 0, values: [5] },
      { key: 2, poll: 1, flags: 0, values: [7] },
    ];
    expect([...(rollUp(blockOf(polls, rows, 1), 60_000, ['last']).columns[0] ?? [])]).toEqual([Number.NaN, 7]);
  });
});
