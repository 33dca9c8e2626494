import { useState } from 'react';
import type { NewValue } from '../../../shared/api/data.ts';
import { isWritable, sameValue } from '../../../shared/edit/staged.ts';
import { rowsWords } from '../../ui/amounts.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Checkbox, Segmented, Select } from '../../ui/field.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import type { CellChange, Edits } from '../edit-store.ts';
import { insertRows } from '../edit-store.ts';
import { putCells } from '../use-editing.tsx';
import { mapBlock } from './paste-block.ts';

const shownRows = 6;
const shownColumns = 40;

/** A block from a spreadsheet: which of its columns goes where, over the rows from the cursor on or as new rows. */
export function PasteDialog({
  edits,
  block,
  onClose,
}: {
  edits: Edits;
  block: readonly (readonly string[])[];
  onClose: () => void;
}) {
  const { rows: edited, source } = edits;
  const mayInsert = edited.noNewRows === null;
  const { selection, layout } = edited.grid.getState();
  const [mapped] = useState(() =>
    mapBlock(
      block,
      source.columns.map(({ name }) => name),
      layout.visible,
      selection.active.position,
    ),
  );
  /** The rows by what proves them: while one chooses they may get other numbers. */
  const [below] = useState(() =>
    block.map((_, down) =>
      down < source.rowCount - selection.active.row ? source.idAt(selection.active.row + down) : null,
    ),
  );
  const [positions, setPositions] = useState<readonly (number | null)[]>(mapped.positions);
  const [header, setHeader] = useState(mapped.header);
  const [asNew, setAsNew] = useState(mayInsert && mapped.header);
  const [emptyIsNull, setEmptyIsNull] = useState(true);
  const rows = header ? block.slice(1) : block;
  const room = source.rowCount - selection.active.row;
  const tooMany = !asNew && rows.length > room;
  const newValue = (cell: string): NewValue =>
    cell === '' && emptyIsNull ? { kind: 'null' } : { kind: 'text', text: cell };
  const rowOf = (down: number) => {
    const id = below[down];
    return id === null || id === undefined ? -1 : source.indexOf(id);
  };
  const paste = () => {
    if (asNew) {
      insertRows(
        edits,
        rows.map(
          (row) =>
            new Map(
              row.flatMap((cell, at): [number, NewValue][] => {
                const column = edited.columnAt(positions[at] ?? -1);
                return column && isWritable(column, true) ? [[column.number, newValue(cell)]] : [];
              }),
            ),
        ),
      );
    } else {
      const changes = rows.flatMap((row, down) =>
        row.flatMap((cell, at): CellChange[] => {
          const position = positions[at];
          if (position === null || position === undefined) return [];
          const [value, row] = [newValue(cell), rowOf(down)];
          // What is there already is no change, where nothing may be changed either.
          const same = row >= 0 && sameValue(value, source.row(row)?.cells[position] ?? null);
          return same ? [] : [{ row, position, value }];
        }),
      );
      putCells(edits, changes);
    }
    onClose();
  };
  const options = [
    { value: '', label: '(leave out)' },
    ...source.columns.flatMap(({ name }, position) => {
      const column = edited.columnAt(position);
      return column && isWritable(column, asNew) ? [{ value: String(position), label: visibleText(name) }] : [];
    }),
  ];
  return (
    <Dialog
      open
      onClose={onClose}
      width="large"
      title={`Paste ${rowsWords(rows.length)}`}
      description="Nothing is stored before it is saved."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" disabled={rows.length === 0 || tooMany} onClick={paste}>
            Paste
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <div className="flex flex-wrap items-center gap-4">
          <Segmented
            label="Where to"
            value={asNew ? 'new' : 'over'}
            options={[
              { value: 'over', label: 'Over the rows from the cursor on' },
              ...(mayInsert ? [{ value: 'new' as const, label: 'As new rows' }] : []),
            ]}
            onValue={(value) => setAsNew(value === 'new')}
          />
          <Checkbox
            label="First row holds names"
            checked={header}
            onChange={(event) => setHeader(event.currentTarget.checked)}
          />
          <Checkbox
            label="Empty cells are NULL"
            checked={emptyIsNull}
            onChange={(event) => setEmptyIsNull(event.currentTarget.checked)}
          />
        </div>
        {tooMany && (
          <p role="alert" className="text-xs text-danger">
            There are only {room.toLocaleString('en-US')} rows from the cursor on. Paste them as new rows, or from
            further up.
          </p>
        )}
        <section
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
          tabIndex={0}
          aria-label="Columns of the block"
          className="overflow-auto rounded-md border border-line"
        >
          <table className="text-xs">
            <thead>
              <tr>
                {positions.slice(0, shownColumns).map((position, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns of a block have no other name
                  <th key={at} className="min-w-32 border-r border-b border-line bg-canvas p-1 font-normal">
                    <Select
                      aria-label={`Column ${at + 1} goes to`}
                      value={position === null ? '' : String(position)}
                      options={options}
                      onValue={(value) =>
                        setPositions(
                          positions.map((old, other) => (other === at ? (value === '' ? null : Number(value)) : old)),
                        )
                      }
                    />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, shownRows).map((row, down) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows of a block have no other name
                <tr key={down}>
                  {positions.slice(0, shownColumns).map((_, at) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: as above
                    <td key={at} className="max-w-52 truncate border-r border-b border-line px-2 py-1">
                      {row[at] === '' || row[at] === undefined ? (
                        <span className="text-faint italic">{emptyIsNull ? 'NULL' : '(empty)'}</span>
                      ) : (
                        visibleText(row[at])
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        {rows.length > shownRows && (
          <p className="text-xs text-muted">and {(rows.length - shownRows).toLocaleString('en-US')} more</p>
        )}
      </div>
    </Dialog>
  );
}
