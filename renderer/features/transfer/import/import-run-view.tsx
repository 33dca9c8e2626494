import { z } from 'zod';
import { type ImportCounts, rejectedRow } from '../../../../shared/api/import-plan.ts';
import type { ImportProgress } from '../../../../shared/api/transfer.ts';
import { rowsWords, shownBytes, shownCount, shownDuration } from '../../../ui/amounts.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Callout, ProgressBar } from '../../../ui/states.tsx';
import { rateAndRest } from '../rate.ts';
import type { Outcome } from '../tasks/use-task.ts';
import { Rejects } from './rejects.tsx';
import { SaveRejects } from './save-rejects.tsx';

export type ImportRun = Outcome<
  Extract<ImportProgress, { kind: 'progress' }>,
  Extract<ImportProgress, { kind: 'done' }>
>;

export const countWords = ({ read, inserted, updated, rejected }: ImportCounts): string =>
  `${rowsWords(read)} read: ${shownCount(inserted)} inserted, ${shownCount(updated)} updated, ${shownCount(rejected)} rejected`;

/** How far it is, in one line. */
export function importWords(now: Extract<ImportProgress, { kind: 'progress' }>, startedAt: number): string {
  const passedMs = performance.now() - startedAt;
  const { restMs } = rateAndRest(now.bytes, now.totalBytes, passedMs);
  const { rate } = rateAndRest(now.read - now.resumed, null, passedMs);
  return [
    countWords(now),
    `${shownBytes(now.bytes)} of ${shownBytes(now.totalBytes)}`,
    ...(rate === null ? [] : [`${shownCount(rate)} rows/s`]),
    ...(restMs === null ? [] : [`about ${shownDuration(restMs)} left`]),
  ].join(', ');
}

/** How far it is, or how it ended, with what was rejected. */
export function ImportRunView({ run, dryRun }: { run: ImportRun; dryRun: boolean }) {
  if (run.kind === 'none') return null;
  if (run.kind === 'failed')
    return (
      <div className="flex flex-col gap-2">
        <FailureView failure={run.failure} invalid={dryRun ? 'The dry run stopped' : 'The import stopped'} />
        <Rejects rejects={rejectsOf(run.end)} />
      </div>
    );
  if (run.kind === 'done') return <Done end={run.end} dryRun={dryRun} />;
  const { now, startedAt } = run;
  return (
    <div className="flex flex-col gap-1.5">
      <ProgressBar
        label={dryRun ? 'Trying' : 'Importing'}
        fraction={now && now.totalBytes > 0 ? now.bytes / now.totalBytes : undefined}
      />
      <p role="status" className="text-sm text-muted tabular-nums">
        {now ? importWords(now, startedAt) : 'Reading the first rows'}
      </p>
    </div>
  );
}

const failedEnd = z.object({ rejects: z.array(rejectedRow) });
/** Of a run that failed: what was refused until then. */
export const rejectsOf = (end: unknown) => failedEnd.safeParse(end).data?.rejects ?? [];

function Done({ end, dryRun }: { end: Extract<ImportRun, { kind: 'done' }>['end']; dryRun: boolean }) {
  const title = dryRun ? 'The dry run is through; nothing was changed' : 'The rows are in the table';
  return (
    <div className="flex flex-col gap-2">
      <Callout tone={end.rejected > 0 ? 'warning' : 'success'} title={title}>
        {countWords(end)}, in {shownDuration(end.tookMs)}.
        {end.resumed > 0 && ` ${rowsWords(end.resumed)} of them had been read before it was cut off.`}
      </Callout>
      {end.rejectsId !== null && <SaveRejects rejectsId={end.rejectsId} />}
      <Rejects rejects={end.rejects} />
    </div>
  );
}
