import { useState } from 'react';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { startDownload } from '../../../client/save-file.ts';
import { Button } from '../../../ui/button.tsx';
import { toast } from '../../../ui/toast.tsx';

/** Writes the rows that were put aside, with their reasons, where the person says. */
export function SaveRejects({ rejectsId }: { rejectsId: string }) {
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      const file = await client.files.chooseSave({
        suggestedName: 'rejected.csv',
        kinds: [{ name: 'CSV', extensions: ['csv'] }],
      });
      if (!file) return;
      await client.transfer.saveRejects({ rejectsId, target: file.token });
      startDownload(file);
    } catch (thrown) {
      toast(failureFrom(thrown).message, 'danger');
    } finally {
      setBusy(false);
    }
  };
  return (
    <div>
      <Button small busy={busy} onClick={() => void save()}>
        Save the rejected rows…
      </Button>
    </div>
  );
}
