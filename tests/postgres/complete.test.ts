/** Completion on a catalog read from a real server: the corpus, and how the catalog is read, kept and checked. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCatalog, headOf, readCatalog, schemasOfPath } from '../../electron/features/catalog/catalog.ts';
import { readJsonKeys } from '../../electron/features/catalog/json-keys.ts';
import { createLog } from '../../electron/log.ts';
import type { CatalogEvent } from '../../shared/api/catalog.ts';
import { Catalog } from '../../shared/complete/catalog.ts';
import { complete } from '../../shared/complete/complete.ts';
import { hoverAt } from '../../shared/complete/look/hover.ts';
import { jsonPlaceAt } from '../../shared/complete/look/json-place.ts';
import { namedAt } from '../../shared/complete/look/named-at.ts';
import { renameAt } from '../../shared/complete/look/rename.ts';
import { joinsSeen } from '../../shared/complete/look/seen-joins.ts';
import { signatureAt } from '../../shared/complete/look/signature.ts';
import { corpus } from '../fixtures/complete/corpus.ts';
import { schemaSql } from '../fixtures/complete/schema.ts';
import { type PgSource, pgSource } from './pg-source.ts';
import { startServer, type TestServer } from './servers.ts';
import { openWorld, type World } from './session-world.ts';

let server: TestServer;
let source: PgSource;
let world: World;
let catalog: Catalog;

async function readAll(asker: PgSource): Promise<Catalog> {
  const head = await headOf(asker);
  const read = new Catalog(head);
  for await (const event of readCatalog(asker, head)) read.take(event);
  return read;
}

beforeAll(async () => {
  server = await startServer(18);
  await server.query(schemaSql);
  source = await pgSource(server);
  world = await openWorld(() => server.spec());
  catalog = await readAll(source);
});
afterAll(async () => {
  await world?.close();
  await source?.close();
  await server?.stop();
});

const labels = (marked: string): string[] => {
  const caret = marked.indexOf('|');
  const text = marked.slice(0, caret) + marked.slice(caret + 1);
  return complete({ text, caret, catalog }).suggestions.map(({ label }) => label);
};

test('what stands beside what the query reads is near; what extensions measure is far', () => {
  const offered = labels('select * from billing.invoice i, |');
  for (const near of ['account', 'posting', 'customer'])
    expect(offered.indexOf(near), near).toBeLessThan(offered.indexOf('pg_seen'));
  expect(offered.indexOf('account')).toBeLessThan(labels('select * from |').indexOf('account'));
  expect(labels('select * from pg_se|')[0]).toBe('pg_seen');
});

describe('the corpus', () => {
  test('95 of 100 carets have everything expected among the first three', () => {
    expect(corpus.length).toBeGreaterThanOrEqual(300);
    const missed: string[] = [];
    let first = 0;
    for (const { line, text, caret, expected } of corpus) {
      const found = complete({ text, caret, catalog }).suggestions.map(({ label }) => label);
      const wanted =
        expected.length === 0 ? found.length === 0 : expected.every((label) => found.slice(0, 3).includes(label));
      if (!wanted) missed.push(`${line}   -> ${found.slice(0, 3).join(' · ')}`);
      if (expected.length === 0 ? found.length === 0 : found[0] === expected[0]) first++;
    }
    const share = 1 - missed.length / corpus.length;
    console.info(
      `completion: ${corpus.length} cases, top-3 ${(share * 100).toFixed(1)} %, top-1 ${((first / corpus.length) * 100).toFixed(1)} %`,
    );
    expect(share, missed.join('\n')).toBeGreaterThan(0.95);
  });

  test('nothing typed and cut anywhere makes it fail', () => {
    for (const { text } of corpus)
      for (let caret = 0; caret <= text.length; caret += 3)
        for (const cut of [text, text.slice(0, caret)]) {
          complete({ text: cut, caret: Math.min(caret, cut.length), catalog });
          hoverAt(catalog, cut, caret);
          signatureAt(catalog, cut, caret);
        }
  });
});

describe('what is written', () => {
  const insertOf = (marked: string, label: string): string => {
    const caret = marked.indexOf('|');
    const { suggestions, from, to } = complete({ text: marked.replace('|', ''), caret, catalog });
    const found = suggestions.find((suggestion) => suggestion.label === label);
    if (!found) return `no ${label}`;
    const text = marked.replace('|', '');
    const range = found.replaces ?? { from, to };
    return text.slice(0, range.from) + found.insert + text.slice(range.to);
  };
  test.each([
    ['select * from cu|', 'customer', 'select * from customer'],
    ['select * from acc|', 'account', 'select * from billing.account'],
    ['select * from mixed|', 'Mixed Case', 'select * from "Odd"."Mixed Case"'],
    ['select * from "Mix|"', 'Mixed Case', 'select * from "Odd"."Mixed Case"'],
    ['select * from wish|', 'Wish List', 'select * from "Wish List"'],
    ['select wert| from "Odd"."Mixed Case"', 'Wert in €', 'select "Wert in €" from "Odd"."Mixed Case"'],
    ['select sele| from "Odd"."Mixed Case"', 'select', 'select "select" from "Odd"."Mixed Case"'],
    ['set search_path = billing; select * from acc|', 'account', 'set search_path = billing; select * from account'],
    ['select *| from category', 'Expand *', 'select id, parent_id, name from category'],
    ['select c.*| from category c', 'Expand *', 'select c.id, c.parent_id, c.name from category c'],
    [
      "select * from customer_order where status = 'p|'",
      "'paid'",
      "select * from customer_order where status = 'paid'",
    ],
    ['select * from customer_order where status = |', "'paid'", "select * from customer_order where status = 'paid'"],
    ['select em|ail from customer', 'email', 'select email from customer'],
    ['select no|', 'now', 'select now()'],
    ['select coal|()', 'coalesce', 'select coalesce()'],
    ['update category set na|', 'name', 'update category set name = '],
    ['update category set na| = 1', 'name', 'update category set name = 1'],
    ['SELECT * FROM customer WH|', 'WHERE', 'SELECT * FROM customer WHERE '],
  ])('%s, %s', (marked, label, written) => expect(insertOf(marked, label)).toBe(written));

  test('what was run lately comes first', () => {
    const uses = new Map([['review', 20]]);
    const first = complete({ text: 'select * from ', caret: 14, catalog, uses }).suggestions[0];
    expect(first?.label).toBe('review');
  });
  test('a join that was run before is offered where no foreign key tells of it', () => {
    const joins = joinsSeen(
      catalog,
      'select 1; select * from customer c join billing.posting p on p.memo = c.full_name where c.id = 1',
    );
    expect(joins).toHaveLength(1);
    const offered = (text: string) =>
      complete({ text, caret: text.length, catalog, joins }).suggestions.map(({ label }) => label);
    expect(offered('select * from customer c join ')).toContain('billing.posting p on p.memo = c.full_name');
    expect(offered('select * from billing.posting p join customer c on ')[0]).toBe('c.full_name = p.memo');
    expect(joinsSeen(catalog, 'select * from customer c, customer_order o where o.id = 1 and c.nope = o.id')).toEqual(
      [],
    );
  });
  test('a join names neither an alias twice nor a keyword', () => {
    expect(labels('select * from category c join |').slice(0, 3)).toEqual(
      expect.arrayContaining(['category c2 on c2.id = c.parent_id', 'category c2 on c2.parent_id = c.id']),
    );
  });
});

describe('hover, signature, definition', () => {
  const at = (marked: string): [string, number] => [marked.replace('|', ''), marked.indexOf('|')];
  test.each([
    ['select full|_name from customer', 'shop.customer.full_name text', 'As on the parcel.'],
    ['select * from cust|omer', 'table shop.customer', 'Who buys.'],
    ['select |c.id from customer c', 'c = shop.customer', 'Who buys.'],
    ['select x.|f from (select full_name as f from customer) x', 'x.f text', 'As on the parcel.'],
    ['select order_to|tal(1)', 'function shop.order_total(order_id bigint) → numeric', ''],
    ["select 'x'::order_st|atus", 'type shop.order_status', ''],
  ])('%s', (marked, title, comment) => expect(hoverAt(catalog, ...at(marked))).toMatchObject({ title, comment }));
  test('nothing over strings, comments, keywords', () => {
    for (const marked of ["select 'cust|omer'", 'select 1 -- cust|omer', 'sel|ect 1'])
      expect(hoverAt(catalog, ...at(marked))).toBeNull();
  });
  test('the call the caret is in', () => {
    expect(signatureAt(catalog, ...at('select * from top_customers(3, |)'))).toMatchObject({
      parameter: 1,
      calls: [{ parameters: ['how_many integer', "since date DEFAULT '2020-01-01'::date"] }],
    });
    expect(signatureAt(catalog, ...at('select coalesce(order_total(|), 1)'))?.calls[0]?.label).toContain(
      'order_total(order_id bigint)',
    );
    expect(signatureAt(catalog, ...at('select (|1)'))).toBeNull();
  });
  test('a CTE of a table’s name is not the table', () => {
    expect(namedAt(catalog, ...at('with customer as (select 1 as one) select * from cust|omer'))?.named.kind).toBe(
      'source',
    );
  });
});

describe('the catalog', () => {
  const key = { connectionId: 'c1', database: null };
  const collect = async (events: AsyncIterable<CatalogEvent>): Promise<CatalogEvent[]> => {
    const all: CatalogEvent[] = [];
    for await (const event of events) all.push(event);
    return all;
  };

  test('knows what a person without rights may know', async () => {
    await server.query("create role outsider login password 'x'; revoke select on pg_catalog.pg_proc from public");
    const outsider = await pgSource(server, server.database, { user: 'outsider', password: 'x' });
    const read = await readAll(outsider);
    await outsider.close();
    await server.query('grant select on pg_catalog.pg_proc to public');
    expect(read.missing).toEqual(['functions']);
    expect(read.relation(null, 'customer')?.columns.map(({ name }) => name)).toContain('email');
  });

  test('is kept, answers without a server, and is read again only when it has changed', async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'howdah-catalog-'));
    const log = createLog(join(dataFolder, 'logs'));
    let reachable = true;
    const sources = { source: () => (reachable ? world.source() : Promise.reject(new Error('down'))) };
    const client = createRouterClient(createCatalog({ sources, dataFolder, log }).procedures, {
      context: { role: 'viewer', clientId: 'p' },
    });
    expect(await collect(await client.kept(key))).toEqual([]);
    const fresh = await collect(await client.read({ ...key, stamp: null }));
    const head = fresh[0];
    if (head?.kind !== 'begin') throw new Error('no head');
    expect(await collect(await client.read({ ...key, stamp: head.stamp }))).toEqual([{ kind: 'same' }]);

    await server.query('create table shop.arrived (id int)');
    const changed = await collect(await client.read({ ...key, stamp: head.stamp, afresh: true }));
    expect(changed.some((event) => event.kind === 'pack' && event.text.includes('arrived'))).toBe(true);
    await server.query('select pg_stat_force_next_flush()');
    // The counters follow when the writer's statistics are in; then the stamp alone says so.
    await expect.poll(async () => (await headOf(source)).stamp).not.toBe(head.stamp);

    reachable = false;
    const kept = await collect(await client.kept(key));
    expect(kept.map(({ kind }) => kind)).toEqual(changed.map(({ kind }) => kind));
    const [file = ''] = readdirSync(join(dataFolder, 'catalogs'));
    writeFileSync(join(dataFolder, 'catalogs', file), 'damaged');
    expect(await collect(await client.kept(key))).toEqual([]);
    rmSync(dataFolder, { recursive: true });
  });

  test('reads a search_path as the server writes it', () => {
    expect(schemasOfPath('"$user", public, "Odd ""one"""', 'ann')).toEqual(['ann', 'public', 'Odd "one"']);
    expect(schemasOfPath('', 'ann')).toEqual([]);
  });
});

describe('keys of JSON', () => {
  const placeAt = (marked: string) => {
    const place = jsonPlaceAt(catalog, marked.replace('|', ''), marked.indexOf('|'));
    return place && [place.relation.name, place.column, ...place.path].join('/');
  };
  test.each([
    ["select attributes->'|' from product", 'product/attributes'],
    ["select 1 from product p where p.attributes->>'si|' = '4'", 'product/attributes'],
    ["select attributes->'size'->0->>'|' from shop.product", 'product/attributes/size/0'],
    ["select attributes['size']['|'] from product", 'product/attributes/size'],
    ["select 1 from product where attributes ? '|'", 'product/attributes'],
    ["update product set tags = null where attributes->'it''s'->>'|' is null", "product/attributes/it's"],
    ["select name->'|' from product", null],
    ["select a->'|' from (select attributes as a from product) x", null],
    ["select 1 from product where tags = '|'", null],
  ])('%s', (marked, expected) => expect(placeAt(marked)).toBe(expected));

  test('are read from the rows, with how often they occur, and offered', async () => {
    await server.query(`create table shop."Odd docs" (id int primary key, data json);
      insert into shop."Odd docs" select i, case when i % 2 = 0 then '{"a": {"x": 1}, "it''s": [{"z": 1}]}' else '{"a": {"y\\"": true}}' end::json
        from generate_series(1, 50) i; insert into shop."Odd docs" values (99, '[1]'), (100, null);`);
    const read = async (...under: string[]) =>
      readJsonKeys(await world.source(), { schema: 'shop', table: 'Odd docs', column: 'data', under });
    expect(await read()).toEqual([
      { key: 'a', type: 'object', share: 1 },
      { key: "it's", type: 'array', share: 0.5 },
    ]);
    expect((await read('a')).map(({ key }) => key)).toEqual(['x', 'y"']);
    expect((await read("it's", '0')).map(({ key }) => key)).toEqual(['z']);
    expect(await read('nowhere', 'a"\\')).toEqual([]);
    expect(await readJsonKeys(await world.source(), { schema: 'no', table: 'no', column: 'no', under: [] })).toEqual(
      [],
    );
    const text = "select * from product where attributes->>''";
    const keys = [{ key: "it's", type: 'array', share: 0.5 }];
    const offered = complete({ text, caret: text.length - 1, catalog, jsonKeys: () => keys });
    expect(offered.suggestions).toMatchObject([{ label: "it's", insert: "it''s", detail: 'array · in 50 %' }]);
  });
});

describe('renaming', () => {
  const renamed = (marked: string): string => {
    const text = marked.replace('|', '');
    const renaming = renameAt(catalog, text, marked.indexOf('|'));
    if (!renaming) return 'nothing';
    return renaming.places.toReversed().reduce((now, { from, to }) => `${now.slice(0, from)}NEW${now.slice(to)}`, text);
  };
  test.each([
    ['select c.id, c.email from customer |c', 'select NEW.id, NEW.email from customer NEW'],
    ['select c|.id from customer c where c.id = 1', 'select NEW.id from customer NEW where NEW.id = 1'],
    ["select c.id, 'c' as c from customer |c", "select NEW.id, 'c' as c from customer NEW"],
    ['select count(c) from customer |c', 'select count(NEW) from customer NEW'],
    [
      'select c.id from customer |c where exists (select 1 from category c where c.id = 1)',
      'select NEW.id from customer NEW where exists (select 1 from category c where c.id = 1)',
    ],
    [
      'select c.id from customer |c where exists (select 1 from review r where r.customer_id = c.id)',
      'select NEW.id from customer NEW where exists (select 1 from review r where r.customer_id = NEW.id)',
    ],
    [
      'select c.id from customer |c union select c.id from category c',
      'select NEW.id from customer NEW union select c.id from category c',
    ],
    ['with w| as (select 1 as a) select w.a from w', 'with NEW as (select 1 as a) select NEW.a from NEW'],
    ['with w as (select 1 as a) select x.a from |w x', 'with NEW as (select 1 as a) select x.a from NEW x'],
    ['with w as (select 1 as a) select x.a from w |x', 'with w as (select 1 as a) select NEW.a from w NEW'],
    [
      'with recursive |t as (select 1 as n union all select t.n + 1 from t) select n from t',
      'with recursive NEW as (select 1 as n union all select NEW.n + 1 from NEW) select n from NEW',
    ],
    ['select shop.w.a, w.a from |w', 'nothing'],
    [
      'update category |c set name = c.name || 1 where c.id = 1',
      'update category NEW set name = NEW.name || 1 where NEW.id = 1',
    ],
    ['select g.n from generate_series(1, 3) as |g (n)', 'select NEW.n from generate_series(1, 3) as NEW (n)'],
    [
      'select 1; select c.id from customer |c; select c.id from category c',
      'select 1; select NEW.id from customer NEW; select c.id from category c',
    ],
    ['select id| from customer', 'nothing'],
  ])('%s', (marked, after) => expect(renamed(marked)).toBe(after));
  test('says which names are taken', () => {
    expect(renameAt(catalog, 'select 1 from customer c join category d on d.id = c.id', 23)?.taken).toEqual(['d']);
  });
});
