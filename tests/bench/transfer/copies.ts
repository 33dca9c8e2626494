/** Rows from one server to another, against two psqls with a pipe between them. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { runCopy } from '../../../electron/postgres/copy/run-copy.ts';
import { type CopyWish, copyTask, ofTable } from '../../postgres/copy-world.ts';
import { startServer } from '../../postgres/servers.ts';
import { type Bench, hasPsql, inTurn, makeTable, psql, table, timed } from './side-by-side.ts';

const rounds = 3;

export async function copies({ add, server, folder, rowCount }: Bench): Promise<void> {
  const other = await startServer(15);
  try {
    await other.query(makeTable(0));
    const sides = { from: server.spec(), to: other.spec(), rejectsPath: path.join(folder, 'copy.csv') };
    const copy = async (wish: CopyWish) => {
      const done = await runCopy(
        await copyTask(sides, ofTable(table), table, wish),
        () => {},
        () => false,
      );
      if (done.failure || done.inserted !== rowCount) throw new Error(JSON.stringify(done));
    };
    const pipe = `${psql} -qX "$FROM" -c '\\copy ${table} to stdout' | ${psql} -qX "$TO" -c '\\copy ${table} from stdin'`;
    const env = { ...process.env, PGCLIENTENCODING: 'UTF8', FROM: server.url, TO: other.url };
    const times = await inTurn(
      {
        ...(hasPsql ? { psql: () => promisify(execFile)('sh', ['-c', pipe], { env }) } : {}),
        copy: () => copy({ check: false }),
      },
      rounds,
      () => other.query(`truncate ${table}; checkpoint`),
    );
    const took = times.copy ?? Number.NaN;
    add('copy between servers', (rowCount / took) * 1000, 'rows/s');
    if (times.psql) add('copy between servers, x psql | psql', took / times.psql, 'x');
    await other.query(`truncate ${table}; checkpoint`);
    add('the same with both sides compared by checksum, x', (await timed(() => copy({ check: true }))) / took, 'x');
  } finally {
    await other.stop();
  }
}
