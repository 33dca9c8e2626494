/** What the parts of the transfer bench share: the table, psql, and several ways in turn. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import type { ResultsWorld } from '../../postgres/results-world.ts';
import type { TestServer } from '../../postgres/servers.ts';

export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly bar?: number;
  readonly ok?: boolean;
}

export interface Bench {
  readonly add: (name: string, value: number, unit: string, bar?: number) => void;
  readonly world: ResultsWorld;
  readonly server: TestServer;
  readonly folder: string;
  readonly rowCount: number;
}

export const rounds = 5;
export const psql = '/usr/bin/psql';
export const table = 'mixed';
/** Twelve mixed columns, about 293 bytes a row as text. */
export const makeTable = (rows: number) => `create table ${table} as select
  i::bigint as id, 'customer ' || md5(i::text) || ' of ' || i as name, (i::bigint * 7919 % 1000003)::numeric(12,2) / 100 as amount,
  '2024-01-01'::timestamptz + i * interval '13 seconds' as at,
  jsonb_build_object('kind', i % 7, 'tags', array['a', 'b'], 'note', 'n' || i) as data,
  md5(i::text)::uuid as guid, i % 2 = 0 as active, i / 7.0::double precision as ratio, '2020-01-01'::date + i % 3000 as day,
  array[i, i % 10, i % 100] as numbers, decode(md5((i * 3)::text), 'hex') as hash,
  case when i % 3 = 0 then null else 'a note, with "quotes" for ' || i end as note
  from generate_series(1, ${rows}) i`;

export const hasPsql = existsSync(psql);
export const asPsql = (server: TestServer, command: string) =>
  promisify(execFile)(psql, ['-qX', server.url, '-c', command], { env: { ...process.env, PGCLIENTENCODING: 'UTF8' } });

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
/** The medians of some rounds, each in the other direction: what one leaves the server to do must not always hit the same. */
export async function inTurn<Name extends string>(
  works: Partial<Record<Name, () => Promise<unknown>>>,
  count: number,
  before: () => Promise<unknown>,
): Promise<Partial<Record<Name, number>>> {
  const names = Object.keys(works) as Name[];
  const times = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round < count; round++)
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      await before();
      times.get(name)?.push(await timed(async () => works[name]?.()));
    }
  return Object.fromEntries(names.map((name) => [name, median(times.get(name) ?? [])])) as Record<Name, number>;
}
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
