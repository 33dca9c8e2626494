import { Eye, Redo2, RotateCcw, Undo2 } from 'lucide-react';
import { useStore } from 'zustand';
import { Button, IconButton } from '../ui/button.tsx';
import { type Edits, redoStep, revertAll, undoStep } from './edit-store.ts';

const icon = { size: 16, strokeWidth: 1.75 } as const;

/** Stepping back, looking at what would be sent, and sending it. */
export function StepsAndSave({
  edits,
  onPreview,
  onSave,
}: {
  edits: Edits;
  onPreview: () => void;
  onSave: () => void;
}) {
  const { steps, saving } = useStore(edits.store);
  const staged = steps.now.size;
  return (
    <>
      <IconButton
        label="Undo"
        keys="Ctrl+Z"
        disabled={steps.past.length === 0 || saving}
        icon={<Undo2 {...icon} />}
        onClick={() => undoStep(edits)}
      />
      <IconButton
        label="Redo"
        keys="Ctrl+Shift+Z"
        disabled={steps.future.length === 0 || saving}
        icon={<Redo2 {...icon} />}
        onClick={() => redoStep(edits)}
      />
      <IconButton
        label="Revert everything that is not saved"
        disabled={staged === 0 || saving}
        icon={<RotateCcw {...icon} />}
        onClick={() => revertAll(edits)}
      />
      {staged > 0 && (
        <>
          <Button small icon={<Eye size={14} strokeWidth={1.75} />} disabled={saving} onClick={onPreview}>
            Preview
          </Button>
          <Button small kind="primary" busy={saving} title="Ctrl+S" onClick={onSave}>
            Save {staged.toLocaleString('en-US')} {staged === 1 ? 'row' : 'rows'}
          </Button>
        </>
      )}
    </>
  );
}
