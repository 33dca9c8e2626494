/** From a cell that somebody wants to edit to what its editor begins with. */
import { failureFrom } from '../client/failure.ts';
import { loadText } from '../grid/value/value-piece.ts';
import { toast } from '../ui/toast.tsx';
import { type Edits, savingEnded, whyNot } from './edit-store.ts';
import { selectedCells } from './selected.ts';

export interface Open {
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

export const outOfSight = 'A row that was being edited is not in sight any more: it was left as it is.';

/** What a value may measure to be edited here. */
const mostBytes = 8_000_000;

/**
 * Waits until it is known what can be edited, and for the end of a save. Null where the cell is not to be edited: why was
 * said.
 * @param withText what the cell holds is edited, not what is typed in its place
 */
export async function openAt(
  edits: Edits,
  { row, position }: { readonly row: number; readonly position: number },
  withText: boolean,
): Promise<Open | null> {
  const { source, rows } = edits;
  const cells = selectedCells(edits);
  await rows.prepare?.();
  const named = [{ row, position }, ...cells].map((cell) => ({ ...cell, id: source.idAt(cell.row) }));
  await savingEnded(edits);
  // A save may have moved the rows.
  const [here, ...selected] = named.map(({ id, ...cell }) => ({
    ...cell,
    row: id === null ? cell.row : source.indexOf(id, cell.row),
  }));
  if (!here || here.row < 0) {
    toast(outOfSight, 'warning');
    return null;
  }
  const problem = whyNot(edits, here.row, position);
  if (problem) {
    toast(problem, 'warning');
    return null;
  }
  const id = source.idAt(here.row);
  const also = selected.flatMap((cell) => {
    const other = source.idAt(cell.row);
    const isHere = cell.row === here.row && cell.position === position;
    return other === null || isHere ? [] : [{ ...cell, id: other }];
  });
  const text = withText ? await wholeText(edits, here.row, position) : null;
  return id === null || text === undefined ? null : { id, row: here.row, position, text, typed: false, also };
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
