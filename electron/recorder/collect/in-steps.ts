/** Reads of many relations, a step at a time, so that the server never notices. */
import { setTimeout as delay } from 'node:timers/promises';
import type { MonitorLink } from '../../postgres/monitor/monitor-link.ts';
import { type Query, query } from '../../postgres/query.ts';
import type { Collecting } from './collector.ts';

/** Of a question that is asked in steps: some hundreds of relations, as many as most databases have. */
const standardFreeSteps = 2;
/** pg_class of a database of about 1,500 tables with their indexes and TOAST tables. */
const smallCatalogBytes = 2_000_000;
const longestRestMs = 1_000;

const catalogSize = query<{ bytes: string }>(
  'recorder.catalog-size',
  `
select pg_relation_size('pg_catalog.pg_class') as bytes`,
);
/** By connection, and so by database. */
const catalogSizes = new WeakMap<MonitorLink, number>();

/**
 * How many steps in that database wait for no allowance. Of the recorder's own, while it is met first, all are free if it
 * is small, so that it is whole in the first minute. Of a large one none: what is told when all was read is not told
 * sooner for a few steps, and the allowance is kept for what is.
 */
async function freeStepsOf(collecting: Collecting, database: string | null): Promise<number> {
  const bytes = await collecting.near(database, async (link) => {
    const known = catalogSizes.get(link);
    if (known !== undefined) return known;
    const found = Number((await link.ask(catalogSize, { signal: collecting.signal })).rows[0]?.bytes);
    catalogSizes.set(link, found);
    return found;
  });
  if (bytes > smallCatalogBytes) return 0;
  const isOwn = database === null || database === (await collecting.databases())[0];
  return isOwn && collecting.isFirst ? Number.POSITIVE_INFINITY : standardFreeSteps;
}

/**
 * Runs steps until one says that there is nothing more. Each is followed by a rest of four times its length.
 * @param bulk out of the allowance, too: the connection is given back while it is empty
 * @param step resolves to whether there is more
 * @param freeSteps so many wait for nothing; where not said, as many as make a small database whole
 */
export async function inSteps(
  collecting: Collecting,
  database: string | null,
  bulk: boolean,
  step: (link: MonitorLink) => Promise<boolean>,
  freeSteps?: number,
): Promise<void> {
  const { id, signal, allowance } = collecting;
  const free = bulk ? (freeSteps ?? (await freeStepsOf(collecting, database))) : 0;
  const rest = async (wait: Promise<void>) => {
    const began = performance.now();
    await wait;
    collecting.rested(performance.now() - began);
  };
  let steps = 0;
  const isPaid = () => bulk && steps >= free;
  for (let more = true; more; ) {
    if (isPaid()) await rest(allowance.turn(signal, id));
    // What is short needs no second connection.
    const on = bulk ? collecting.aside : collecting.near;
    more = await on(database, async (link) => {
      // Another one may have spent it while this one waited for the connection.
      if (isPaid() && allowance.isEmpty) return true;
      for (;;) {
        const began = performance.now();
        const goesOn = await step(link);
        const tookMs = performance.now() - began;
        steps++;
        // What the way there and back takes is no cost of the server; what makes a small database whole is a gift.
        if (bulk && free !== Number.POSITIVE_INFINITY) allowance.spend(Math.max(0, tookMs - link.leastMs), id);
        if (!goesOn || (isPaid() && allowance.isSpent)) return goesOn;
        await rest(delay(Math.min(4 * tookMs, longestRestMs), undefined, { signal }));
      }
    });
  }
}

/**
 * All rows of a question that is asked a page at a time: $1 where the page before ended, $2 how many.
 * @param endOf where a page ends, by its last row
 * @param tell where a page is followed by another: the rows so far, and the last one
 */
export async function allPages<Row>(
  collecting: Collecting,
  database: string | null,
  question: Query<Row>,
  {
    size,
    bulk,
    endOf,
    tell,
  }: {
    size: number;
    bulk: boolean;
    endOf(row: Row): string | number;
    tell?: ((rows: number, last: Row) => void) | undefined;
  },
): Promise<Row[]> {
  const rows: Row[] = [];
  let after: string | number = 0;
  await inSteps(collecting, database, bulk, async (link) => {
    const page = await link.askWith(question, [after, size], { signal: collecting.signal });
    for (const row of page) rows.push(row);
    const last = page.at(-1);
    if (last !== undefined) after = endOf(last);
    // A relation may come with its TOAST table, so that a page has more rows than it was asked for.
    const more = page.length >= size;
    if (more && last !== undefined) tell?.(rows.length, last);
    return more;
  });
  return rows;
}

/** The rows of those ids that still exist: $1 some of them. */
export async function somePages<Row>(
  collecting: Collecting,
  database: string | null,
  question: Query<Row>,
  ids: readonly string[],
  size: number,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let at = 0; at < ids.length; at += size)
    await inSteps(collecting, database, false, async (link) => {
      for (const row of await link.askWith(question, [ids.slice(at, at + size)], { signal: collecting.signal }))
        rows.push(row);
      return false;
    });
  return rows;
}
