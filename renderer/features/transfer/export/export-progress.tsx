import { client } from '../../../client/connect.ts';
import { rowsWords, shownBytes, shownCount, shownDuration } from '../../../ui/amounts.ts';
import { Button } from '../../../ui/button.tsx';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Callout, ProgressBar } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { rateAndRest } from '../rate.ts';
import type { Phase } from './use-export.ts';

/** How far it is, or how it ended. */
export function ExportProgressView({ phase }: { phase: Phase }) {
  if (phase.kind === 'asking') return null;
  if (phase.kind === 'failed') return <FailureView failure={phase.failure} invalid="Not exported" />;
  if (phase.kind === 'done') return <Done phase={phase} />;
  const { rows, bytes, total, table, startedAt } = phase;
  const { rate, restMs } = rateAndRest(rows, total, performance.now() - startedAt);
  return (
    <div className="flex flex-col gap-1.5">
      <ProgressBar label="Exporting" fraction={total ? rows / total : undefined} />
      <p role="status" className="text-sm text-muted tabular-nums">
        {rowsWords(rows)}
        {total ? ` of ${shownCount(total)}` : ''}, {shownBytes(bytes)}
        {rate !== null && `, ${shownCount(rate)} rows/s`}
        {restMs !== null && `, about ${shownDuration(restMs)} left`}
      </p>
      {table !== undefined && <p className="truncate text-xs text-faint">{visibleText(table)}</p>}
    </div>
  );
}

function Done({ phase }: { phase: Extract<Phase, { kind: 'done' }> }) {
  const { file, rows, bytes, tookMs, notes } = phase;
  const reveal =
    file && !file.downloadPath ? (
      <Button small onClick={() => void client.files.reveal({ token: file.token })}>
        Show in folder
      </Button>
    ) : undefined;
  return (
    <div className="flex flex-col gap-2">
      <Callout
        tone="success"
        title={file ? `${visibleText(file.name)} is written` : 'It is on the clipboard'}
        actions={reveal}
      >
        {rowsWords(rows)}, {shownBytes(bytes)}, in {shownDuration(tookMs)}
      </Callout>
      {notes.length > 0 && (
        <Callout tone="info" title="Good to know">
          <ul className="flex flex-col gap-1">
            {notes.map((note) => (
              <li key={note}>{visibleText(note)}</li>
            ))}
          </ul>
        </Callout>
      )}
    </div>
  );
}
