/** SQL files, run as one transaction, against psql: rows behind COPY, and rows as INSERT statements. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { examineScript } from '../../../electron/postgres/import/sql/examine-script.ts';
import { runScript } from '../../../electron/postgres/import/sql/run-script.ts';
import { exportQuery, outcome } from '../../postgres/results-world.ts';
import { type Bench, hasPsql, inTurn, psql, table } from './side-by-side.ts';

const rounds = 3;
const copiedRows = 300_000;
/** A statement a row. */
const insertedRows = 50_000;

export async function scripts(bench: Bench): Promise<void> {
  await script(bench, 'copy', `select * from ${table} limit ${copiedRows}`);
  await script(bench, 'rows', `select * from ${table} limit ${insertedRows}`);
}

async function script({ add, world, server, folder }: Bench, sqlStyle: 'copy' | 'rows', sql: string): Promise<void> {
  const file = path.join(folder, `${sqlStyle}.sql`);
  const choices = { format: 'sql', sqlStyle, tableName: 'target', path: file } as const;
  const end = await outcome(exportQuery(world.results, server.spec(), sql, choices));
  if (end.kind !== 'done') throw new Error(JSON.stringify(end));
  const ours = async () => {
    const { exam } = await examineScript(
      { path: file, encoding: null },
      () => {},
      () => false,
    );
    const plan = { transaction: 'one', onError: 'stop' } as const;
    const done = await runScript(
      { spec: server.spec(), path: file, plan, encoding: exam.encoding },
      () => {},
      () => false,
    );
    if (done.failure || done.rows !== end.rows) throw new Error(JSON.stringify(done));
  };
  const words = ['-qX1', server.url, '-v', 'ON_ERROR_STOP=1', '-f', file];
  const times = await inTurn(
    { ...(hasPsql ? { psql: () => promisify(execFile)(psql, words) } : {}), ours },
    rounds,
    () => server.query('truncate target; checkpoint'),
  );
  const name = sqlStyle === 'copy' ? `script of COPY with ${copiedRows} rows` : `script of ${insertedRows} INSERTs`;
  const took = times.ours ?? Number.NaN;
  if (times.psql) add(`${name}, read through and run, x psql -1 -f`, took / times.psql, 'x');
  else add(`${name} (no psql here)`, took, 'ms');
}
