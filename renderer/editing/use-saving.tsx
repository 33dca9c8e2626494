import { type ReactNode, type RefObject, useState } from 'react';
import { client } from '../client/connect.ts';
import { toast } from '../ui/toast.tsx';
import { useCommand } from '../workspace/commands.ts';
import { type Edits, save } from './edit-store.ts';
import { SaveDialog } from './save-dialog.tsx';

/** Saving: at once, or where it has to be confirmed with the statements before one's eyes. */
export function useSaving(
  edits: Edits,
  /** Where the keys mean these rows; everywhere, where absent. */
  within?: RefObject<HTMLElement | null>,
): { ask: () => void; preview: () => void; dialog: ReactNode } {
  const [shown, setShown] = useState(false);
  const saveNow = async (confirmed: boolean) => {
    setShown(false);
    const saved = await save(edits, confirmed);
    if (!saved) return;
    toast(saved.words, 'success');
    for (const note of saved.notes) toast(note, 'warning');
  };
  const ask = async () => {
    if (edits.store.getState().steps.now.size === 0) return;
    // Where that cannot be told, the save itself says so.
    const asked = await client.data.preview({ ...edits.rows.where, edits: [] }).catch(() => null);
    if (asked?.confirm) setShown(true);
    else await saveNow(false);
  };
  useCommand(
    'data.save',
    () => {
      const focused = document.activeElement;
      // What is being typed belongs to it: leaving the editor takes it.
      if (focused instanceof HTMLElement && focused.closest('.hg-overlay')) focused.blur();
      void ask();
    },
    () => {
      if (within && !within.current?.contains(document.activeElement)) return false;
      return edits.store.getState().steps.now.size > 0 || document.querySelector('.hg-overlay') !== null;
    },
  );
  const dialog = shown ? (
    <SaveDialog edits={edits} onSave={(confirmed) => void saveNow(confirmed)} onClose={() => setShown(false)} />
  ) : null;
  return { ask: () => void ask(), preview: () => setShown(true), dialog };
}
