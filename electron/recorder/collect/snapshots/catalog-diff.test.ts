import { describe, expect, it } from 'vitest';
import type { CatalogIndex, CatalogSnapshot } from '../../../../shared/metrics/snapshots.ts';
import { structureChanges } from './catalog-diff.ts';
import { foreignKeysWithoutIndex, redundantIndexes } from './index-advice.ts';

const column = (num: number, name: string, more = {}) => ({
  num,
  name,
  type: 'integer',
  notNull: false,
  default: null,
  ...more,
});
const orders = {
  oid: 1,
  schema: 'public',
  name: 'orders',
  kind: 'r',
  owner: 'shop',
  persistence: 'p',
  options: [],
  parent: null,
  comment: null,
  columns: [column(1, 'id', { notNull: true }), column(2, 'customer')],
};
const index = (oid: number, keys: number[], more: Partial<CatalogIndex> = {}): CatalogIndex => ({
  oid,
  table: 1,
  schema: 'public',
  name: `i${oid}`,
  method: 'btree',
  definition: `index on ${keys.join(', ')}`,
  unique: false,
  primary: false,
  exclusion: false,
  valid: true,
  ready: true,
  replicaIdentity: false,
  constraint: false,
  keys,
  included: [],
  operatorClasses: keys.map(() => 1978),
  collations: keys.map(() => 0),
  options: keys.map(() => 0),
  expressions: null,
  predicate: null,
  ...more,
});
const foreignKey = {
  oid: 9,
  table: 1,
  name: 'orders_customer_fkey',
  type: 'f',
  definition: 'FOREIGN KEY (customer) REFERENCES customers(id)',
  columns: [2],
  foreignTable: 2,
  foreignColumns: [1],
  validated: true,
};
const catalog = (more: Partial<CatalogSnapshot> = {}): CatalogSnapshot => ({
  relations: [orders],
  indexes: [],
  constraints: [],
  ...more,
});

describe('changes of the structure', () => {
  it('are told by object: created, dropped, altered', () => {
    const before = catalog({ indexes: [index(5, [2])] });
    const altered = {
      ...orders,
      name: 'purchases',
      columns: [column(1, 'id', { notNull: true, type: 'bigint' }), column(3, 'note', { type: 'text' })],
    };
    const after = catalog({ relations: [altered], indexes: [index(6, [2])], constraints: [foreignKey] });
    expect(structureChanges(before, after)).toEqual([
      { subject: 'table public.purchases: name', before: 'public.orders', after: 'public.purchases' },
      { subject: 'table public.purchases: column customer dropped', before: 'customer integer', after: null },
      {
        subject: 'table public.purchases: column id',
        before: 'id integer not null',
        after: 'id bigint not null',
      },
      { subject: 'table public.purchases: column note created', before: null, after: 'note text' },
      { subject: 'index public.i5 dropped', before: 'index on 2', after: null },
      { subject: 'index public.i6 created', before: null, after: 'index on 2' },
      {
        subject: 'constraint orders_customer_fkey on public.purchases created',
        before: null,
        after: foreignKey.definition,
      },
    ]);
    expect(structureChanges(after, after)).toEqual([]);
  });
});

describe('indexes that another one covers', () => {
  const covered = (...indexes: CatalogIndex[]) =>
    redundantIndexes(catalog({ indexes })).map((each) => [each.index, each.coveredBy]);
  it('are those whose keys another begins with; of two that are alike the younger one', () => {
    expect(covered(index(5, [2]), index(6, [2, 1]))).toEqual([[5, 6]]);
    expect(covered(index(5, [2]), index(6, [2]))).toEqual([[6, 5]]);
    expect(covered(index(5, [1]), index(6, [2, 1]))).toEqual([]);
  });
  it('never hold up a constraint, and differ in nothing that matters', () => {
    expect(covered(index(5, [2], { primary: true, unique: true }), index(6, [2, 1]))).toEqual([]);
    expect(covered(index(5, [2], { unique: true }), index(6, [2, 1]))).toEqual([]);
    expect(covered(index(5, [2], { predicate: 'x > 1' }), index(6, [2, 1]))).toEqual([]);
    expect(covered(index(5, [2], { options: [1] }), index(6, [2, 1]))).toEqual([]);
    expect(covered(index(5, [2], { method: 'gin' }), index(6, [2, 1], { method: 'gin' }))).toEqual([]);
    expect(covered(index(5, [2]), index(6, [2, 1], { valid: false }))).toEqual([]);
    expect(covered(index(5, [2], { included: [7] }), index(6, [2, 1]))).toEqual([]);
  });
  it('of expressions only where they are the same', () => {
    const lower = { expressions: 'lower(name)' };
    expect(covered(index(5, [0], lower), index(6, [0, 2], { expressions: 'upper(name)' }))).toEqual([]);
    expect(covered(index(5, [0], lower), index(6, [0, 2], lower))).toEqual([[5, 6]]);
  });
});

describe('foreign keys without an index', () => {
  const missing = (...indexes: CatalogIndex[]) =>
    foreignKeysWithoutIndex(catalog({ indexes, constraints: [foreignKey] })).length;
  it('are those that no index begins with', () => {
    expect(missing()).toBe(1);
    expect(missing(index(5, [1, 2]))).toBe(1);
    expect(missing(index(5, [2, 1]))).toBe(0);
    expect(missing(index(5, [2], { valid: false }))).toBe(1);
  });
  it('are served by a partial index that leaves out nulls, and by no other partial one', () => {
    expect(missing(index(5, [2], { predicate: '(customer IS NOT NULL)' }))).toBe(0);
    expect(missing(index(5, [2], { predicate: '(customer > 7)' }))).toBe(1);
  });
});
