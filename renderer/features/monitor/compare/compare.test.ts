import { expect, it } from 'vitest';
import type { StatementPattern } from '../../../../shared/api/monitor.ts';
import type { SizedTable } from '../objects/size-tree.ts';
import { changeWords } from './change.tsx';
import { comparedStretch } from './choice.ts';
import { compareStatements } from './compare-statements.ts';
import { figuresOf } from './figures.ts';
import { pairs, presence } from './pairs.ts';
import { pairTables } from './sizes-compared.tsx';

const pattern = (name: string, calls: number, totalMs: number): StatementPattern => ({
  pattern: name,
  keys: [name],
  key: name,
  queryId: name,
  database: 'shop',
  user: 'web',
  text: name,
  calls,
  totalMs,
  meanMs: calls > 0 ? totalMs / calls : 0,
  rows: calls,
  sharedHit: calls * 4,
  sharedRead: 0,
  sharedDirtied: 0,
  tempBlocks: 0,
  ioMs: 0,
  walBytes: 0,
  planMs: 0,
  jitMs: 0,
  share: 0,
  isNew: false,
  meanChange: null,
  flags: [],
  totalMsError: null,
});

it('tells which statements are new, gone, slower and faster, by the second and not by the stretch', () => {
  const shown = {
    coveredMs: 10_000,
    statements: [pattern('a', 100, 1_000), pattern('b', 10, 40), pattern('c', 5, 5), pattern('d', 10, 100)],
  };
  const compared = {
    coveredMs: 20_000,
    statements: [pattern('a', 200, 800), pattern('b', 20, 80), pattern('e', 1, 1), pattern('d', 20, 1_000)],
  };
  const rows = compareStatements(shown, compared);
  expect(rows.map(({ key, state }) => `${key} ${state}`)).toEqual([
    'a slower',
    'b same',
    'c new',
    'd faster',
    'e gone',
  ]);
  expect(rows[0]).toMatchObject({
    factor: 2.5,
    shown: { callsPerSecond: 10, load: 0.1, meanMs: 10, blocksPerCall: 4 },
    compared: { callsPerSecond: 10, load: 0.04, meanMs: 4 },
  });
});

it('finds the stretch that is meant', () => {
  const shown = { fromMs: 1_000, toMs: 1_600 };
  expect(comparedStretch({ kind: 'before' }, shown, { toMs: 5_000 })).toEqual({ fromMs: 400, toMs: 1_000 });
  expect(comparedStretch({ kind: 'newest' }, shown, { toMs: 5_000 })).toEqual({ fromMs: 4_400, toMs: 5_000 });
  expect(comparedStretch({ kind: 'same' }, shown, { toMs: 5_000 })).toEqual(shown);
  expect(comparedStretch({ kind: 'fixed', fromMs: 7, toMs: 9 }, shown, { toMs: null })).toEqual({
    fromMs: 7,
    toMs: 9,
  });
});

it('lays tables of differently called databases beside each other where there is one of each', () => {
  const table = (database: string, name: string): SizedTable => ({
    key: name,
    database,
    schema: 'public',
    name,
    kind: 'table',
    bytes: 1,
    ownBytes: 1,
    indexBytes: 0,
    toastBytes: 0,
    rows: null,
    parts: [],
  });
  const words = (found: ReturnType<typeof pairTables>) => found.map((pair) => presence(pair));
  expect(words(pairTables([table('shop', 'orders')], [table('shop_test', 'orders')]))).toEqual(['both']);
  const two = [table('shop_test', 'orders'), table('audit', 'log')];
  expect(words(pairTables([table('shop', 'orders')], two))).toEqual(['new', 'gone', 'gone']);
  expect(pairs([1, 2], [2, 3], String).map(presence)).toEqual(['new', 'both', 'gone']);
});

it('says a change in the words that fit its size', () => {
  expect([changeWords(1.05, 1), changeWords(0.5, 1), changeWords(2.5, 1), changeWords(30, 1)]).toEqual([
    '+5.0 %',
    '−50 %',
    '2.5 ×',
    '30 ×',
  ]);
  expect([changeWords(1, 1), changeWords(1, 0), changeWords(null, 1)]).toEqual(['', '', '']);
});

it('takes rates over what is covered, and leaves unknown what was not recorded', () => {
  const database = {
    atMs: 1,
    coveredMs: 10_000,
    key: ['database'],
    metrics: ['xact_commit', 'xact_rollback', 'blks_hit', 'blks_read'],
    rows: [
      { key: ['shop'], values: [90, 10, 300, 100], flags: [] },
      { key: ['audit'], values: [100, 0, null, null], flags: [] },
    ],
  };
  const figures = figuresOf({ database, wal: null, connections: null });
  const of = (key: string) => figures.find((each) => each.key === key)?.value;
  expect([of('transactions'), of('hit'), of('temp'), of('wal')]).toEqual([20, 0.75, null, null]);
});
