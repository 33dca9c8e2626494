/** The object tree at 20,000 tables: first paint's question, every page, and search as one types. */
import { pathToFileURL } from 'node:url';
import { forgetSearch, searchObjects } from '../../electron/features/objects/search/search.ts';
import { childrenOf } from '../../electron/features/objects/tree/tree.ts';
import type { Source } from '../../electron/postgres/source.ts';
import { startServer, type TestServer } from '../postgres/servers.ts';
import { openWorld } from '../postgres/session-world.ts';

export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly bar: number;
  readonly ok: boolean;
}

const nouns = 'order customer invoice payment shipment product parcel address carrier price stock return account'.split(
  ' ',
);
const words = 'archive daily line log item event status history detail summary queue batch import export audit'.split(
  ' ',
);

/** Makes `count` tables of 8 columns with a primary key, one in ten with a comment, in the schema `many`. */
export async function makeTables(server: TestServer, count: number): Promise<void> {
  await server.query('create schema if not exists many');
  const perBatch = 500;
  for (let from = 0; from < count; from += perBatch) {
    const statements: string[] = [];
    for (let at = from; at < Math.min(count, from + perBatch); at++) {
      const name = `${nouns[at % nouns.length]}_${words[at % words.length]}_${at}`;
      statements.push(`create table many.${name} (id bigint primary key, ${nouns[(at * 7) % nouns.length]}_id bigint, created_at timestamptz,
        amount numeric(12,2), label text, ${words[(at * 3) % words.length]}_state text, valid boolean, payload jsonb);`);
      if (at % 10 === 0) statements.push(`comment on table many.${name} is 'Keeps what ${name} has seen';`);
    }
    await server.query(statements.join('\n'));
  }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
async function medianOf(rounds: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await timed(work));
  return median(times);
}

/**
 * The longest that this thread worked between two turns of its event loop, in milliseconds of its own processor time:
 * what it would block on a machine that is not busy with others.
 */
function watchBlocks(): { stop(): number } {
  let running = true;
  let longest = 0;
  let before = process.threadCpuUsage();
  const turn = () => {
    const now = process.threadCpuUsage();
    longest = Math.max(longest, now.user + now.system - before.user - before.system);
    before = now;
    if (running) setImmediate(turn);
  };
  turn();
  return {
    stop() {
      running = false;
      return longest / 1000;
    },
  };
}

async function everyPage(asker: Source, key: string): Promise<number> {
  let seen = 0;
  let after: string | undefined;
  do {
    const page = await childrenOf(asker, { key, ...(after === undefined ? {} : { after }) });
    seen += page.nodes.length;
    after = page.next ?? undefined;
  } while (after !== undefined);
  return seen;
}

const typed = [
  'o',
  'or',
  'order_line',
  'order_line_1234',
  'cuar',
  'parcel status',
  'keeps what',
  'many.stock',
  'zzzz',
  'amount',
];

/** Bars are the issue's: first paint under 1 s, search under 100 ms, no block of the event loop over 25 ms. */
export async function run(tables = 20_000): Promise<Row[]> {
  const server = await startServer(18, { settings: { max_locks_per_transaction: '2048' } });
  try {
    await makeTables(server, tables);
    await server.query('vacuum analyze');
    // As the program does it: the connection lives in a worker thread, this thread is the host.
    const world = await openWorld(() => server.spec());
    const rows = await measure(server, await world.source(), tables);
    await world.close();
    return rows;
  } finally {
    await server.stop();
  }
}

async function measure(server: TestServer, asker: Source, tables: number): Promise<Row[]> {
  const [schema] = await server.query<{ oid: number }>("select oid from pg_namespace where nspname = 'many'");
  const key = `schema:${schema?.oid}/table`;
  const rows: Row[] = [];
  const below = (name: string, value: number, bar: number): void => {
    rows.push({ name, value: Math.round(value * 10) / 10, unit: 'ms', bar, ok: value < bar });
  };
  const firstPaint = async () => {
    await childrenOf(asker, {});
    await childrenOf(asker, { key: `schema:${schema?.oid}` });
    await childrenOf(asker, { key });
  };
  below('tree: root, schema and first 1,000 of its tables', await medianOf(5, firstPaint), 1000);
  const pages = await timed(async () => {
    const seen = await everyPage(asker, key);
    if (seen !== tables) throw new Error(`${seen} of ${tables} tables seen`);
  });
  below(`tree: all ${tables} tables, page by page`, pages, 5000);
  const blocks = watchBlocks();
  forgetSearch(asker);
  below(
    'search: first, with reading the catalog',
    await timed(() => searchObjects(asker, { text: 'order', limit: 50 })),
    5000,
  );
  let worst = 0;
  for (const text of typed) worst = Math.max(worst, await medianOf(5, () => searchObjects(asker, { text, limit: 50 })));
  below('search: slowest of ten texts', worst, 100);
  below('search: longest block of the event loop (processor time)', blocks.stop(), 25);
  return rows;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.table(await run());
