/** A CSV file into a table, against psql's \\copy. */
import path from 'node:path';
import { importFile } from '../../postgres/import-world.ts';
import { exportQuery, outcome } from '../../postgres/results-world.ts';
import { asPsql, type Bench, hasPsql, inTurn, rounds, table } from './side-by-side.ts';

export async function imports({ add, world, server, folder }: Bench): Promise<void> {
  const file = path.join(folder, 'import.csv');
  const end = await outcome(
    exportQuery(world.results, server.spec(), `select * from ${table}`, { format: 'csv', path: file }),
  );
  if (end.kind !== 'done') throw new Error(JSON.stringify(end));
  const read = async (transaction: 'one' | 'batches') => {
    const done = await importFile(server.spec(), file, { table: 'target', transaction });
    if (done.failure || done.inserted !== end.rows) throw new Error(JSON.stringify(done));
  };
  const times = await inTurn(
    {
      ...(hasPsql ? { psql: () => asPsql(server, `\\copy target from '${file}' csv header`) } : {}),
      one: () => read('one'),
      batches: () => read('batches'),
    },
    rounds,
    () => server.query('truncate target; checkpoint'),
  );
  const [one, batches] = [times.one ?? Number.NaN, times.batches ?? Number.NaN];
  if (times.psql) {
    add('psql \\copy from CSV', times.psql, 'ms');
    add('import of CSV, x psql', one / times.psql, 'x', 1.05);
    add('import in batches that can go on, x psql', batches / times.psql, 'x');
  } else add('import of CSV (no psql here)', one, 'ms');
  const [same] = await server.query(
    `select (select md5(string_agg(md5(t::text), '' order by id)) from ${table} t) = (select md5(string_agg(md5(t::text), '' order by id)) from target t) as same`,
  );
  add('imported rows are the exported ones (0 = yes)', same?.same ? 0 : 1, '', 0);
}
