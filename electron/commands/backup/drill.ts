/** `howdah backup drill FILE`: restored into a server made for it, compared with the snapshot, the time taken. */
import { startScratchServer } from '../../features/sample/scratch/scratch-server.ts';
import { runDrill } from '../../postgres/backup/run-drill.ts';
import { duration } from '../../recorder/report/words.ts';
import { readArguments } from '../command.ts';
import { Console, guarded, plain } from './console.ts';

/** Exit 0: restored, and equal to what was backed up; 1: not. */
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
      const outcome = await runDrill(scratch.spec, path, {
        signal,
        onProgress: screen.onProgress,
        onLine: screen.onLine,
      });
      if (values.json) console.log(JSON.stringify({ ...outcome, startMs }));
      else {
        for (const difference of outcome.differences) console.log(plain(`differs: ${difference}`));
        console.log(
          `${path}: ${outcome.items} items, ${outcome.rows.toLocaleString('en')} rows restored in ${duration(outcome.restoreMs)} on PostgreSQL ${outcome.serverVersion}; ${outcome.differences.length === 0 ? 'equal to the snapshot' : `${outcome.differences.length} differences`}.`,
        );
      }
      return outcome.differences.length === 0 ? 0 : 1;
    } finally {
      await scratch.stop();
    }
  });
}
