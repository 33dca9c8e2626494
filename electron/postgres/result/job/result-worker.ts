/** The thread in which results are ordered, searched, added up, copied and exported, one job after the other. */
import { parentPort } from 'node:worker_threads';
import { failureOf } from '../../../../shared/failure.ts';
import type { CopyProgressNow } from '../../copy/run-copy.ts';
import type { ImportProgressNow } from '../../import/run-import.ts';
import type { ScriptProgressNow } from '../../import/sql/run-script.ts';
import { aggregate } from '../cells/aggregate.ts';
import { copyRanges } from '../cells/copy-ranges.ts';
import { findCell } from '../cells/find-cell.ts';
import { compareResults } from '../diff/compare-results.ts';
import { buildView } from '../view/build-view.ts';
import { exportRows } from './export-rows.ts';
import type { Job, JobAnswers, JobMessage, JobProgress, JobReply } from './result-job.ts';

const port = parentPort;
if (!port) throw new Error('result-worker runs as a worker thread only');

port.on('message', async ({ number, job, abort }: JobMessage) => {
  const aborted = (): boolean => Atomics.load(abort, 0) !== 0;
  const reply = (message: JobReply): void => port.postMessage(message);
  try {
    const answer = await run(job, aborted, (progress) => reply({ number, kind: 'progress', progress }));
    reply({ number, kind: 'done', answer });
  } catch (thrown) {
    reply({ number, kind: 'failed', failure: failureOf(thrown) });
  }
});

async function run(
  job: Job,
  aborted: () => boolean,
  onProgress: (progress: JobProgress) => void,
): Promise<JobAnswers[Job['kind']]> {
  switch (job.kind) {
    case 'view':
      return buildView(job.rows.file, job.rows.columns, job.spec, aborted);
    case 'find':
      return findCell(job.rows.file, job.rows.view, job.request, aborted);
    case 'aggregate':
      return aggregate(job.rows.file, job.rows.columns, job.rows.view, job.ranges, aborted);
    case 'copy':
      return copyRanges(job.rows.file, job.rows.columns, job.rows.view, job, aborted);
    case 'compare':
      return compareResults(job.request, aborted);
    case 'export':
      return exportRows(job.rows, job.target, onProgress, aborted);
    case 'preview':
      return (await import('../../import/preview.ts')).previewFile(job.request);
    case 'import': {
      const { runImport } = await import('../../import/run-import.ts');
      const tell = (now: ImportProgressNow) => onProgress({ rows: now.read, bytes: now.bytes, imported: now });
      return runImport(job.task, tell, aborted);
    }
    case 'examineScript': {
      const { examineScript } = await import('../../import/sql/examine-script.ts');
      return examineScript(job.file, (read) => onProgress({ rows: 0, bytes: read.bytes, read }), aborted);
    }
    case 'runScript': {
      const { runScript } = await import('../../import/sql/run-script.ts');
      const tell = (script: ScriptProgressNow) => onProgress({ rows: script.rows, bytes: script.bytes, script });
      return runScript(job.task, tell, aborted);
    }
    case 'copyRows': {
      const { runCopy } = await import('../../copy/run-copy.ts');
      const tell = (copied: CopyProgressNow) => onProgress({ rows: copied.read, bytes: copied.bytes, copied });
      return runCopy(job.task, tell, aborted);
    }
    case 'exportQueries': {
      // Only here: the other jobs need nothing of the network, and the thread starts sooner without it.
      const { exportQueries } = await import('./export-queries.ts');
      return exportQueries(job.spec, job.queries, job.target, onProgress, aborted);
    }
  }
}
