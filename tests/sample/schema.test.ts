/** The schema on each major version: it loads, and what a version knows is there. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSampleSchema } from '../../electron/features/sample/load-schema.ts';
import { majors, startServer, type TestServer } from '../postgres/servers.ts';

describe.each(majors)('PostgreSQL %i', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major, { database: 'sample' });
    await loadSampleSchema(server, { rows: 'few' });
  });
  afterAll(() => server?.stop());

  test('has its tables, each with rows', async () => {
    const [found] = await server.query(
      `select count(*)::int as tables from pg_class c join pg_namespace n on n.oid = relnamespace
       where nspname in ('shop', 'logistics', 'finance') and relkind in ('r', 'p') and not relispartition`,
    );
    expect(found?.tables).toBeGreaterThanOrEqual(30);
    const [events] = await server.query('select count(*)::int as n from logistics.tracking_event');
    expect(events?.n).toBe(1_000);
  });

  test('has a column of sixty types and more', async () => {
    const [found] = await server.query(
      `select count(distinct atttypid)::int as types from pg_attribute where attrelid = 'public.every_type'::regclass and attnum > 0`,
    );
    expect(found?.types).toBeGreaterThanOrEqual(60);
    const labels = await server.query('select label from public.every_type');
    expect(labels.length).toBeGreaterThanOrEqual(11);
  });

  test('uses what the version knows', async () => {
    const [found] = await server.query(
      `select exists (select from pg_attribute where attgenerated = 'v') as virtual,
         exists (select from pg_type where typtype = 'm' and typname = 'amount_multirange') as multirange`,
    );
    expect(found).toEqual({ virtual: major >= 18, multirange: major >= 14 });
  });
});

test('gives the same rows every time', async () => {
  const fingerprint = `select md5(string_agg(t::text, '|' order by id)) as sum from shop.product t`;
  const sums = new Set<string>();
  for (const major of [13, 18] as const) {
    const server = await startServer(major, { database: 'sample' });
    try {
      await loadSampleSchema(server, { rows: 'few' });
      sums.add((await server.query<{ sum: string }>(fingerprint))[0]?.sum ?? '');
    } finally {
      await server.stop();
    }
  }
  expect(sums.size).toBe(1);
});
