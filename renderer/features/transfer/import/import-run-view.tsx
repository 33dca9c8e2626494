import { useState } from 'react';
import type { ImportCounts, RejectedRow } from '../../../../shared/api/import-plan.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { startDownload } from '../../../client/save-file.ts';
import { rowsWords, shownBytes, shownCount, shownDuration } from '../../../ui/amounts.ts';
import { Button } from '../../../ui/button.tsx';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Callout, ProgressBar } from '../../../ui/states.tsx';
import { toast } from '../../../ui/toast.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { rateAndRest } from '../rate.ts';
import type { Run } from './use-import.ts';

const countWords = ({ read, inserted, updated, rejected }: ImportCounts): string =>
  `${rowsWords(read)} read: ${shownCount(inserted)} inserted, ${shownCount(updated)} updated, ${shownCount(rejected)} rejected`;

/** How far it is, or how it ended, with what was rejected. */
export function ImportRunView({ run }: { run: Run }) {
  if (run.kind === 'none') return null;
  if (run.kind === 'failed')
    return (
      <div className="flex flex-col gap-2">
        <FailureView failure={run.failure} />
        <Rejects rejects={run.rejects} />
      </div>
    );
  if (run.kind === 'done') return <Done run={run} />;
  const { now, startedAt, dryRun } = run;
  const { restMs } = rateAndRest(now?.bytes ?? 0, now?.totalBytes ?? null, performance.now() - startedAt);
  const { rate } = rateAndRest((now?.read ?? 0) - (now?.resumed ?? 0), null, performance.now() - startedAt);
  return (
    <div className="flex flex-col gap-1.5">
      <ProgressBar
        label={dryRun ? 'Trying' : 'Importing'}
        fraction={now && now.totalBytes > 0 ? now.bytes / now.totalBytes : undefined}
      />
      <p role="status" className="text-sm text-muted tabular-nums">
        {now ? countWords(now) : 'Reading the first rows'}
        {now && `, ${shownBytes(now.bytes)} of ${shownBytes(now.totalBytes)}`}
        {rate !== null && `, ${shownCount(rate)} rows/s`}
        {restMs !== null && `, about ${shownDuration(restMs)} left`}
      </p>
    </div>
  );
}

function Done({ run }: { run: Extract<Run, { kind: 'done' }> }) {
  const { end, dryRun } = run;
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

function SaveRejects({ rejectsId }: { rejectsId: string }) {
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      const file = await client.files.chooseSave({
        suggestedName: 'rejected.csv',
        kinds: [{ name: 'CSV', extensions: ['csv'] }],
      });
      if (!file) return;
      await client.transfer.saveRejects({ rejectsId, target: file.token });
      startDownload(file);
    } catch (thrown) {
      toast(failureFrom(thrown).message, 'danger');
    } finally {
      setBusy(false);
    }
  };
  return (
    <div>
      <Button small busy={busy} onClick={() => void save()}>
        Save the rejected rows…
      </Button>
    </div>
  );
}

function Rejects({ rejects }: { rejects: readonly RejectedRow[] }) {
  if (rejects.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it
    <div className="max-h-56 overflow-auto rounded-md border border-line" tabIndex={0}>
      <table className="w-full text-xs">
        <caption className="sr-only">Rejected rows</caption>
        <thead className="sticky top-0 bg-canvas text-left text-muted">
          <tr>
            <th className="w-20 px-2 py-1 text-right font-medium">Line</th>
            <th className="px-2 py-1 font-medium">Why it was rejected</th>
          </tr>
        </thead>
        <tbody>
          {rejects.map(({ record, line, reason }) => (
            <tr key={`${record} ${reason}`} className="border-t border-line align-top">
              <td className="px-2 py-1 text-right tabular-nums">{shownCount(line > 0 ? line : record)}</td>
              <td className="selectable px-2 py-1 break-words">{visibleText(reason)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
