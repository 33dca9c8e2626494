import { expect, test } from 'vitest';
import type { PartitionModel } from '../../../../../shared/api/structure.ts';
import { writeBound } from '../../../../../shared/ddl/partition-bound.ts';
import { newPartition } from '../edits.ts';
import { draftBound, emptyDraft, firstDraft, suggestedName } from './partition-draft.ts';

const there = (bound: string): PartitionModel =>
  newPartition({ schema: 's', name: bound, bound, state: 'there', partitionBy: null, heapBytes: 0 });

test('words and days that are typed bare are quoted; numbers and expressions stay', () => {
  const by = { strategy: 'list', parts: ['a'] } as const;
  const bound = draftBound(by, { ...emptyDraft(by), values: "north, 'so''uth', 3, NULL, current_date::text" });
  expect(bound && writeBound(bound)).toBe("FOR VALUES IN ('north', 'so''uth', 3, NULL, current_date::text)");
  expect(draftBound(by, emptyDraft(by))).toBeNull();
});

test('a hash goes on at the first remainder that is free', () => {
  const by = { strategy: 'hash', parts: ['a'] } as const;
  const taken = [0, 2].map((remainder) => there(`FOR VALUES WITH (MODULUS 4, REMAINDER ${remainder})`));
  expect(firstDraft(by, taken, null)).toMatchObject({ modulus: '4', remainder: '1' });
  expect(firstDraft(by, [there('FOR VALUES WITH (MODULUS 1, REMAINDER 0)')], null)).toMatchObject({ remainder: '' });
});

test('the first range of days is this month, the next one follows', () => {
  const by = { strategy: 'range', parts: ['at'] } as const;
  const december = new Date(2026, 11, 31);
  expect(firstDraft(by, [], december)).toMatchObject({ from: ["'2026-12-01'"], to: ["'2027-01-01'"] });
  expect(firstDraft(by, [], null)).toMatchObject({ from: [''], to: [''] });
  const taken = [there("FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')")];
  expect(firstDraft(by, taken, december)).toMatchObject({ from: ["'2026-02-01'"] });
});

test('names say where a partition begins', () => {
  const name = (from: string, to: string) => suggestedName('t', { kind: 'range', from: [from], to: [to] });
  expect(name("'2026-03-01'", "'2026-04-01'")).toBe('t_2026_03');
  expect(name("'2026-01-01'", "'2027-01-01'")).toBe('t_2026');
  expect(name("'2026-03-02'", "'2026-03-09'")).toBe('t_2026_03_02');
  expect(name('1000', '2000')).toBe('t_1000');
  expect(suggestedName('t', { kind: 'default' })).toBe('t_default');
});
