import { useEffect, useRef, useState } from 'react';
import type { Failure } from '../../../../shared/api/base.ts';
import type { ChosenFile } from '../../../../shared/api/files.ts';
import type { ExportFormat, ExportProgress } from '../../../../shared/api/results.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { rowsWords, shownBytes, shownDuration } from '../../../ui/amounts.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Checkbox, Segmented } from '../../../ui/field.tsx';
import { Callout, ProgressBar } from '../../../ui/states.tsx';
import { visibleLines } from '../../../ui/visible-text.ts';
import type { Values } from '../parameters/ask-parameters.ts';

/** Fetched rows of a result (in its view), or a statement that is run once more without a row limit. */
export type ExportWhat =
  | {
      readonly kind: 'result';
      readonly resultId: string;
      readonly viewId: string | undefined;
      readonly rows: number;
      readonly cut: boolean;
    }
  | {
      readonly kind: 'query';
      readonly connectionId: string;
      readonly database: string | null;
      readonly sql: string;
      readonly values: Values | undefined;
    };

type Phase =
  | { kind: 'asking' }
  | { kind: 'running'; rows: number; bytes: number; total: number | null }
  | { kind: 'done'; rows: number; bytes: number; tookMs: number; file: ChosenFile }
  | { kind: 'failed'; failure: Failure };

const formats: readonly { value: ExportFormat; label: string }[] = [
  { value: 'csv', label: 'CSV' },
  { value: 'tsv', label: 'TSV' },
  { value: 'json', label: 'JSON' },
  { value: 'ndjson', label: 'NDJSON' },
];
const explained: Record<ExportFormat, string> = {
  csv: 'As COPY … CSV writes it: NULL is an empty field, an empty text is "".',
  tsv: 'As COPY writes text: tabs between fields, NULL as \\N.',
  json: 'One array of objects; numbers keep all their digits.',
  ndjson: 'One object a line; numbers keep all their digits.',
};

function startDownload(file: ChosenFile): void {
  if (!file.downloadPath) return;
  const link = document.createElement('a');
  link.href = file.downloadPath;
  link.download = file.name;
  link.click();
}

function openExport(
  what: ExportWhat,
  format: ExportFormat,
  header: boolean,
  target: string,
  signal: AbortSignal,
): Promise<AsyncIterable<ExportProgress>> {
  if (what.kind === 'result')
    return client.results.export({ resultId: what.resultId, viewId: what.viewId, format, header, target }, { signal });
  const { connectionId, database, sql, values } = what;
  return client.results.exportQuery(
    { connectionId, ...(database ? { database } : {}), sql, ...(values ? { values } : {}), format, header, target },
    { signal },
  );
}

/** Asks for the format, then for the file, then writes with progress and cancel. */
export function ExportDialog({ what, name, onClose }: { what: ExportWhat; name: string; onClose: () => void }) {
  const [format, setFormat] = useState<ExportFormat>('csv');
  const [header, setHeader] = useState(true);
  const [phase, setPhase] = useState<Phase>({ kind: 'asking' });
  const control = useRef<AbortController | null>(null);
  useEffect(() => () => control.current?.abort(), []);
  const run = async () => {
    try {
      const file = await client.files.chooseSave({
        suggestedName: `${name}.${format}`,
        kinds: [{ name: format.toUpperCase(), extensions: [format] }],
      });
      if (!file) return;
      const own = new AbortController();
      control.current = own;
      setPhase({ kind: 'running', rows: 0, bytes: 0, total: what.kind === 'result' ? what.rows : null });
      for await (const event of await openExport(what, format, header, file.token, own.signal)) {
        if (event.kind === 'progress')
          setPhase({ kind: 'running', rows: event.rows, bytes: event.bytes, total: event.totalRows });
        else if (event.kind === 'failed') setPhase({ kind: 'failed', failure: event.failure });
        else {
          setPhase({ kind: 'done', rows: event.rows, bytes: event.bytes, tookMs: event.tookMs, file });
          startDownload(file);
        }
      }
    } catch (thrown) {
      if (!control.current?.signal.aborted) setPhase({ kind: 'failed', failure: failureFrom(thrown) });
    }
  };
  const cancel = () => {
    control.current?.abort();
    setPhase({
      kind: 'failed',
      failure: { kind: 'cancelled', message: 'The export was cancelled; no file was left.' },
    });
  };
  const running = phase.kind === 'running';
  const again = phase.kind === 'asking' || phase.kind === 'failed';
  return (
    <Dialog
      open
      onClose={onClose}
      keepOpen={running}
      title={what.kind === 'result' ? 'Export the fetched rows' : 'Export the statement’s full result'}
      description={
        what.kind === 'result'
          ? `${rowsWords(what.rows)}${what.cut ? ', cut at the row limit: the statement had more' : ''}`
          : 'The statement is run again, on a connection of its own and without a row limit.'
      }
      width="small"
      footer={
        running ? (
          <Button onClick={cancel}>Cancel export</Button>
        ) : (
          <>
            <Button onClick={onClose}>Close</Button>
            {again && (
              <Button kind="primary" onClick={() => void run()}>
                Choose file and export
              </Button>
            )}
          </>
        )
      }
    >
      <div className="flex flex-col gap-3">
        {what.kind === 'query' && (
          <pre className="selectable line-clamp-3 rounded-md bg-sunken px-2 py-1.5 font-mono text-xs whitespace-pre-wrap break-words">
            {visibleLines(what.sql.slice(0, 2000))}
          </pre>
        )}
        {again && (
          <>
            <div className="flex flex-col gap-1">
              <span className="text-xs font-medium text-muted">Format</span>
              <div>
                <Segmented label="Format" value={format} options={formats} onValue={setFormat} />
              </div>
              <p className="text-xs text-faint">{explained[format]}</p>
            </div>
            {(format === 'csv' || format === 'tsv') && (
              <Checkbox
                label="First line with the column names"
                checked={header}
                onChange={(event) => setHeader(event.currentTarget.checked)}
              />
            )}
          </>
        )}
        {phase.kind === 'failed' && <FailureView failure={phase.failure} />}
        {phase.kind === 'running' && (
          <>
            <ProgressBar label="Exporting" fraction={phase.total ? phase.rows / phase.total : undefined} />
            <p role="status" className="text-sm text-muted tabular-nums">
              {rowsWords(phase.rows)}, {shownBytes(phase.bytes)}
            </p>
          </>
        )}
        {phase.kind === 'done' && (
          <Callout
            tone="success"
            title={`${phase.file.name} is written`}
            actions={
              phase.file.downloadPath ? undefined : (
                <Button small onClick={() => void client.files.reveal({ token: phase.file.token })}>
                  Show in folder
                </Button>
              )
            }
          >
            {rowsWords(phase.rows)}, {shownBytes(phase.bytes)}, in {shownDuration(phase.tookMs)}
          </Callout>
        )}
      </div>
    </Dialog>
  );
}
