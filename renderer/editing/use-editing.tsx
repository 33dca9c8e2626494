import { type ReactNode, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useStore } from 'zustand';
import type { NewValue } from '../../shared/api/data.ts';
import type { GridProps } from '../grid/grid-props.ts';
import { selectCell } from '../grid/model/selection.ts';
import { rowsWords } from '../ui/amounts.ts';
import type { MenuEntry } from '../ui/menu.tsx';
import { toast } from '../ui/toast.tsx';
import { type After, CellEditor } from './cell-editor.tsx';
import {
  type CellChange,
  type Edits,
  redoStep,
  revertCells,
  revertRows,
  setCells,
  undoStep,
  whyNot,
} from './edit-store.ts';
import { referenceOf } from './edited-rows.ts';
import { type Open, openAt, outOfSight } from './opening.ts';
import {
  addRow,
  deleteSelected,
  duplicateSelected,
  selectedCells,
  selectedRowCount,
  selectedRows,
} from './selected.ts';

function tell({ refused, why }: { refused: number; why: string | null }, asked: number): void {
  if (refused > 0)
    toast(asked === 1 ? (why ?? '') : `${refused} of ${asked} cells were left as they are: ${why}`, 'warning');
}

export function putCells(edits: Edits, changes: readonly CellChange[]): void {
  tell(setCells(edits, changes), changes.length);
}

export interface Editing {
  readonly overlay: GridProps['overlay'];
  readonly onKey: (event: React.KeyboardEvent) => boolean;
  readonly onActivate: (row: number, position: number) => boolean;
  readonly menu: (row: number, position: number) => readonly MenuEntry[];
  /** Of the menu what is about whole rows. */
  readonly rowMenu: (row: number) => readonly MenuEntry[];
}

/** Editing in the grid: which keys begin it, what a menu offers, and the editor over the cell. */
export function useEditing(edits: Edits, onFocusGrid: () => void): Editing {
  const [open, setOpen] = useState<Open | null>(null);
  useStore(edits.store, (now) => now.steps.now);
  const { rows: edited } = edits;
  const editable = edited.readOnly === null;
  /** The cell whose editor is on its way, and what is typed until it is there. */
  const opening = useRef<{ readonly row: number; readonly position: number; typed: string } | null>(null);

  const begin = async (row: number, position: number, key: string | null) => {
    const before = opening.current;
    if (before && before.row === row && before.position === position) {
      before.typed += key ?? '';
      return;
    }
    const mine = { row, position, typed: key ?? '' };
    opening.current = mine;
    try {
      const next = await openAt(edits, mine, key === null);
      if (opening.current !== mine || !next) return;
      // At once, and with the focus: the next key is the editor's.
      flushSync(() => setOpen({ ...next, ...(mine.typed === '' ? {} : { text: mine.typed, typed: true }) }));
    } finally {
      if (opening.current === mine) opening.current = null;
    }
  };
  const close = () => {
    setOpen(null);
    onFocusGrid();
  };
  const done = (value: NewValue, after: After) => {
    if (!open) return;
    const { id, position, also } = open;
    const wanted = [{ id, row: open.row, position }, ...also].map((cell) => ({
      ...cell,
      value,
      row: edits.source.indexOf(cell.id, cell.row),
    }));
    const there = wanted.filter(({ row }) => row >= 0);
    if (there.length < wanted.length) toast(outOfSight, 'warning');
    putCells(edits, there);
    close();
    if (also.length === 0) step(edits, after);
  };
  const active = () => {
    const { selection, layout } = edited.grid.getState();
    return { row: selection.active.row, position: layout.visible[selection.active.position] ?? -1 };
  };
  const setNull = () =>
    putCells(
      edits,
      selectedCells(edits).map((cell) => ({ ...cell, value: { kind: 'null' } })),
    );

  /** What needs to be known of the rows first: what is selected by now is what is meant. */
  const prepared = async (act: () => void) => {
    if (edited.prepare) await edited.prepare();
    act();
  };
  const withRows = () => {
    const { readOnly, wholeRows } = edited;
    if (readOnly) toast(`${readOnly.reason} ${readOnly.wayOut}`, 'warning');
    else if (!wholeRows)
      toast('Rows are added and deleted where all columns of the result are of one table.', 'warning');
    return readOnly === null && wholeRows;
  };

  const onKey = (event: React.KeyboardEvent): boolean => {
    const ctrl = event.ctrlKey || event.metaKey;
    const { row, position } = active();
    const key = event.key.toLowerCase();
    if (ctrl && !event.altKey) {
      if (key === 'z') event.shiftKey ? redoStep(edits) : undoStep(edits);
      else if (key === 'y') redoStep(edits);
      else if (key === 'd' && editable) void prepared(() => withRows() && duplicateSelected(edits));
      else return false;
      return true;
    }
    if (!editable || event.altKey) return false;
    if (event.key === 'F2' || (event.key === 'Enter' && !ctrl)) void begin(row, position, null);
    else if (event.key === 'Insert') void prepared(() => withRows() && addRow(edits));
    else if (event.key === 'Delete') {
      const isRows = edited.grid.getState().selection.kind === 'rows';
      void prepared(() => (isRows ? withRows() && deleteSelected(edits) : setNull()));
    } else if (event.key.length === 1 && event.key !== ' ') void begin(row, position, event.key);
    else return false;
    return true;
  };

  const menu = (row: number, position: number): readonly MenuEntry[] => {
    if (!editable) return [];
    return [
      { label: 'Edit', keys: 'Enter', run: () => void begin(row, position, null) },
      { label: 'Set NULL', keys: 'Del', run: setNull },
      {
        label: 'Set DEFAULT',
        run: () =>
          putCells(
            edits,
            selectedCells(edits).map((cell) => ({ ...cell, value: { kind: 'default' } })),
          ),
      },
      ...rowMenu(row),
    ];
  };
  const rowMenu = (row: number): readonly MenuEntry[] => {
    if (!editable) return [];
    const { noNewRows, wholeRows, model } = edited;
    const staged = edits.store.getState().steps.now;
    const id = edits.source.idAt(row);
    const count = selectedRowCount(edits);
    const many = count > 1 ? ` ${rowsWords(count)}` : ' row';
    const marked = id !== null && staged.get(id)?.kind === 'delete';
    return [
      ...(wholeRows && noNewRows === null
        ? [
            { label: 'Add a row', keys: 'Insert', run: () => addRow(edits) },
            { label: `Duplicate${many}`, keys: 'Ctrl+D', run: () => duplicateSelected(edits) },
          ]
        : []),
      ...(wholeRows && model.mayDelete && id !== null
        ? [{ label: marked ? `Keep${many}` : `Delete${many}`, danger: !marked, run: () => deleteSelected(edits) }]
        : []),
      ...(id !== null && staged.has(id)
        ? [
            { label: 'Revert the cells', run: () => revertCells(edits, selectedCells(edits)) },
            { label: `Revert the${many}`, run: () => revertRows(edits, selectedRows(edits)) },
          ]
        : []),
      { kind: 'separator' },
    ];
  };

  const onActivate = (row: number, position: number): boolean => {
    if (!editable || whyNot(edits, row, position) !== null) return false;
    void begin(row, position, null);
    return true;
  };

  const column = open ? edited.columnAt(open.position) : undefined;
  const openRow = open ? edits.source.indexOf(open.id, open.row) : -1;
  const content: ReactNode = open && column && (
    <>
      <CellEditor
        key={`${open.id} ${open.position}`}
        rows={edited}
        column={column}
        reference={referenceOf(edited.model, column.number)}
        text={open.text}
        typed={open.typed}
        inNewRow={edits.source.newRowAt(openRow) !== null}
        onDone={done}
        onCancel={close}
      />
      {open.also.length > 0 && (
        <p className="rounded-b-sm bg-warning-soft px-2 py-0.5 text-2xs text-warning">
          Fills {(open.also.length + 1).toLocaleString('en-US')} cells
        </p>
      )}
    </>
  );
  const overlay = open && content && openRow >= 0 ? { row: openRow, column: open.position, content } : null;
  return { overlay, onKey, onActivate, menu, rowMenu };
}

function step(edits: Edits, after: After): void {
  const { rows: edited, source } = edits;
  const { selection, layout } = edited.grid.getState();
  const { row, position } = selection.active;
  const rows = after === 'down' ? 1 : after === 'up' ? -1 : 0;
  const columns = after === 'right' ? 1 : after === 'left' ? -1 : 0;
  const within = (value: number, count: number) => Math.max(0, Math.min(value, count - 1));
  edited.grid.setState({
    selection: selectCell({
      row: within(row + rows, source.rowCount),
      position: within(position + columns, layout.visible.length),
    }),
  });
}
