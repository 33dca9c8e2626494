import { expect, test } from 'vitest';
import type { CatalogIndex, CatalogSnapshot, SettingsSnapshot } from '../metrics/snapshots.ts';
import { indexAdvice } from './index-advice.ts';
import { reachedAt } from './limits.ts';
import { type VacuumTable, vacuumQueue } from './vacuum-queue.ts';

const day = 86_400_000;
const relation = (oid: number, name: string): CatalogSnapshot['relations'][number] => ({
  oid,
  schema: 'Sales Data',
  name,
  kind: 'r',
  owner: 'me',
  persistence: 'p',
  options: [],
  parent: null,
  comment: null,
  columns: [{ num: 1, name: 'order', type: 'int8', notNull: true, default: null }],
});
const index = (oid: number, name: string, more: Partial<CatalogIndex> = {}): CatalogIndex => ({
  oid,
  table: 1,
  schema: 'Sales Data',
  name,
  method: 'btree',
  definition: `CREATE INDEX ${name} …`,
  unique: false,
  primary: false,
  exclusion: false,
  valid: true,
  ready: true,
  replicaIdentity: false,
  constraint: false,
  keys: [1],
  included: [],
  operatorClasses: [],
  collations: [],
  options: [],
  expressions: null,
  predicate: null,
  ...more,
});
const catalog: CatalogSnapshot = {
  relations: [relation(1, 'lines'), relation(2, 'orders')],
  indexes: [
    index(10, 'dup'),
    index(11, 'kept'),
    index(12, 'broken', { valid: false }),
    index(13, 'idle'),
    index(14, 'pk', { unique: true, primary: true }),
  ],
  constraints: [
    {
      oid: 20,
      table: 1,
      name: 'fk',
      type: 'f',
      definition: '',
      columns: [1],
      foreignTable: 2,
      foreignColumns: [1],
      validated: true,
    },
  ],
};
const evidence = {
  database: 'shop',
  catalog,
  advice: {
    redundant: [{ index: 10, coveredBy: 11, identical: true }],
    invalid: [12],
    foreignKeysWithoutIndex: [{ constraint: 20, table: 1 }],
    scansBefore: [
      [10, 0],
      [11, 5],
      [12, 0],
      [13, 0],
      [14, 0],
    ] as const,
    statisticsResetMs: null,
  },
  bytes: new Map([[13, 8192]]),
  scans: new Map([
    [10, 0],
    [11, 0],
    [12, 0],
    [13, 0],
    [14, 0],
  ]),
  observedMs: 2 * day,
  tables: new Map([[2, { scans: 4800, rowsRead: 4800 * 50_000, rows: 50_000 }]]),
};

test('each index is told of once, by what is worst about it, and never one that a key stands on', () => {
  expect(indexAdvice(evidence).map(({ kind, subject, sql }) => [kind, subject, sql?.split('\n')[0] ?? null])).toEqual([
    ['invalid', 'broken', 'REINDEX INDEX CONCURRENTLY "Sales Data".broken;'],
    ['duplicate', 'dup', 'DROP INDEX CONCURRENTLY "Sales Data".dup;'],
    ['unused', 'idle', 'DROP INDEX CONCURRENTLY "Sales Data".idle;'],
    ['foreignKey', 'fk', 'CREATE INDEX CONCURRENTLY ON "Sales Data".lines ("order");'],
    ['scanned', '', null],
  ]);
});

test('of two that cover each other only one is to go, however little the other was read', () => {
  const scans = new Map(evidence.scans).set(10, 900).set(11, 0);
  const before = {
    ...evidence.advice,
    scansBefore: [
      [10, 900],
      [11, 0],
    ] as const,
  };
  const told = indexAdvice({ ...evidence, scans, advice: before }).map(({ subject }) => subject);
  expect(told).toContain('dup');
  expect(told).not.toContain('kept');
});

test('a short watch is said, and what is not counted is not called unused', () => {
  const [unused] = indexAdvice(evidence).filter(({ kind }) => kind === 'unused');
  expect(unused?.caution).toContain('may not have run');
  const uncounted = { ...evidence, scans: new Map<number, number>() };
  expect(indexAdvice(uncounted).some(({ kind }) => kind === 'unused')).toBe(false);
});

const table = (name: string, more: Partial<VacuumTable> = {}): VacuumTable => ({
  database: 'shop',
  schema: 'public',
  table: name,
  relid: name,
  rows: 1000,
  dead: 0,
  insertedSince: 0,
  changedSince: 0,
  lastVacuumMs: null,
  lastAnalyzeMs: null,
  options: [],
  ...more,
});
const setting = (name: string, value: string) => ({ name, setting: value }) as SettingsSnapshot['settings'][number];

test('the queue goes by the thresholds of the server and of the table', () => {
  const settings = { settings: [setting('autovacuum_vacuum_scale_factor', '0.1')], overrides: [] };
  const queue = vacuumQueue(
    [
      table('half', { dead: 75 }),
      table('own', { dead: 75, options: ['autovacuum_vacuum_scale_factor=0', 'autovacuum_vacuum_threshold=25'] }),
      table('inserts', { insertedSince: 2400 }),
      table('off', { changedSince: 15, options: ['autovacuum_enabled=false'] }),
    ],
    settings,
  );
  expect(queue.map(({ table: name, due, off }) => [name, due, off])).toEqual([
    ['own', 3, false],
    ['inserts', 2, false],
    ['half', 0.5, false],
    ['off', 0.1, true],
  ]);
});

test('where 18 has a maximum it holds', () => {
  const settings = { settings: [setting('autovacuum_vacuum_max_threshold', '100')], overrides: [] };
  expect(vacuumQueue([table('large', { rows: 1e9, dead: 200 })], settings)[0]?.byDead).toBe(2);
});

test('a date is told only where there is a pace', () => {
  expect(reachedAt(0, 100, { added: 10, coveredMs: day })).toBe(10 * day);
  expect(reachedAt(0, 100, { added: 0, coveredMs: day })).toBeNull();
  expect(reachedAt(0, 100, { added: 1, coveredMs: 1000 })).toBeNull();
  expect(reachedAt(5, 0, { added: 1, coveredMs: day })).toBe(5);
});
