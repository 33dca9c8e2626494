import { Trash2, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { client } from '../../client/connect.ts';
import { useCall } from '../../client/use-call.ts';
import { shownBytes, shownCount } from '../../ui/amounts.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { runCommand } from '../../workspace/commands.ts';

const look = { size: 14, strokeWidth: 1.75 } as const;

/** How much the undo journal holds and may hold, with the way to it and the way to be rid of it. */
export function JournalKept() {
  const size = useCall(client.journal.size, undefined);
  const [clearing, setClearing] = useState(false);
  if (!size.data) return null;
  const { entries, bytes, mostEntries, mostBytes } = size.data;
  return (
    <div className="flex items-center gap-2 pl-[22px]">
      <p className="min-w-0 flex-1 text-xs text-faint">
        {entries === 0
          ? 'The journal is empty. '
          : `The journal holds ${entries === 1 ? '1 change' : `${shownCount(entries)} changes`}, ${shownBytes(bytes)}. `}
        At {shownCount(mostEntries)} changes or {shownBytes(mostBytes)} the oldest go.
      </p>
      <Button small icon={<Undo2 {...look} />} onClick={() => runCommand('journal.open')}>
        Open journal
      </Button>
      <Button small icon={<Trash2 {...look} />} disabled={entries === 0} onClick={() => setClearing(true)}>
        Clear journal…
      </Button>
      <ConfirmDialog
        open={clearing}
        title="Clear the whole undo journal?"
        confirmLabel="Clear journal"
        danger
        onCancel={() => setClearing(false)}
        onConfirm={() => {
          setClearing(false);
          void client.journal.clear().then(size.reload);
        }}
      >
        The kept rows are removed from this machine; what was changed with them cannot be undone from here any more.
      </ConfirmDialog>
    </div>
  );
}
