/** Opening a table of 5,000,000 rows and going through it: through the contract's procedures, as a page does it. */
import { pathToFileURL } from 'node:url';
import { createRouterClient } from '@orpc/server';
import { dataProcedures } from '../../electron/features/data/data.ts';
import type { DataPage, PageFrom } from '../../shared/api/data.ts';
import { startServer, type TestServer } from '../postgres/servers.ts';
import { openWorld } from '../postgres/session-world.ts';

export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly bar: number;
  readonly ok: boolean;
}

const everything = { where: '', orderBy: '', search: '' };
const blockRows = 200;

async function makeTables(server: TestServer, rows: number): Promise<void> {
  await server.query(`create table public.events (id bigint generated always as identity primary key, kind text not null,
    customer_id int not null, amount numeric(12,2), at timestamptz not null, payload jsonb, note text, ok boolean not null)`);
  await server.query(
    `insert into public.events (kind, customer_id, amount, at, payload, note, ok)
     select 'kind ' || g % 12, g % 90000, (g % 10000) / 7.0, timestamptz '2020-01-01' + g * interval '17 s',
       case when g % 3 = 0 then jsonb_build_object('n', g) end, case when g % 5 = 0 then md5(g::text) end, g % 2 = 0
     from generate_series(1, $1::int) g`,
    [rows],
  );
  await server.query('create index on public.events (at)');
  await server.query('create table public.bare as select id, kind, amount, at from public.events');
  await server.query('vacuum analyze');
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const worstOfMost = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? Number.NaN;

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const began = performance.now();
  const answer = await work();
  return [answer, performance.now() - began];
}

/** Bars are the issue's: first rows under 150 ms, the next page at any depth under 100 ms. */
export async function run(rows = 5_000_000): Promise<Row[]> {
  const server = await startServer(18, { settings: { shared_buffers: '256MB', max_wal_size: '4GB' } });
  try {
    await makeTables(server, rows);
    const world = await openWorld(() => server.spec());
    const context = { role: 'operator' as const, clientId: 'bench' };
    const { data } = createRouterClient(
      {
        data: dataProcedures({
          sources: world.sources,
          specOf: async () => server.spec(),
          askedBeforeSaving: () => null,
          keep: () => undefined,
          log: { info: () => undefined, warn: () => undefined, error: () => undefined },
        }),
      },
      { context },
    );
    const [at] = await server.query<{ events: number; bare: number }>(
      "select 'events'::regclass::oid as events, 'bare'::regclass::oid as bare",
    );
    const found: Row[] = [];
    const below = (name: string, value: number, bar: number): void => {
      found.push({ name, value: Math.round(value * 10) / 10, unit: 'ms', bar, ok: value < bar });
    };
    const where = { connectionId: 'test', database: 'postgres' };
    // The first connection is made with the tree, before a table can be chosen in it.
    await world.source();
    for (const [words, oid, orderBy] of [
      ['by key', at?.events ?? 0, ''],
      ['by an indexed column', at?.events ?? 0, 'at desc'],
      ['without a key', at?.bare ?? 0, ''],
    ] as const) {
      const query = { ...everything, orderBy };
      const page = (from: PageFrom) => data.rows({ ...where, oid, query, from, count: blockRows });
      const opens: number[] = [];
      for (let round = 0; round < 7; round++) {
        const [, tookMs] = await timed(async () => {
          await data.describe({ ...where, oid });
          return page({ kind: 'start' });
        });
        opens.push(tookMs);
      }
      below(`${words}: open and first rows (first time)`, opens[0] ?? Number.NaN, 150);
      below(`${words}: open and first rows (median)`, median(opens), 150);
      const steps: number[] = [];
      for (const fraction of [0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99]) {
        const [landed, jumpMs] = await timed(() => page({ kind: 'about', fraction }));
        steps.push(jumpMs);
        let last: DataPage = landed;
        for (let step = 0; step < 5; step++) {
          const place = last.places.at(-1);
          if (!place) throw new Error(`no rows at ${fraction}`);
          const [next, tookMs] = await timed(() => page({ kind: 'after', place }));
          steps.push(tookMs);
          last = next;
        }
      }
      const [, endMs] = await timed(() => page({ kind: 'end' }));
      steps.push(endMs);
      below(`${words}: jump or next page at any depth (95 of 100)`, worstOfMost(steps), 100);
      below(`${words}: jump or next page at any depth (slowest)`, Math.max(...steps), 100);
    }
    const [, countMs] = await timed(() =>
      data.count({ ...where, oid: at?.events ?? 0, query: everything, exact: false }),
    );
    below('count: about, at once', countMs, 100);
    await world.close();
    return found;
  } finally {
    await server.stop();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.table(await run());
