import { useState } from 'react';
import { client } from '../../client/connect.ts';
import { ConnectionDialog } from '../../features/connections/connection-dialog.tsx';
import { ImportDialog } from '../../features/connections/import-dialog.tsx';
import { SecretsPrompt } from '../../features/connections/secrets-prompt.tsx';
import { CopyDialog } from '../../features/transfer/copy/copy-dialog.tsx';
import { ExportDialog } from '../../features/transfer/export/export-dialog.tsx';
import { ImportDialog as ImportRowsDialog } from '../../features/transfer/import/import-dialog.tsx';
import { ScriptDialog } from '../../features/transfer/script/script-dialog.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { toast } from '../../ui/toast.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { wakeAgain } from '../../workspace/awake.ts';
import { useConnection } from '../../workspace/connections.ts';
import { closeDialog, useDialogs } from '../../workspace/dialogs.ts';
import { troubleOver, useTrouble } from '../../workspace/trouble.ts';
import { Palette } from './palette.tsx';
import { SampleDialog } from './sample-dialog.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';

/** The dialogs that any page may ask for; one at a time, and above it what a connection needs to know. */
export function AppDialogs() {
  const dialog = useDialogs((all) => all.dialog);
  const trouble = useTrouble((all) => all.trouble);
  return (
    <>
      {dialog?.kind === 'connection' && (
        <ConnectionDialog open connectionId={dialog.connectionId} onClose={closeDialog} />
      )}
      {dialog?.kind === 'import' && <ImportDialog open onClose={closeDialog} />}
      {dialog?.kind === 'removeConnection' && <RemoveConnection connectionId={dialog.connectionId} />}
      {dialog?.kind === 'sample' && <SampleDialog onClose={closeDialog} />}
      {dialog?.kind === 'export' && <ExportDialog what={dialog.what} onClose={closeDialog} />}
      {dialog?.kind === 'importRows' && <ImportRowsDialog what={dialog.what} onClose={closeDialog} />}
      {dialog?.kind === 'script' && <ScriptDialog what={dialog.what} onClose={closeDialog} />}
      {dialog?.kind === 'copyRows' && <CopyDialog what={dialog.what} onClose={closeDialog} />}
      {dialog?.kind === 'shortcuts' && <ShortcutsDialog onClose={closeDialog} />}
      <Palette open={dialog?.kind === 'palette'} onClose={closeDialog} />
      {trouble && (
        <SecretsPrompt
          connectionId={trouble.connectionId}
          failure={trouble.failure}
          onCancel={troubleOver}
          onDone={() => {
            troubleOver();
            wakeAgain(trouble.connectionId);
            trouble.retry();
          }}
        />
      )}
    </>
  );
}

function RemoveConnection({ connectionId }: { connectionId: string }) {
  const connection = useConnection(connectionId);
  const [busy, setBusy] = useState(false);
  const remove = async () => {
    setBusy(true);
    try {
      await client.connections.remove({ id: connectionId });
      closeDialog();
    } catch (thrown) {
      toast(thrown instanceof Error ? thrown.message : String(thrown), 'danger');
      setBusy(false);
    }
  };
  return (
    <ConfirmDialog
      open
      title={`Delete “${visibleText(connection?.name ?? '')}”?`}
      confirmLabel="Delete connection"
      danger
      busy={busy}
      onCancel={closeDialog}
      onConfirm={() => void remove()}
    >
      The connection and its saved passwords are removed from this machine. Open tabs keep their text. The database
      itself is not touched.
    </ConfirmDialog>
  );
}
