import { useEffect, useRef, useState } from 'react';
import type { Failure } from '../../../../shared/api/base.ts';
import type { ChosenFile } from '../../../../shared/api/files.ts';
import { type ExportChoices, type ExportSource, exportOptions } from '../../../../shared/api/transfer.ts';
import { exportEnding, exportFileEnding, exportFileName } from '../../../../shared/transfer/export-file.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { startDownload } from '../../../client/save-file.ts';
import { rowsWords, shownBytes } from '../../../ui/amounts.ts';
import { beginTask, type TaskHandle, type TaskState } from '../tasks/tasks.ts';

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

/** One export of a dialog; it goes on when the dialog goes, and is then in the status bar's list. */
export function useExport(): { phase: Phase; run: (wanted: Wanted) => void; cancel: () => void } {
  const [phase, setPhase] = useState<Phase>({ kind: 'asking' });
  const control = useRef<AbortController | null>(null);
  const handle = useRef<TaskHandle | null>(null);
  useEffect(() => () => handle.current?.leave(), []);
  const run = async (wanted: Wanted) => {
    const own = new AbortController();
    control.current = own;
    try {
      const file = wanted.fileName === null ? null : await chooseTarget(wanted.fileName, wanted);
      if (wanted.fileName !== null && !file) return;
      const task = beginTask(`Export to ${file?.name ?? 'the clipboard'}`, () => own.abort());
      handle.current = task;
      own.signal.addEventListener('abort', () => {
        const message = 'The export was cancelled; no file was left.';
        setPhase({ kind: 'failed', failure: { kind: 'cancelled', message } });
        task.forget();
      });
      await write(wanted, file, own.signal, (phase) => {
        setPhase(phase);
        const state = stateOf(phase);
        if (state) task.update(state);
      }).catch((thrown) => {
        task.update({ kind: 'failed', words: failureFrom(thrown).message });
        throw thrown;
      });
    } catch (thrown) {
      if (!own.signal.aborted) setPhase({ kind: 'failed', failure: failureFrom(thrown) });
    }
  };
  const cancel = () => control.current?.abort();
  return { phase, run: (wanted) => void run(wanted), cancel };
}

function stateOf(phase: Phase): TaskState | null {
  if (phase.kind === 'asking') return null;
  if (phase.kind === 'failed') return { kind: 'failed', words: phase.failure.message };
  const words = `${rowsWords(phase.rows)}, ${shownBytes(phase.bytes)}`;
  if (phase.kind === 'done') return { kind: 'done', words };
  return { kind: 'running', words, fraction: phase.total ? phase.rows / phase.total : undefined };
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
