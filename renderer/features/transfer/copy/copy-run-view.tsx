import type { CopyCheck, CopyProgress } from '../../../../shared/api/table-copy.ts';
import { rowsWords, shownBytes, shownCount, shownDuration } from '../../../ui/amounts.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Callout, ProgressBar } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { countWords, rejectsOf } from '../import/import-run-view.tsx';
import { Rejects } from '../import/rejects.tsx';
import { SaveRejects } from '../import/save-rejects.tsx';
import { rateAndRest } from '../rate.ts';
import type { Outcome } from '../tasks/use-task.ts';

export type CopyNow = Extract<CopyProgress, { kind: 'progress' }>;
export type CopyEnd = Extract<CopyProgress, { kind: 'done' }>;

export function copyWords(now: CopyNow, startedAt: number): string {
  if (now.phase === 'checking') return `${rowsWords(now.read)} copied; comparing both sides`;
  const { rate, restMs } = rateAndRest(now.read - now.resumed, now.totalRows, performance.now() - startedAt);
  return [
    now.totalRows ? `${shownCount(now.read)} of about ${rowsWords(now.totalRows)}` : rowsWords(now.read),
    shownBytes(now.bytes),
    ...(rate === null ? [] : [`${shownCount(rate)} rows/s`]),
    ...(restMs === null ? [] : [`about ${shownDuration(restMs)} left`]),
  ].join(', ');
}

export const copyFraction = ({ read, totalRows, phase }: CopyNow): number | undefined =>
  phase === 'copying' && totalRows ? Math.min(1, read / totalRows) : undefined;

const howWords: Readonly<Record<CopyEnd['how'], string>> = {
  binary: 'as the servers’ own bytes',
  text: 'as text, byte by byte as the source wrote it',
  rows: 'row by row, by the rules',
};

const checkWords = ({ kind, sourceRows, why }: CopyCheck): string =>
  kind === 'same'
    ? `Compared: both sides have the same ${rowsWords(sourceRows)}, by count and checksum.`
    : `Compared: the source has ${rowsWords(sourceRows)}, and as many were read. Checksums were not compared: ${why ?? ''}`;

/** How far it is, or how it ended and how both sides compare. */
export function CopyRunView({ run, dryRun }: { run: Outcome<CopyNow, CopyEnd>; dryRun: boolean }) {
  if (run.kind === 'none') return null;
  if (run.kind === 'failed')
    return (
      <div className="flex flex-col gap-2">
        <FailureView failure={run.failure} invalid={dryRun ? 'The dry run stopped' : 'The copy stopped'} />
        <Rejects rejects={rejectsOf(run.end)} />
      </div>
    );
  if (run.kind === 'done') {
    const { end } = run;
    return (
      <div className="flex flex-col gap-2">
        <Callout
          tone={end.rejected > 0 ? 'warning' : 'success'}
          title={dryRun ? 'The dry run is through; nothing was changed' : 'The rows are in the table'}
        >
          {countWords(end)}, {howWords[end.how]}, in {shownDuration(end.tookMs)}.
          {end.check && <span className="block">{visibleText(checkWords(end.check))}</span>}
        </Callout>
        {end.rejectsId !== null && <SaveRejects rejectsId={end.rejectsId} />}
        <Rejects rejects={end.rejects} />
      </div>
    );
  }
  const fraction = run.now ? copyFraction(run.now) : undefined;
  return (
    <div className="flex flex-col gap-1.5">
      <ProgressBar label="Copying" {...(fraction === undefined ? {} : { fraction })} />
      <p role="status" className="text-sm text-muted tabular-nums">
        {run.now ? copyWords(run.now, run.startedAt) : 'Reading the first rows'}
      </p>
    </div>
  );
}
