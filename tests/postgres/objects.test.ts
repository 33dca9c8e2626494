/** The tree, search and details on real servers: for everybody, beside locks, page by page. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { detailOfObject } from '../../electron/features/objects/detail/detail.ts';
import { forgetSearch, searchObjects } from '../../electron/features/objects/search/search.ts';
import { childrenOf } from '../../electron/features/objects/tree/tree.ts';
import { ddlOfObject } from '../../electron/postgres/ddl/ddl.ts';
import type { TreeNode } from '../../shared/api/objects.ts';
import { wholeTree } from './objects-world.ts';
import { type PgSource, pgSource } from './pg-source.ts';
import { startServer, type TestServer } from './servers.ts';

const world = `
create schema shop; create schema audit; comment on schema shop is 'All that is sold';
create table shop.orders (id bigint generated always as identity primary key, customer_id bigint not null, placed_at timestamptz default now());
comment on table shop.orders is 'What customers asked for'; comment on column shop.orders.placed_at is 'Moment of the checkout';
create table shop.order_line (order_id bigint references shop.orders (id), line int, primary key (order_id, line));
create table audit.orders_log (id int, what text) partition by range (id);
create table audit.orders_log_1 partition of audit.orders_log for values from (1) to (100);
create table audit.orders_log_2 partition of audit.orders_log for values from (100) to (200) partition by list (what);
create table audit.orders_log_2a partition of audit.orders_log_2 for values in ('a');
create table audit.base (a int); create table audit.derived (b int) inherits (audit.base);
create view shop.recent as select * from shop.orders where placed_at > now() - interval '1 day';
create function shop.reorder(id bigint) returns void language sql as 'select';
create table shop."<img src=x onerror=alert(1)>" ("__proto__" int, "constructor" int);
create role nobody login password 'nothing'; revoke all on schema shop from public;
insert into shop.orders (customer_id) select g from generate_series(1, 100) g; analyze shop.orders;`;

let server: TestServer;
let source: PgSource;
beforeAll(async () => {
  server = await startServer(18);
  await server.query(world);
  source = await pgSource(server);
});
afterAll(async () => {
  await source?.close();
  await server?.stop();
});

const labels = (nodes: readonly TreeNode[]): string[] => nodes.map((node) => node.label);
const find = async (label: string, asker = source): Promise<TreeNode> => {
  const node = (await wholeTree(asker)).find((each) => each.label === label && each.object);
  if (!node) throw new Error(`${label} is not in the tree`);
  return node;
};
const objectOf = async (label: string) => {
  const { object } = await find(label);
  if (!object) throw new Error(`${label} is no object`);
  return object;
};

describe('the tree', () => {
  test('shows schemas first and what PostgreSQL ships with only when asked', async () => {
    const plain = labels((await childrenOf(source, {})).nodes);
    expect(plain.slice(0, 3)).toEqual(['audit', 'public', 'shop']);
    expect(plain).not.toContain('pg_catalog');
    const all = labels((await childrenOf(source, { includeSystem: true })).nodes);
    expect(all).toEqual(expect.arrayContaining(['pg_catalog', 'information_schema', 'Casts', 'Access methods']));
  });

  test('counts what its folders hold, with partitions below their table', async () => {
    const nodes = await wholeTree(source);
    for (const folder of nodes.filter((node) => node.folder)) {
      const below = nodes.filter((node) => new RegExp(`^${folder.key}/[^/]+$`).test(node.key));
      expect(below.length, folder.key).toBe(folder.count);
    }
    expect(new Set(nodes.map((node) => node.key)).size).toBe(nodes.length);
    const leaf = await find('orders_log_2a');
    expect(leaf.key).toMatch(
      /^schema:\d+\/table\/partitionedTable:\d+\/partition\/partitionedTable:\d+\/partition\/table:\d+$/,
    );
    expect(leaf.detail).toBe("FOR VALUES IN ('a')");
    expect(labels(nodes.filter((node) => /\/inheritedBy\/[^/]+$/.test(node.key)))).toEqual(['derived']);
    expect((await find('orders')).detail).toBe('~100 rows');
  });

  test('gives the same children whatever the page', async () => {
    const schema = await find('shop');
    const key = `${schema.key}/table`;
    const whole = labels((await childrenOf(source, { key })).nodes);
    const paged: string[] = [];
    let after: string | undefined;
    do {
      const page = await childrenOf(source, { key, limit: 1, ...(after === undefined ? {} : { after }) });
      paged.push(...labels(page.nodes));
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(paged).toEqual(whole);
    expect(whole).toContain('<img src=x onerror=alert(1)>');
    await expect(childrenOf(source, { key, after: '{}' })).rejects.toMatchObject({
      failure: { kind: 'invalid', field: 'after' },
    });
  });

  test('is there for a role without rights, and so are pages and DDL', async () => {
    const nobody = await pgSource(server, server.database, { user: 'nobody', password: 'nothing' });
    try {
      const nodes = await wholeTree(nobody);
      expect(labels(nodes)).toEqual(labels(await wholeTree(source)));
      const object = nodes.find((node) => node.label === 'orders')?.object;
      if (!object) throw new Error('orders is not there');
      const detail = await detailOfObject(nobody, object);
      expect(detail.tables.map((table) => table.title)).toEqual(
        expect.arrayContaining(['Columns', 'Constraints', 'Indexes']),
      );
      expect(await ddlOfObject(nobody, object)).toContain('CREATE TABLE shop.orders');
      expect((await searchObjects(nobody, { text: 'orders', limit: 5 }))[0]?.node.label).toBe('orders');
    } finally {
      await nobody.close();
    }
  });

  test('comes up beside an ACCESS EXCLUSIVE lock, and the page says what is locked', async () => {
    const holder = await pgSource(server);
    await holder.client.query('begin; lock table shop.orders, audit.orders_log in access exclusive mode');
    await source.client.query("set lock_timeout = '200ms'");
    try {
      expect(labels(await wholeTree(source))).toContain('orders');
      expect((await searchObjects(source, { text: 'orders', limit: 5 }))[0]?.node.label).toBe('orders');
      const { properties } = await detailOfObject(source, await objectOf('orders'));
      expect(properties).toContainEqual({
        name: 'Size',
        value: 'not known: it is locked, or the answer took too long',
      });
      expect(properties).toContainEqual({ name: 'Estimated rows', value: '100' });
    } finally {
      await source.client.query('set lock_timeout = 0');
      await holder.client.query('rollback');
      await holder.close();
    }
  });
});

describe('search', () => {
  test('ranks exact, prefix, word, inside, and finds comments and columns', async () => {
    const found = async (text: string) =>
      (await searchObjects(source, { text, limit: 50 })).map(({ node }) => `${node.object?.kind} ${node.label}`);
    expect((await found('orders'))[0]).toBe('table orders');
    expect((await found('order')).slice(0, 2)).toEqual(['table orders', 'table order_line']);
    expect(await found('checkout')).toEqual(['column placed_at']);
    expect((await found('recent'))[0]).toBe('view recent');
    expect(await found('ordlin')).toContain('table order_line');
    expect((await found('shop.order_line'))[0]).toBe('table order_line');
    expect((await found('audit.orders')).every((hit) => /orders_log/.test(hit))).toBe(true);
    expect(await found('nothing like it')).toEqual([]);
    expect(await found('__proto__')).toEqual(['column __proto__']);
  });

  test('lists equal hits in natural order', async () => {
    await server.query(
      'create schema nat; create table nat.zz_10 (); create table nat.zz_02 (); create table nat.zz_1 (); create table nat.zz_9 ()',
    );
    forgetSearch(source);
    const labels = (await searchObjects(source, { text: 'zz_', limit: 20 })).map(({ node }) => node.label);
    expect(labels).toEqual(['zz_1', 'zz_9', 'zz_02', 'zz_10']);
    await server.query('drop schema nat cascade');
    forgetSearch(source);
  });

  test('says where a hit is in the tree', async () => {
    const nodes = new Map((await wholeTree(source)).map((node) => [node.key, node]));
    for (const text of ['orders_log_2a', 'placed_at', 'orders_pkey', 'reorder', 'nobody', 'shop']) {
      const [hit] = await searchObjects(source, { text, limit: 1 });
      expect(nodes.get(hit?.node.key ?? '')?.label, text).toBe(text);
      for (const step of hit?.path ?? []) expect(nodes.get(step.key)?.label, text).toBe(step.label);
    }
  });

  test('sees a new table once it has been refreshed', async () => {
    await server.query('create table shop.brand_new ()');
    forgetSearch(source);
    expect(await searchObjects(source, { text: 'brand_new', limit: 5 })).toHaveLength(1);
    await server.query('drop table shop.brand_new');
    forgetSearch(source);
    expect(await searchObjects(source, { text: 'brand_new', limit: 5 })).toHaveLength(0);
  });
});

describe('details', () => {
  test('say who uses a table, in words that can be opened', async () => {
    const detail = await detailOfObject(source, await objectOf('orders'));
    const dependents = detail.tables.find((table) => table.title === 'Dependents');
    expect(dependents?.rows.map((row) => row.slice(0, 2).join(' '))).toEqual(
      expect.arrayContaining(['view shop.recent', 'table constraint order_line_order_id_fkey on shop.order_line']),
    );
    const view = dependents?.objects?.find((object) => object?.kind === 'view');
    expect(view).toMatchObject({ schema: 'shop', name: 'recent' });
    expect(detail.comment).toBe('What customers asked for');
    expect(detail.properties).toEqual(expect.arrayContaining([{ name: 'Owner', value: 'postgres' }]));
    const columns = detail.tables.find((table) => table.title === 'Columns');
    expect(columns?.objects?.[0]).toMatchObject({ kind: 'column', subId: 1, name: 'id' });
    if (!view) throw new Error('the view is missing');
    const used = (await detailOfObject(source, view)).tables.find((table) => table.title === 'Dependencies');
    expect(used?.rows.map((row) => row[1])).toEqual(expect.arrayContaining(['shop.orders.placed_at', 'shop']));
  });

  test('of what is gone are refused', async () => {
    const gone = { kind: 'table', oid: 4_000_000_000, schema: 'shop', name: 'gone' } as const;
    await expect(detailOfObject(source, gone)).rejects.toMatchObject({ failure: { kind: 'invalid' } });
    await expect(ddlOfObject(source, gone)).rejects.toMatchObject({ failure: { kind: 'invalid' } });
  });
});
