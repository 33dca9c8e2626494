/** Does a backup's work in a thread of its own: what happens there costs the rest of the program nothing. */
import { Worker } from 'node:worker_threads';
import { FailureError, failureOf } from '../../../../shared/failure.ts';
import { workerUrl } from '../../worker-url.ts';
import type { WorkTold } from '../progress.ts';
import type { BackupDone, BackupWork, FromBackup, ToBackup } from './backup-messages.ts';

/** A server that does not take a cancel is left: the thread is ended, and what it held with it. */
const stopWithinMs = 15_000;

/** @throws what went wrong there, or that the thread failed */
export function inBackupThread(work: BackupWork, told: WorkTold): Promise<BackupDone> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerUrl('backup/thread/backup-worker'), {
      workerData: work,
      name: 'howdah-backup',
      resourceLimits: { maxOldGenerationSizeMb: 2048 },
    });
    let late: NodeJS.Timeout | undefined;
    const stop = () => {
      worker.postMessage({ kind: 'stop' } satisfies ToBackup);
      late = setTimeout(() => void worker.terminate(), stopWithinMs);
    };
    const over = () => {
      clearTimeout(late);
      told.signal?.removeEventListener('abort', stop);
    };
    told.signal?.addEventListener('abort', stop, { once: true });
    worker.on('message', (message: FromBackup) => {
      if (message.kind === 'progress') told.onProgress?.(message.progress);
      else if (message.kind === 'line') told.onLine?.(message.line);
      else if (message.kind === 'done') resolve(message.done);
      else reject(new FailureError(message.failure));
    });
    worker.on('error', (error) => {
      over();
      reject(new FailureError(failureOf(error), { cause: error }));
    });
    worker.on('exit', () => {
      over();
      // Without effect where it has said how it ended.
      reject(
        told.signal?.aborted
          ? new FailureError({
              kind: 'cancelled',
              message: 'It was cancelled, and ended without an answer of the server.',
            })
          : new FailureError({ kind: 'internal', message: 'The part of the program that did this has failed.' }),
      );
    });
    if (told.signal?.aborted) stop();
  });
}
