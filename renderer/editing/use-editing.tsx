import { type ReactNode, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { NewValue, Reference } from '../../shared/api/data.ts';
import { failureFrom } from '../client/failure.ts';
import type { GridProps } from '../grid/grid-props.ts';
import { selectCell } from '../grid/model/selection.ts';
import { loadText } from '../grid/value/value-piece.ts';
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
import {
  addRow,
  deleteSelected,
  duplicateSelected,
  selectedCells,
  selectedRowCount,
  selectedRows,
} from './selected.ts';

interface Open {
  /** The row by what proves it: while one types it may get another number. */
  readonly id: string;
  /** Where it stood: one stored row may be in several rows of a result. */
  readonly row: number;
  readonly position: number;
  readonly text: string | null;
  readonly typed: boolean;
  /** Cells that take the value too: those that were selected with it. */
  readonly also: readonly { readonly id: string; readonly row: number; readonly position: number }[];
}

/** What a value may measure to be edited here. */
const mostBytes = 8_000_000;

function tell({ refused, why }: { refused: number; why: string | null }, asked: number): void {
  if (refused > 0)
    toast(asked === 1 ? (why ?? '') : `${refused} of ${asked} cells were left as they are: ${why}`, 'warning');
}

export function putCells(edits: Edits, changes: readonly CellChange[]): void {
  tell(setCells(edits, changes), changes.length);
}

/** A single-column foreign key of this column: its rows can be picked. */
function referenceOf(edits: Edits, position: number): Reference | undefined {
  const number = edits.rows.columnAt(position)?.number;
  return edits.rows.model.references.find(({ columns }) => columns.length === 1 && columns[0] === number);
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
  /** What is typed while it is found out whether the cell can be edited. */
  const typing = useRef<string | null>(null);

  const begin = async (row: number, position: number, key: string | null) => {
    if (typing.current !== null) {
      typing.current += key ?? '';
      return;
    }
    if (edited.prepare) {
      typing.current = key ?? '';
      await edited.prepare();
    }
    const typed = key === null ? null : (typing.current ?? key);
    typing.current = null;
    const problem = whyNot(edits, row, position);
    if (problem) {
      toast(problem, 'warning');
      return;
    }
    const id = edits.source.idAt(row);
    if (id === null) return;
    const cells = selectedCells(edits);
    const others = cells.length > 1 ? cells.filter((cell) => cell.row !== row || cell.position !== position) : [];
    const also = others.flatMap((cell) => {
      const other = edits.source.idAt(cell.row);
      return other === null ? [] : [{ ...cell, id: other }];
    });
    const text = typed ?? (await wholeText(edits, row, position));
    if (text !== undefined) setOpen({ id, row, position, text, typed: typed !== null, also });
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
    if (there.length < wanted.length)
      toast('A row that was being edited is not in sight any more: it was left as it is.', 'warning');
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

  const onKey = (event: React.KeyboardEvent): boolean => {
    const ctrl = event.ctrlKey || event.metaKey;
    const { row, position } = active();
    const key = event.key.toLowerCase();
    if (ctrl && !event.altKey) {
      if (key === 'z') event.shiftKey ? redoStep(edits) : undoStep(edits);
      else if (key === 'y') redoStep(edits);
      else if (key === 'd' && editable && edited.wholeRows) duplicateSelected(edits);
      else return false;
      return true;
    }
    if (!editable || event.altKey) return false;
    if (event.key === 'F2' || (event.key === 'Enter' && !ctrl)) void begin(row, position, null);
    else if (event.key === 'Insert' && edited.wholeRows) addRow(edits);
    else if (event.key === 'Delete') {
      if (edited.wholeRows && edited.grid.getState().selection.kind === 'rows') deleteSelected(edits);
      else setNull();
    } else if (event.key.length === 1 && event.key !== ' ') void begin(row, position, event.key);
    else return false;
    return true;
  };

  const menu = (row: number, position: number): readonly MenuEntry[] => {
    if (!editable) return [];
    return [
      { label: 'Edit', keys: 'F2', run: () => void begin(row, position, null) },
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
        reference={referenceOf(edits, open.position)}
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

/** What a cell holds, whole: a value that is shown cut is fetched. Undefined where that is not possible, and it was said why. */
async function wholeText(edits: Edits, row: number, position: number): Promise<string | null | undefined> {
  const { rows, source } = edits;
  const shown = source.row(row);
  const cell = shown?.cells[position] ?? null;
  if (!shown?.cut?.has(position)) return cell;
  const load = rows.pieces(source.baseIndex(row), position);
  if (!load) return undefined;
  try {
    const whole = await loadText(load, mostBytes, AbortSignal.timeout(60_000));
    rows.keepWhole(source.baseIndex(row), position, whole);
    return whole;
  } catch (thrown) {
    toast(`The value cannot be edited here: ${failureFrom(thrown).message}`, 'danger');
    return undefined;
  }
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
