import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import type { CopyFormat } from '../../../../shared/rows/row-words.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { Grid } from '../../../grid/grid.tsx';
import type { GridFilter, GridRange, GridSort } from '../../../grid/grid-source.ts';
import { toRanges } from '../../../grid/model/selection.ts';
import { RecordView } from '../../../grid/record-view.tsx';
import type { LoadPiece } from '../../../grid/value/value-piece.ts';
import { ValueViewer } from '../../../grid/value/value-viewer.tsx';
import { rowsWords, shownBytes, shownDuration } from '../../../ui/amounts.ts';
import { SplitPane } from '../../../ui/split-pane.tsx';
import { toast } from '../../../ui/toast.tsx';
import { runCommand } from '../../../workspace/commands.ts';
import { changeLayout, useLayout } from '../../../workspace/layout.ts';
import { editRows, hasOrigin, type Origin } from '../origin/edit-rows.ts';
import type { From } from '../origin/result-rows.ts';
import { useResultEditing } from '../origin/use-result-editing.tsx';
import { InsertDialog } from './insert-dialog.tsx';
import { type InsertSource, insertRequest, insertSource, oneTable } from './insert-source.ts';
import { KeptMark } from './kept-mark.tsx';
import { noResult, orderResult, type ResultModel, resultGrew, resultModel, shownValue } from './result-model.ts';
import type { ResultInRun } from './run-state.ts';

/** Of ranges what lies in the result: rows that are only staged stand below it. */
const inResult = (model: ResultModel, ranges: readonly GridRange[]) =>
  ranges.flatMap(({ fromRow, toRow, columns }) => {
    const last = Math.min(toRow, model.source.rowCount - 1);
    return fromRow > last ? [] : [{ fromRow, toRow: last, columns: [...columns] }];
  });

function selectedRows(model: ResultModel): number[] {
  const { selection, layout } = model.grid.getState();
  const ranges = toRanges(selection, layout.visible, model.shown.rowCount);
  const rows = ranges.flatMap(({ fromRow, toRow }) =>
    Array.from({ length: Math.min(toRow - fromRow + 1, 2_000) }, (_, at) => fromRow + at),
  );
  return [...new Set(rows)];
}

async function copyCells(
  model: ResultModel,
  ranges: readonly GridRange[],
  format: CopyFormat,
  header: boolean,
  insert?: { readonly tableName: string; readonly overriding: boolean },
): Promise<void> {
  const there = inResult(model, ranges);
  if (ranges.some(({ toRow }) => toRow >= model.source.rowCount))
    toast('Rows that were added are not copied: they are in the result once it is run again.', 'warning');
  if (there.length === 0) return;
  try {
    const { text, rows, notes } = await client.results.copy({
      resultId: model.resultId,
      viewId: model.viewId,
      ranges: there,
      format,
      header,
      ...insert,
    });
    await navigator.clipboard.writeText(text);
    if (rows > 1) toast(`${rowsWords(rows)} copied.`, 'success');
    for (const note of notes) toast(note);
  } catch (thrown) {
    toast(failureFrom(thrown).message, 'danger');
  }
}

interface Inserting {
  readonly ranges: readonly GridRange[];
  /** The table the cells come from, where they come from one. */
  readonly source: InsertSource | null;
}

/** A server that is away must not keep the question from being asked. */
const askedForMs = 1500;

/** What is known of where the cells come from; a server that does not say is no reason not to copy. */
async function insertingFrom(
  model: ResultModel,
  origin: Origin | null,
  ranges: readonly GridRange[],
): Promise<Inserting> {
  const oid = oneTable(model.columns, ranges);
  if (!origin || oid === 0) return { ranges, source: null };
  try {
    const signal = AbortSignal.timeout(askedForMs);
    return { ranges, source: insertSource(await client.data.describe({ ...origin, oid }, { signal }), model.columns) };
  } catch {
    return { ranges, source: null };
  }
}

/** One result: its grid, and beside it the value or the record one looks at. */
export function ResultView({
  result,
  running,
  endedEarly,
  name,
  isComparison = false,
  origin = null,
  editing = null,
  onRefresh,
}: {
  /** null: the grid stands ready for one. */
  result: ResultInRun | null;
  running: boolean;
  /** Its statement failed or was cancelled after these rows. */
  endedEarly: boolean;
  name: string;
  /** Of two others: what differs is coloured. */
  isComparison?: boolean;
  /** Where its rows come from: they can be opened in their tables. */
  origin?: Origin | null;
  /** The tab it is in, and the statement that gave it: its rows can be edited. */
  editing?: { readonly tabId: string; readonly sql: string } | null;
  /** Asks the server again, in place of a kept result. */
  onRefresh?: (() => void) | undefined;
}) {
  const model = result ? resultModel(result.resultId, result.columns, isComparison) : noResult;
  const rows = result?.rows ?? 0;
  const { valuePanelShown, valuePanelPx } = useLayout();
  const [panel, setPanel] = useState<'value' | 'record'>('value');
  /** What is to be copied as INSERT, while the table is asked for. */
  const [inserting, setInserting] = useState<Inserting | null>(null);
  useEffect(() => resultGrew(model, rows), [model, rows]);
  const onOrder = useCallback(
    async (sort: readonly GridSort[], filters: readonly GridFilter[]) => {
      for (const note of await orderResult(model, sort, filters, rows)) toast(note);
    },
    [model, rows],
  );
  const show = (what: 'value' | 'record') => {
    setPanel(what);
    changeLayout({ valuePanelShown: true });
  };
  const edit = useResultEditing(model.edits, model.rows, fromOf(result, origin, editing), editing?.tabId ?? null, () =>
    show('value'),
  );
  const grid = (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears of the focus and the paste of the grid in it
    <div
      ref={edit.around.ref}
      onFocus={edit.around.onFocus}
      onPaste={edit.around.onPaste}
      className="flex h-full min-h-0 flex-col"
    >
      {edit.strip}
      <div className="min-h-0 flex-1">
        <Grid
          label={name}
          source={model.shown}
          state={model.grid}
          progress={progressOf(result, running)}
          cutNote={<CutNote rows={rows} endedEarly={endedEarly} />}
          onOrder={onOrder}
          onCopy={(ranges, format, header) => {
            if (format === 'insert') void insertingFrom(model, origin, ranges).then(setInserting);
            else void copyCells(model, ranges, format, header);
          }}
          onCopyName={(text) => void navigator.clipboard.writeText(text)}
          onOpenValue={() => show('value')}
          onOpenRecord={() => show('record')}
          onFind={(request, signal) =>
            client.results.find({ ...request, resultId: model.resultId, viewId: model.viewId }, { signal })
          }
          onAggregate={(ranges, signal) =>
            client.results.aggregate(
              { resultId: model.resultId, viewId: model.viewId, ranges: inResult(model, ranges) },
              { signal },
            )
          }
          overlay={edit.grid.overlay}
          onKey={edit.grid.onKey}
          onActivate={edit.grid.onActivate}
          moreItems={(row, column) => [
            ...edit.grid.menu(row, column),
            ...(origin && hasOrigin(model.columns[column])
              ? [
                  {
                    label: 'Edit these rows in their table',
                    run: () => void editRows(origin, model.columns, model.shown, selectedRows(model), column),
                  },
                ]
              : []),
          ]}
          footer={result && <ResultFoot result={result} onRefresh={onRefresh} />}
        />
      </div>
      {edit.dialogs}
    </div>
  );
  const question = inserting && (
    <InsertDialog
      source={inserting.source}
      onCopy={(tableName) => {
        const { source, ranges } = inserting;
        // Another table may take what this one computes.
        const same = source !== null && source.tableName === tableName;
        const request = same ? insertRequest(source, ranges) : { ranges, overriding: false };
        void copyCells(model, request.ranges, 'insert', false, { tableName, overriding: request.overriding });
      }}
      onClose={() => setInserting(null)}
    />
  );
  if (!valuePanelShown)
    return (
      <>
        {grid}
        {question}
      </>
    );
  return (
    <>
      <SplitPane
        direction="row"
        sized="second"
        sizePx={valuePanelPx}
        minPx={220}
        restMinPx={280}
        onSize={(px) => changeLayout({ valuePanelPx: px })}
        label="Resize the value panel"
        first={grid}
        second={
          <SidePanel
            key={model.resultId}
            model={model}
            panel={panel}
            onPanel={setPanel}
            onClose={() => changeLayout({ valuePanelShown: false })}
          />
        }
      />
      {question}
    </>
  );
}

/** Whether the rows can be those of a table that is edited; what else they are is said. */
function fromOf(result: ResultInRun | null, origin: Origin | null, editing: { readonly sql: string } | null): From {
  const none = (reason: string, wayOut: string): From => ({ kind: 'none', reason, wayOut });
  if (result?.keptAtMs !== undefined)
    return none('This result was kept from an earlier run.', 'Refresh it: what the server answers now can be edited.');
  if (!origin || !editing)
    return none('This result is not edited where it stands.', 'Show the result of a run by itself.');
  return { kind: 'statement', origin, sql: editing.sql };
}

function progressOf(result: ResultInRun | null, running: boolean) {
  if (result?.cut) return 'cut';
  if (running && !result?.ended) return 'streaming';
  return result ? 'complete' : 'none';
}

function CutNote({ rows, endedEarly }: { rows: number; endedEarly: boolean }) {
  if (endedEarly) return `The statement ended after ${rowsWords(rows)}: the messages say why.`;
  return (
    <>
      Cut at the row limit of {rowsWords(rows)}: the statement had more. Export the statement’s full result, or{' '}
      <button type="button" className="underline" onClick={() => runCommand('settings.open')}>
        change the limit
      </button>
      .
    </>
  );
}

/** Rows, bytes and times of a result, at the left of the grid's foot. */
function ResultFoot({ result, onRefresh }: { result: ResultInRun; onRefresh: (() => void) | undefined }) {
  return (
    <span className="flex min-w-0 items-center gap-1 truncate tabular-nums">
      {result.keptAtMs !== undefined && <KeptMark atMs={result.keptAtMs} onRefresh={onRefresh} />}
      <span className="truncate">
        {rowsWords(result.rows)} · {shownBytes(result.bytes)}
        {result.timings &&
          ` · server ${shownDuration(result.timings.serverMs)} · transfer ${shownDuration(result.timings.transferMs)}`}
      </span>
    </span>
  );
}

function SidePanel({
  model,
  panel,
  onPanel,
  onClose,
}: {
  model: ResultModel;
  panel: 'value' | 'record';
  onPanel: (panel: 'value' | 'record') => void;
  onClose: () => void;
}) {
  const { selection, layout } = useStore(model.grid);
  const row = selection.active.row;
  const column = layout.visible[selection.active.position] ?? 0;
  const shown = useSyncExternalStore(
    (changed) => model.shown.subscribe(changed),
    () => model.shown.row(row)?.cells[column],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text is another value to load
  const load: LoadPiece = useMemo(() => shownValue(model, row, column), [model, row, column, shown]);
  const shownColumn = model.columns[column];
  if (panel === 'record' || !shownColumn) {
    return (
      <RecordView
        label="Record"
        source={model.shown}
        state={model.grid}
        onClose={onClose}
        onOpenValue={() => onPanel('value')}
      />
    );
  }
  return (
    <ValueViewer
      column={shownColumn}
      row={row}
      valueKey={`${model.resultId} ${model.viewId ?? ''} ${row} ${column} ${shown?.length ?? -1} ${shown?.slice(0, 64)}`}
      load={load}
      onRecord={() => onPanel('record')}
      onClose={onClose}
    />
  );
}
