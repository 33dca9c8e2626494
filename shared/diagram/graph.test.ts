import { expect, it } from 'vitest';
import type { DiagramGraph, DiagramKey, DiagramTable } from '../api/diagrams.ts';
import { dbmlOf } from './export-dbml.ts';
import { mermaidOf } from './export-mermaid.ts';
import { around, cardinalityOf, chosen, digestOf, keysByTable, pathBetween } from './graph.ts';
import { suggestedByJoins, suggestedByName } from './suggest-keys.ts';

const column = (name: string, type = 'integer', primary = false, notNull = primary) => ({
  name,
  type,
  notNull,
  primary,
  hasDefault: false,
  comment: '',
});
const table = (id: string, columns: readonly string[], parent: string | null = null): DiagramTable => ({
  id,
  oid: null,
  schema: id.split('.')[0] ?? '',
  name: id.split('.')[1] ?? '',
  kind: 'table',
  comment: '',
  columns: [column('id', 'integer', true), ...columns.map((name) => column(name))],
  uniques: [['id']],
  rowEstimate: null,
  sizeBytes: null,
  parent,
});
const key = (from: string, by: string, to: string): DiagramKey => ({
  id: `${from} ${by}`,
  name: `${by}_fkey`,
  from,
  to,
  fromColumns: [by],
  toColumns: ['id'],
  virtual: false,
});
const graph: DiagramGraph = {
  tables: [
    table('s.country', []),
    table('s.customer', ['country_id']),
    table('s.orders', ['customer_id']),
    table('s.orders_2025', ['customer_id'], 's.orders'),
    table('s.line', ['order_id']),
    table('t.lonely', ['customer_id', 'billing_customer_id']),
  ],
  keys: [
    key('s.customer', 'country_id', 's.country'),
    key('s.orders', 'customer_id', 's.customer'),
    key('s.orders_2025', 'customer_id', 's.customer'),
    key('s.line', 'order_id', 's.orders'),
  ],
  types: [],
};
const options = { views: false, partitions: false, hidden: [] };
const ids = (shown: { tables: readonly { id: string }[] }) => shown.tables.map(({ id }) => id);

it('shows all, a schema, or what is so many keys away, with partitions folded and their keys told once', () => {
  const all = chosen(graph, { kind: 'all' }, options);
  expect(ids(all)).not.toContain('s.orders_2025');
  expect(all.keys).toHaveLength(3);
  expect(ids(chosen(graph, { kind: 'all' }, { ...options, partitions: true }))).toContain('s.orders_2025');
  expect(ids(chosen(graph, { kind: 'schemas', schemas: ['t'] }, options))).toEqual(['t.lonely']);
  expect(ids(chosen(graph, { kind: 'around', table: 's.country', hops: 1 }, options))).toEqual([
    's.country',
    's.customer',
  ]);
  expect(ids(chosen(graph, { kind: 'around', table: 's.orders_2025', hops: 1 }, options))).toEqual([
    's.customer',
    's.orders',
    's.line',
  ]);
  expect(ids(chosen(graph, { kind: 'all' }, { ...options, hidden: ['s.customer'] }))).not.toContain('s.customer');
});

it('finds the shortest way between two tables, and says where there is none', () => {
  const keys = keysByTable(graph.keys);
  expect(pathBetween(keys, 's.country', 's.line')?.map(({ id }) => id)).toEqual([
    's.customer country_id',
    's.orders customer_id',
    's.line order_id',
  ]);
  expect(pathBetween(keys, 's.country', 't.lonely')).toBeNull();
  expect([...around(keys, 's.line', 2)]).toEqual([
    ['s.line', 0],
    ['s.orders', 1],
    ['s.customer', 2],
  ]);
});

it('tells how many of one belong to how many of the other', () => {
  const [, customer] = graph.tables;
  const one = graph.keys[0];
  if (!customer || !one) throw new Error('the graph has changed');
  expect(cardinalityOf(one, customer)).toEqual({ fromOne: false, toOptional: true });
  const strict = {
    ...customer,
    uniques: [['id'], ['country_id']],
    columns: customer.columns.map((each) => ({ ...each, notNull: true })),
  };
  expect(cardinalityOf(one, strict)).toEqual({ fromOne: true, toOptional: false });
});

it('knows a table again unless something one sees of it has changed', () => {
  const orders = graph.tables[2] as DiagramTable;
  const before = digestOf(orders, graph.keys);
  expect(digestOf({ ...orders, oid: 7, rowEstimate: 9, comment: 'new' }, graph.keys)).toBe(before);
  expect(digestOf({ ...orders, columns: [...orders.columns, column('note', 'text')] }, graph.keys)).not.toBe(before);
  expect(digestOf(orders, [])).not.toBe(before);
});

it('suggests keys by names and by joins, and none that is there', () => {
  expect(suggestedByName(graph).map(({ key: { from, fromColumns, to } }) => [from, fromColumns[0], to])).toEqual([
    ['t.lonely', 'customer_id', 's.customer'],
    ['t.lonely', 'billing_customer_id', 's.customer'],
  ]);
  const end = (name: string, by: string) => ({ table: name, column: by });
  const joins = [
    { one: end('s.customer', 'id'), other: end('t.lonely', 'customer_id') },
    { one: end('s.orders', 'customer_id'), other: end('s.customer', 'id') },
    { one: end('s.line', 'order_id'), other: end('t.lonely', 'customer_id') },
  ];
  expect(suggestedByJoins(graph, joins).map(({ key: { from, to } }) => [from, to])).toEqual([
    ['t.lonely', 's.customer'],
  ]);
});

it('writes DBML and Mermaid', () => {
  const { tables, keys } = chosen(graph, { kind: 'around', table: 's.country', hops: 1 }, options);
  const part = {
    tables: [...tables],
    keys: [...keys],
    types: [{ schema: 's', name: 'mood', labels: ['so "so"'], base: null }],
  };
  expect(dbmlOf(part)).toBe(`Enum "s"."mood" {
  "so ''so''"
}

Table "s"."country" {
  "id" integer [pk, not null]
}

Table "s"."customer" {
  "id" integer [pk, not null]
  "country_id" integer
}

Ref "country_id_fkey": "s"."customer"."country_id" > "s"."country"."id"
`);
  expect(mermaidOf(part)).toBe(`erDiagram
  t1["country"] {
    integer id PK
  }
  t2["customer"] {
    integer id PK
    integer country_id FK
  }
  t1 |o--o{ t2 : "country_id_fkey"
`);
});
