/** The thread of one backup, verification, restore or drill; it ends with it. */
import { parentPort, workerData } from 'node:worker_threads';
import { failureOf } from '../../../../shared/failure.ts';
import { verifyArchive } from '../archive/verify.ts';
import type { BackupProgress } from '../progress.ts';
import { runRestore } from '../restore/run-restore.ts';
import { runScriptRestore } from '../restore/run-script-restore.ts';
import { runBackup } from '../run-backup.ts';
import { runDrill } from '../run-drill.ts';
import { runDumpDrill } from '../tools/run-dump-drill.ts';
import type { BackupDone, BackupWork, FromBackup, ToBackup } from './backup-messages.ts';

const port = parentPort;
if (!port) throw new Error('backup-worker runs as a worker thread only');

const stop = new AbortController();
port.on('message', (_: ToBackup) => stop.abort());
const tell = (message: FromBackup): void => port.postMessage(message);

/** A block takes a millisecond; nobody looks that often. */
const everyMs = 150;
let toldAt = 0;
const told = {
  signal: stop.signal,
  onLine: (line: string) => tell({ kind: 'line', line }),
  onProgress: (progress: BackupProgress) => {
    const now = performance.now();
    if (now - toldAt < everyMs) return;
    toldAt = now;
    tell({ kind: 'progress', progress });
  },
};

const nothing = { failures: [], drill: null, warnings: [], whole: true };
async function work(asked: BackupWork): Promise<BackupDone> {
  switch (asked.kind) {
    case 'backup': {
      const { manifest, ...rest } = await runBackup(asked.request, told);
      const { warnings, whole, server, items } = manifest;
      return { ...nothing, ...rest, items: items.length, warnings, whole, serverVersion: server.version };
    }
    case 'verify': {
      const began = performance.now();
      const { manifest, ...rest } = await verifyArchive(asked.path, {
        signal: stop.signal,
        onBytes: (bytes) => told.onProgress({ step: 'verifying', done: 0, all: 0, bytes, allBytes: null, now: [] }),
      });
      const { warnings, whole, server, items } = manifest;
      const tookMs = performance.now() - began;
      return { ...nothing, ...rest, items: items.length, warnings, whole, serverVersion: server.version, tookMs };
    }
    case 'restore': {
      const { plan, items, rows, failures, tookMs } = await runRestore(asked.request, told);
      return {
        ...nothing,
        items,
        rows,
        tookMs,
        rawBytes: plan.rawBytes,
        sizeBytes: 0,
        warnings: plan.warnings,
        serverVersion: plan.targetVersion,
        failures: failures.map(({ failure }) => failure.message),
      };
    }
    case 'script': {
      const { statements, ...rest } = await runScriptRestore(asked.request, told);
      return { ...nothing, ...rest, items: statements, rawBytes: 0, sizeBytes: 0 };
    }
    case 'drill': {
      const { spec, path, form } = asked;
      const drill = form === 'howdah' ? await runDrill(spec, path, told) : await runDumpDrill(spec, path, form, told);
      const { items, rows, restoreMs, compareMs, serverVersion } = drill;
      return {
        ...nothing,
        items,
        rows,
        rawBytes: 0,
        sizeBytes: 0,
        tookMs: restoreMs + compareMs,
        serverVersion,
        drill,
      };
    }
  }
}

try {
  tell({ kind: 'done', done: await work(workerData as BackupWork) });
} catch (thrown) {
  tell({ kind: 'failed', failure: failureOf(thrown) });
}
port.close();
