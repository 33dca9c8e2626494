import { type ClipboardEvent, type ReactNode, useState } from 'react';
import { toast } from '../../ui/toast.tsx';
import { type Edits, savingEnded } from '../edit-store.ts';
import { selectedCells } from '../selected.ts';
import { putCells } from '../use-editing.tsx';
import { readBlock } from './paste-block.ts';
import { PasteDialog } from './paste-dialog.tsx';

/** One cell goes into all that are selected; of a block it is asked where it goes. */
export function usePasting(
  edits: Edits,
  onFocusGrid: () => void,
): { onPaste: (event: ClipboardEvent) => void; dialog: ReactNode } {
  const [block, setBlock] = useState<readonly (readonly string[])[] | null>(null);
  const onPaste = (event: ClipboardEvent) => {
    const target = event.target as Element;
    if (edits.rows.readOnly || target.closest('input, textarea, select, [role=dialog]')) return;
    const read = readBlock(event.clipboardData.getData('text/plain'));
    const [first] = read;
    if (!first) return;
    event.preventDefault();
    void paste(read, read.length === 1 && first.length === 1 ? first[0] : undefined);
  };
  const paste = async (read: readonly (readonly string[])[], only: string | undefined) => {
    await edits.rows.prepare?.();
    await savingEnded(edits);
    const { readOnly, wholeRows } = edits.rows;
    if (readOnly) toast(`${readOnly.reason} ${readOnly.wayOut}`, 'warning');
    else if (only === undefined && !wholeRows)
      toast(
        'A block goes into rows whose columns are all of one table: open these rows in their table first.',
        'warning',
      );
    else if (only === undefined) setBlock(read);
    else {
      const cells = selectedCells(edits);
      putCells(
        edits,
        cells.map((cell) => ({ ...cell, value: { kind: 'text', text: only } })),
      );
    }
  };
  const close = () => {
    setBlock(null);
    requestAnimationFrame(onFocusGrid);
  };
  return { onPaste, dialog: block ? <PasteDialog edits={edits} block={block} onClose={close} /> : null };
}
