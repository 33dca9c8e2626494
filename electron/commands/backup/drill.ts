/** `howdah backup drill FILE`: restored into a server made for it, compared with what the file says, the time taken. */
import { startScratchServer } from '../../features/sample/scratch/scratch-server.ts';
import { runDrill } from '../../postgres/backup/run-drill.ts';
import { runDumpDrill } from '../../postgres/backup/tools/run-dump-drill.ts';
import { dumpFormOf } from '../../postgres/backup/tools/run-pg-restore.ts';
import { duration } from '../../recorder/report/words.ts';
import { readArguments } from '../command.ts';
import { Console, guarded, plain } from './console.ts';

const asIn = { snapshot: 'equal to the snapshot', dump: 'with the rows of the dump, table by table' } as const;

/** Exit 0: restored, and equal to what was backed up (of pg_dump's files: with their rows); 1: not. */
export async function drillCommand(args: readonly string[]): Promise<number> {
  const options = { json: { type: 'boolean', default: false }, verbose: { type: 'boolean', default: false } } as const;
  const { values, positionals } = readArguments(args, options, ['FILE']);
  const [path = ''] = positionals;
  const screen = new Console(values.verbose);
  return guarded(screen, async (signal) => {
    const began = performance.now();
    const scratch = await startScratchServer();
    try {
      const startMs = performance.now() - began;
      const told = { signal, onProgress: screen.onProgress, onLine: screen.onLine };
      const form = await dumpFormOf(path);
      const outcome = await (form === null
        ? runDrill(scratch.spec, path, told)
        : runDumpDrill(scratch.spec, path, form, told));
      if (values.json) console.log(JSON.stringify({ ...outcome, startMs }));
      else {
        for (const difference of outcome.differences) console.log(plain(`differs: ${difference}`));
        console.log(
          `${path}: ${outcome.items} items, ${outcome.rows.toLocaleString('en')} rows restored in ${duration(outcome.restoreMs)} on PostgreSQL ${outcome.serverVersion}; ${outcome.differences.length === 0 ? asIn[outcome.against] : `${outcome.differences.length} differences`}.`,
        );
        for (const note of outcome.notes) console.log(plain(`  ${note}`));
      }
      return outcome.differences.length === 0 ? 0 : 1;
    } finally {
      await scratch.stop();
    }
  });
}
