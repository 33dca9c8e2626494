/** What results are measured with: a table of mixed columns, and psql's copy of it to a file. */
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import type { TestServer } from '../../postgres/servers.ts';

export const table = 'mixed';
/** Twelve mixed columns, about 293 bytes a row as text. */
export const makeTable = (rows: number) => `create table ${table} as select
  i::bigint as id, 'customer ' || md5(i::text) || ' of ' || i as name, (i::bigint * 7919 % 1000003)::numeric / 100 as amount,
  '2024-01-01'::timestamptz + i * interval '13 seconds' as at,
  jsonb_build_object('kind', i % 7, 'tags', array['a', 'b'], 'note', 'n' || i) as data,
  md5(i::text)::uuid as guid, i % 2 = 0 as active, i / 7.0::double precision as ratio, '2020-01-01'::date + i % 3000 as day,
  array[i, i % 10, i % 100] as numbers, decode(md5((i * 3)::text), 'hex') as hash,
  case when i % 3 = 0 then null else 'a note, with "quotes" for ' || i end as note
  from generate_series(1, ${rows}) i`;

/** All rows of the table to a CSV file with a header. */
export async function psqlCopy(server: TestServer, file: string): Promise<void> {
  const command = `\\copy (select * from ${table}) to '${file}' csv header`;
  await promisify(execFile)('psql', ['-qX', server.url, '-c', command], {
    env: { ...process.env, PGCLIENTENCODING: 'UTF8' },
  });
}

export function hasPsql(): boolean {
  try {
    execFileSync('psql', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
