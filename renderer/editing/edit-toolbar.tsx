import { CopyPlus, Plus, Trash2 } from 'lucide-react';
import { useStore } from 'zustand';
import { Button, IconButton } from '../ui/button.tsx';
import { FailureView } from '../ui/failure-view.tsx';
import { visibleText } from '../ui/visible-text.ts';
import { type Edits, revertRows } from './edit-store.ts';
import { addRow, deleteSelected, duplicateSelected, showRow } from './selected.ts';
import { StepsAndSave } from './steps-and-save.tsx';

const icon = { size: 16, strokeWidth: 1.75 } as const;

/** Adding and deleting rows, stepping back, looking at what would be sent, and sending it. */
export function EditToolbar({ edits, onPreview, onSave }: { edits: Edits; onPreview: () => void; onSave: () => void }) {
  return (
    <>
      <span aria-hidden className="mx-1 h-4 w-px bg-line" />
      <IconButton label="Add a row" keys="Insert" icon={<Plus {...icon} />} onClick={() => addRow(edits)} />
      <IconButton
        label="Duplicate the selected rows"
        keys="Ctrl+D"
        icon={<CopyPlus {...icon} />}
        onClick={() => duplicateSelected(edits)}
      />
      <IconButton label="Delete the selected rows" icon={<Trash2 {...icon} />} onClick={() => deleteSelected(edits)} />
      <span aria-hidden className="mx-1 h-4 w-px bg-line" />
      <StepsAndSave edits={edits} onPreview={onPreview} onSave={onSave} />
    </>
  );
}

/** Why nothing was saved, where it stopped, and what the row holds now. */
export function RefusalBar({ edits }: { edits: Edits }) {
  const { refusal, steps } = useStore(edits.store);
  if (!refusal) return null;
  const { id, failure, now } = refusal;
  const staged = id === null ? undefined : steps.now.get(id);
  const index = id === null ? -1 : edits.source.indexOf(id);
  // Of a query's result not every column of the table is known.
  const known = new Set(edits.source.columns.map((_, at) => edits.rows.columnAt(at)?.number));
  const changed =
    staged?.kind !== 'insert' && now && staged
      ? edits.rows.model.columns.flatMap(({ number, name }, position) => {
          const cell = now.find((one) => one.column === number);
          const was = staged.cells[position] ?? null;
          return cell && known.has(number) && cell.value !== was ? [{ name, was, is: cell.value }] : [];
        })
      : [];
  return (
    <FailureView
      failure={failure}
      title={
        failure.kind === 'outcomeUnknown'
          ? 'It is not known whether this was saved'
          : id === null
            ? 'Nothing was saved'
            : 'Nothing was saved: it stopped at the row that is marked'
      }
      className="m-2 shrink-0"
      {...(changed.length > 0 ? { hint: changed.slice(0, 5).map(changeWords).join(' ') } : {})}
      actions={
        <>
          {index >= 0 && (
            <Button small onClick={() => showRow(edits, index)}>
              Show the row
            </Button>
          )}
          {index >= 0 && staged && (
            <Button
              small
              onClick={() => {
                revertRows(edits, [index]);
                edits.store.setState({ refusal: null });
                edits.rows.refresh(id !== null && now ? { id, cells: now } : undefined);
              }}
            >
              Leave this row out
            </Button>
          )}
          <Button small kind="quiet" onClick={() => edits.store.setState({ refusal: null })}>
            Dismiss
          </Button>
        </>
      }
    />
  );
}

const shortened = (value: string | null) => (value === null ? 'NULL' : visibleText(value.slice(0, 60)));
const changeWords = ({ name, was, is }: { name: string; was: string | null; is: string | null }) =>
  `${visibleText(name)} was ${shortened(was)} and is ${shortened(is)}.`;
