import {
  type ClipboardEvent,
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useRef,
  useSyncExternalStore,
} from 'react';
import { useStore } from 'zustand';
import { type Edits, noteTab, whyNot } from '../../../editing/edit-store.ts';
import { EditToolbar, RefusalBar } from '../../../editing/edit-toolbar.tsx';
import { usePasting } from '../../../editing/pasting/use-pasting.tsx';
import { StepsAndSave } from '../../../editing/steps-and-save.tsx';
import { type Editing, useEditing } from '../../../editing/use-editing.tsx';
import { useSaving } from '../../../editing/use-saving.tsx';
import type { GridProps } from '../../../grid/grid-props.ts';
import type { MenuEntry } from '../../../ui/menu.tsx';
import { toast } from '../../../ui/toast.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { useTabSession } from '../tab-sessions.ts';
import type { From, ResultRows } from './result-rows.ts';

export interface ResultEditing {
  readonly grid: Pick<GridProps, 'overlay' | 'onKey' | 'onActivate'> & {
    readonly menu: NonNullable<GridProps['moreItems']>;
  };
  /** For the element around the grid: finds out what can be edited as soon as somebody looks closer. */
  readonly around: {
    readonly ref: React.RefObject<HTMLDivElement | null>;
    readonly onFocus: () => void;
    readonly onPaste: (event: ClipboardEvent) => void;
  };
  readonly strip: ReactNode;
  readonly dialogs: ReactNode;
}

/** Editing the rows of a result where they stand. What cannot be edited is shown instead, as ever. */
export function useResultEditing(
  edits: Edits,
  rows: ResultRows,
  from: From,
  tabId: string | null,
  onShowValue: () => void,
): ResultEditing {
  const around = useRef<HTMLDivElement>(null);
  const focusGrid = () => around.current?.querySelector<HTMLElement>('.hg-grid')?.focus();
  rows.from = from;
  useEffect(() => {
    if (tabId !== null) noteTab(tabId, edits);
  }, [tabId, edits]);
  // A menu that is open by then gets its lines.
  useSyncExternalStore(
    useCallback((changed) => edits.source.subscribe(changed), [edits]),
    () => rows.isKnown,
  );
  // The focus may have been in the grid before these rows came.
  const { kind } = from;
  useEffect(() => {
    if (kind === 'statement' && around.current?.contains(document.activeElement)) void rows.prepare();
  }, [rows, kind]);
  const saving = useSaving(edits, around);
  const editing = useEditing(edits, focusGrid);
  const pasting = usePasting(edits, focusGrid);
  const activate = (row: number, at: number): boolean => {
    if (rows.isKnown) return editing.onActivate?.(row, at) ?? false;
    void rows.prepare().then(() => {
      if (!editing.onActivate(row, at)) onShowValue();
    });
    return true;
  };
  const onKey = (event: KeyboardEvent): boolean => {
    if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.altKey) return editing.onKey(event);
    const { selection, layout } = edits.rows.grid.getState();
    return activate(selection.active.row, layout.visible[selection.active.position] ?? -1);
  };
  return {
    grid: {
      overlay: editing.overlay,
      onKey,
      onActivate: activate,
      menu: (row, at) => menuOf(edits, rows, editing, row, at),
    },
    around: { ref: around, onFocus: () => void rows.prepare(), onPaste: pasting.onPaste },
    strip: <EditStrip edits={edits} rows={rows} tabId={tabId} onPreview={saving.preview} onSave={saving.ask} />,
    dialogs: (
      <>
        {saving.dialog}
        {pasting.dialog}
      </>
    ),
  };
}

/** The lines of editing where the cell can be edited; else one that says why it cannot. */
function menuOf(
  edits: Edits,
  rows: ResultRows,
  { menu, rowMenu }: Pick<Editing, 'menu' | 'rowMenu'>,
  row: number,
  at: number,
): readonly MenuEntry[] {
  if (edits.source.rowCount === 0 || !rows.isOfTable(at)) return [];
  // The first line finds out what can be edited.
  if (!rows.isKnown) return menu(row, at).slice(0, 1);
  const why = whyNot(edits, row, at);
  if (why === null) return menu(row, at);
  return [{ label: 'Why this cannot be edited here…', run: () => toast(why) }, ...(rows.wholeRows ? rowMenu(row) : [])];
}

/** Over the grid, once something was edited: which table it is of, steps back, and saving. */
function EditStrip({
  edits,
  rows,
  tabId,
  onPreview,
  onSave,
}: {
  edits: Edits;
  rows: ResultRows;
  tabId: string | null;
  onPreview: () => void;
  onSave: () => void;
}) {
  const { steps } = useStore(edits.store);
  const transaction = useTabSession(tabId ?? '').state?.transaction ?? 'idle';
  const touched = steps.now.size > 0 || steps.past.length > 0 || steps.future.length > 0;
  if (!touched && rows.savedWords === null) return null;
  const Tools = rows.wholeRows ? EditToolbar : StepsAndSave;
  return (
    <>
      <div
        role="toolbar"
        aria-label="Edited rows"
        className="flex h-8 shrink-0 items-center gap-1 border-b border-line bg-canvas px-2 text-xs"
      >
        {touched ? (
          <>
            <span className="min-w-0 truncate pr-1 text-muted">
              Editing rows of <span className="text-ink">{visibleText(`${rows.model.schema}.${rows.model.name}`)}</span>
            </span>
            <Tools edits={edits} onPreview={onPreview} onSave={onSave} />
            {transaction !== 'idle' && (
              <span className="min-w-0 truncate pl-1 text-warning">
                Saved by itself, not in this tab’s open transaction
              </span>
            )}
          </>
        ) : (
          <span className="min-w-0 truncate text-muted">
            {rows.savedWords} Sorting, copying and exporting take the result as it was read: run the query again for
            that.
          </span>
        )}
      </div>
      <RefusalBar edits={edits} />
    </>
  );
}
