import { useEffect, useState } from 'react';
import type { TableName } from '../../../../shared/api/import-plan.ts';
import type { ExportSource } from '../../../../shared/api/transfer.ts';
import { rowsWords, shownCount } from '../../../ui/amounts.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { visibleLines, visibleText } from '../../../ui/visible-text.ts';
import type { ExportWhat } from '../../../workspace/transfer/export-what.ts';
import { choose, exportChoices, fitsClipboard, splitProblem, useChoices } from './export-choices.ts';
import { ExportForm } from './export-form.tsx';
import { ExportProgressView } from './export-progress.tsx';
import { TablePicker } from './table-picker.tsx';
import { useExport } from './use-export.ts';

/** Asks what and how, then for the file, then writes with progress and cancel. */
export function ExportDialog({ what, onClose }: { what: ExportWhat; onClose: () => void }) {
  const chosen = useChoices();
  const [picked, setPicked] = useState<readonly TableName[]>([]);
  const { phase, run, cancel } = useExport();
  // Another export's table is not this one's.
  useEffect(() => choose({ tableName: what.tableName ?? '' }), [what.tableName]);
  const { source } = what;
  const tables = source.kind === 'pick' ? picked.length : 1;
  const again = phase.kind === 'asking' || phase.kind === 'failed';
  const ready = tables > 0 && splitProblem(chosen) === null;
  const start = (toFile: boolean) =>
    run({
      source: sourceOf(source, picked),
      choices: exportChoices(chosen),
      fileName: toFile ? what.name : null,
    });
  const footer =
    phase.kind === 'running' ? (
      <>
        <Button onClick={cancel}>Cancel export</Button>
        <Button kind="primary" onClick={onClose}>
          Go on in the background
        </Button>
      </>
    ) : (
      <>
        <Button onClick={onClose}>Close</Button>
        {again && tables <= 1 && fitsClipboard(chosen) && (
          <Button disabled={!ready} onClick={() => start(false)}>
            Copy to clipboard
          </Button>
        )}
        {again && (
          <Button kind="primary" disabled={!ready} onClick={() => start(true)}>
            Choose file and export
          </Button>
        )}
      </>
    );
  return (
    <Dialog open onClose={onClose} title={titleOf(what)} description={describe(what)} footer={footer}>
      <div className="flex flex-col gap-3">
        {source.kind === 'query' && (
          <pre className="selectable line-clamp-3 rounded-md bg-sunken px-2 py-1.5 font-mono text-xs whitespace-pre-wrap break-words">
            {visibleLines(source.sql.slice(0, 2000))}
          </pre>
        )}
        {again && source.kind === 'pick' && <TablePicker where={source} tables={picked} onTables={setPicked} />}
        {again && <ExportForm named={source.kind === 'query' || source.kind === 'result'} />}
        <ExportProgressView phase={phase} />
      </div>
    </Dialog>
  );
}

function sourceOf(source: ExportWhat['source'], tables: readonly TableName[]): ExportSource {
  if (source.kind !== 'pick') return source;
  const { connectionId, database } = source;
  return { kind: 'tables', connectionId, ...(database === undefined ? {} : { database }), tables: [...tables] };
}

function titleOf({ source, name }: ExportWhat): string {
  switch (source.kind) {
    case 'result':
      return 'Export the fetched rows';
    case 'query':
      return 'Export the statement’s full result';
    case 'tables':
      return `Export ${visibleText(name)}`;
    case 'pick':
      return source.schema === null ? 'Export tables' : `Export tables of ${visibleText(source.schema)}`;
  }
}

function describe({ source, rows, cut }: ExportWhat): string {
  switch (source.kind) {
    case 'result':
      return `${rowsWords(rows ?? null)}${cut ? ', cut at the row limit: the statement had more' : ''}`;
    case 'query':
      return 'The statement is run again, on a connection of its own and without a row limit.';
    case 'tables':
      return rows === undefined ? 'All rows.' : `All rows, about ${shownCount(rows)}.`;
    case 'pick':
      return 'One file a table, in an archive; SQL and Excel take them all into one file.';
  }
}
