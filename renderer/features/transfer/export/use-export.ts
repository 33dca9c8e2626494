import { useEffect, useRef, useState } from 'react';
import type { Failure } from '../../../../shared/api/base.ts';
import type { ChosenFile } from '../../../../shared/api/files.ts';
import { type ExportChoices, type ExportSource, exportOptions } from '../../../../shared/api/transfer.ts';
import { exportEnding, exportFileEnding, exportFileName } from '../../../../shared/transfer/export-file.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { startDownload } from '../../../client/save-file.ts';

export type Phase =
  | { readonly kind: 'asking' }
  | {
      readonly kind: 'running';
      readonly startedAt: number;
      readonly rows: number;
      readonly bytes: number;
      readonly total: number | null;
      readonly table: string | undefined;
    }
  | {
      readonly kind: 'done';
      readonly rows: number;
      readonly bytes: number;
      readonly tookMs: number;
      readonly notes: readonly string[];
      /** Null: it is on the clipboard. */
      readonly file: ChosenFile | null;
    }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface Wanted {
  readonly source: ExportSource;
  readonly choices: ExportChoices;
  /** What the file is called at first; null: to the clipboard. */
  readonly fileName: string | null;
}

/** One export of a dialog; it is cancelled when the dialog goes. */
export function useExport(): { phase: Phase; run: (wanted: Wanted) => void; cancel: () => void } {
  const [phase, setPhase] = useState<Phase>({ kind: 'asking' });
  const control = useRef<AbortController | null>(null);
  useEffect(() => () => control.current?.abort(), []);
  const run = async (wanted: Wanted) => {
    const own = new AbortController();
    control.current = own;
    try {
      const file = wanted.fileName === null ? null : await chooseTarget(wanted.fileName, wanted);
      if (wanted.fileName !== null && !file) return;
      await write(wanted, file, own.signal, setPhase);
    } catch (thrown) {
      if (!own.signal.aborted) setPhase({ kind: 'failed', failure: failureFrom(thrown) });
    }
  };
  const cancel = () => {
    control.current?.abort();
    const message = 'The export was cancelled; no file was left.';
    setPhase({ kind: 'failed', failure: { kind: 'cancelled', message } });
  };
  return { phase, run: (wanted) => void run(wanted), cancel };
}

function chooseTarget(name: string, { source, choices }: Wanted): Promise<ChosenFile | null> {
  const options = exportOptions.parse(choices);
  const tables = source.kind === 'tables' ? source.tables.length : 1;
  const ending = exportFileEnding(options, tables);
  return client.files.chooseSave({
    suggestedName: exportFileName(name, options, tables),
    kinds: [{ name: ending === 'zip' ? 'ZIP' : exportEnding(options.format).toUpperCase(), extensions: [ending] }],
  });
}

async function write(
  { source, choices }: Wanted,
  file: ChosenFile | null,
  signal: AbortSignal,
  tell: (phase: Phase) => void,
): Promise<void> {
  const startedAt = performance.now();
  const running = { kind: 'running', startedAt, total: null, table: undefined } as const;
  tell({ ...running, rows: 0, bytes: 0 });
  const target = file?.token ?? null;
  for await (const event of await client.transfer.export({ source, options: choices, target }, { signal })) {
    if (signal.aborted) return;
    if (event.kind === 'progress') {
      const { rows, bytes, totalRows: total, table } = event;
      tell({ ...running, rows, bytes, total, table });
    } else if (event.kind === 'failed') tell({ kind: 'failed', failure: event.failure });
    else {
      if (event.text !== undefined) await navigator.clipboard.writeText(event.text);
      const { rows, bytes, tookMs, notes } = event;
      tell({ kind: 'done', rows, bytes, tookMs, notes, file });
      if (file) startDownload(file);
    }
  }
}
