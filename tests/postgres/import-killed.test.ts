/** An import in batches that is killed again and again ends with every row once, and every refused row in its file once. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import type { Imported } from '../../electron/postgres/import/run-import.ts';
import { scratchFolder } from '../fixtures/row-files.ts';
import { fileOf, planFor } from './import-world.ts';
import { startServer } from './servers.ts';

const script = path.join(import.meta.dirname, '..', 'fixtures', 'import-forever.ts');
const rows = 120_000;
const kills = 10;

it('is exact after ten kills', { timeout: 600_000 }, async () => {
  const server = await startServer(18);
  try {
    await server.query('create table target (id int primary key, note text)');
    const lines = Array.from({ length: rows }, (_, at) => (at % 7000 === 6999 ? `bad ${at},x` : `${at},note ${at}`));
    const file = fileOf(scratchFolder(), 'rows.csv', `id,note\n${lines.join('\n')}\n`);
    const plan = await planFor(file, { table: 'target', transaction: 'batches', batchRows: 500 });
    const task = { spec: server.spec(), from: file, plan, key: 'killed', rejectsPath: `${file}.rejects` };
    const run = async (...more: string[]) => {
      const args = [script, JSON.stringify(task), ...more];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const [ended, said] = await Promise.all([once(child, 'exit'), text(child.stdout)]);
      return { signal: ended[1], said };
    };
    // Anywhere within a batch: before, in and after its COMMIT.
    for (let turn = 0; turn < kills; turn++) expect(await run('40')).toEqual({ signal: 'SIGKILL', said: '' });
    const end: Imported = JSON.parse((await run()).said);
    const refused = Math.floor(rows / 7000);
    expect(end).toMatchObject({ failure: null, read: rows, inserted: rows - refused, rejected: refused });
    expect(end.resumed).toBeGreaterThan(0);
    expect(await server.query('select count(*)::int as n, sum(id)::text as s from target')).toEqual([
      {
        n: rows - refused,
        s: String(lines.reduce((sum, line) => sum + (line.startsWith('bad') ? 0 : Number.parseInt(line, 10)), 0)),
      },
    ]);
    const written = readFileSync(task.rejectsPath, 'utf8').trimEnd().split('\n');
    expect(written).toHaveLength(refused + 1);
    expect(new Set(written).size).toBe(refused + 1);
    expect(await server.query(`select to_regclass('public.howdah_import_progress') as t`)).toEqual([{ t: null }]);
  } finally {
    await server.stop();
  }
});
