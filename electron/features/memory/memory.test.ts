/** What an editor is told of its statements, from a recording and the kept plans: no server is asked. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Catalog } from '../../../shared/complete/catalog.ts';
import { complete } from '../../../shared/complete/complete.ts';
import { generatedToMs, generateRecording } from '../../../tests/fixtures/generate-recording.ts';
import { Fingerprints } from '../../postgres/parser/fingerprints.ts';
import { procedures } from '../../procedures.ts';
import { OpenRecordings } from '../../recorder/open/open-recordings.ts';
import { openStore } from '../../store/open.ts';
import { createPlanStore, type NewPlan } from '../../store/plans.ts';
import { memoryProcedures } from './memory.ts';

const folder = mkdtempSync(join(tmpdir(), 'howdah-memory-'));
const opened = openStore(folder);
const store = createPlanStore(opened.db);
const recordings = new OpenRecordings();
const router = procedures.memory.router(memoryProcedures({ recordings, store }));
const client = createRouterClient(router, { context: { role: 'viewer', clientId: 'page' } });
const orders =
  "select * from customers where id = 42;\nSELECT o.*, c.name FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.placed_at > 'yesterday' ORDER BY o.placed_at DESC LIMIT 10";

beforeAll(() => {
  generateRecording(join(folder, 'shop.howdah'), { hours: 1 });
  generateRecording(join(folder, 'sampled.howdah'), { hours: 0.2, withoutStatements: true });
  recordings.set('shop', { file: join(folder, 'shop.howdah'), live: false });
  recordings.set('sampled', { file: join(folder, 'sampled.howdah'), live: false });
});
afterAll(async () => {
  await recordings.close();
  opened.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

describe('what is remembered', () => {
  it('is found by the statement, whatever its literals, its case and its layout', async () => {
    const [customer, order] = await client.look({ recordingId: 'shop', database: 'shop', text: orders });
    expect(orders.slice(customer?.from, customer?.to)).toBe('select * from customers where id = 42;');
    expect(customer).toMatchObject({ sampled: false, plan: null });
    expect(customer?.callsADay).toBeGreaterThan(0);
    expect(order?.meanMs).toBeGreaterThan(customer?.meanMs ?? Number.NaN);
    expect(order?.p95MinuteMs).toBeGreaterThanOrEqual(order?.meanMs ?? Number.NaN);
    expect(order?.trend).toHaveLength(12);
    expect(order?.waits.map(({ event }) => event)).toContain('IO:DataFileRead');
  });

  it('adds up to what the statements page counts', async () => {
    const span = { fromMs: generatedToMs - 3_600_001, toMs: generatedToMs };
    const all = await recordings.ask('shop', 'statements', { ...span, order: 'totalMs', limit: 1_000 });
    const own = all.statements.filter(
      ({ text, database }) => text?.startsWith('SELECT * FROM customers') && database === 'shop',
    );
    const calls = own.reduce((sum, each) => sum + each.calls, 0);
    const totalMs = own.reduce((sum, each) => sum + each.totalMs, 0);
    const [customer] = await client.look({ recordingId: 'shop', database: 'shop', text: orders });
    expect(customer?.meanMs).toBeCloseTo(totalMs / calls, 6);
    expect(customer?.callsADay).toBeCloseTo((calls * 86_400_000) / all.coveredMs, 3);
  });

  it('is nothing of another database, of another statement, and of a text that is none', async () => {
    const ask = (text: string, database = 'shop') => client.look({ recordingId: 'shop', database, text });
    expect(await ask(orders, 'postgres')).toEqual([]);
    expect(await ask('select * from customers where name = 42')).toEqual([]);
    expect(await ask('selec * fro')).toEqual([]);
    expect(await ask('')).toEqual([]);
  });

  it('says so where times are of samples', async () => {
    const [customer] = await client.look({ recordingId: 'sampled', text: orders });
    expect(customer).toMatchObject({ sampled: true, callsADay: null, meanMs: null, p95MinuteMs: null });
    expect(customer?.msADay).toBeGreaterThan(0);
  });

  it('has the last plan, and when it became another, without any recording', async () => {
    const [text = ''] = orders.split(';');
    const fingerprint = await new Fingerprints().of(text);
    const plan: NewPlan = {
      atMs: 1_000,
      origin: 'explain',
      fingerprint,
      sql: text,
      connectionId: null,
      recordingId: null,
      connectionName: '',
      database: '',
      serverVersion: '',
      analyzed: false,
      executionMs: null,
      totalCost: 1,
      shape: 'Seq Scan',
      parameters: null,
      settings: '',
      options: null,
      text: '',
    };
    store.add(plan);
    store.add({ ...plan, atMs: 2_000, shape: 'Index Scan' });
    const lastId = store.add({ ...plan, atMs: 3_000, shape: 'Index Scan' });
    const [found, ...others] = await client.look({ recordingId: null, text: orders });
    expect(found).toMatchObject({ key: null, plan: { lastId, atMs: 3_000, changedAtMs: 2_000 } });
    expect(others).toEqual([]);
  });
});

describe('a recording’s catalog', () => {
  const read = async (recordingId: string, database: string | null) => {
    let catalog: Catalog | null = null;
    for await (const event of await client.catalog({ recordingId, database })) {
      if (event.kind === 'begin') catalog = new Catalog(event);
      else catalog?.take(event);
    }
    return catalog;
  };

  it('is what completion reads, with its columns', async () => {
    const catalog = await read('shop', null);
    expect(catalog?.head.database).toBe('shop');
    const orders = catalog?.relation(null, 'orders');
    expect(orders?.columns.find(({ name }) => name === 'id')).toMatchObject({ notNull: true });
    const text = 'select * from ord';
    const offered = catalog && complete({ text, caret: text.length, catalog });
    expect(offered?.suggestions.map(({ label }) => label)).toContain('orders');
  });

  it('is empty of a database that was not recorded', async () => {
    expect(await read('shop', 'nowhere')).toBeNull();
  });

  it('comes with the statements that are run there, the costliest first, each shape once', async () => {
    const texts = await client.workload({ recordingId: 'shop', database: 'shop' });
    expect(texts.some((text) => text.includes('JOIN customers c ON c.id = o.customer_id'))).toBe(true);
    expect(texts.filter((text) => text.startsWith('SELECT * FROM customers'))).toHaveLength(1);
  });
});
