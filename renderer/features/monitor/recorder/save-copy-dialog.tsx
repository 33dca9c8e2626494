import { useState } from 'react';
import type { Failure } from '../../../../shared/api/base.ts';
import { shownAmount } from '../../../../shared/metrics/units.ts';
import { shownRange } from '../../../chart/time-axis.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Checkbox, Segmented } from '../../../ui/field.tsx';
import { toast } from '../../../ui/toast.tsx';
import type { MonitorView } from '../frame/monitor-view.ts';

type Stretch = 'all' | 'shown';
const kinds = [{ name: 'Howdah recording', extensions: ['howdah'] }];

/** Writes a recording that stands by itself: all of it or the shown stretch, with or without the statements' texts. */
export function SaveCopyDialog({ view, onClose }: { view: MonitorView; onClose: () => void }) {
  const [stretch, setStretch] = useState<Stretch>('all');
  const [redactTexts, setRedact] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const { range, span } = view;
  const save = async () => {
    setFailure(null);
    try {
      const name = view.recording.name.replace(/[^\p{L}\p{N}. _-]+/gu, '-') || 'recording';
      const file = await client.files.chooseSave({ suggestedName: `${name}.howdah`, kinds });
      if (!file) return;
      setBusy(true);
      const ends = stretch === 'shown' ? { fromMs: range.fromMs, toMs: range.toMs } : {};
      const { sizeBytes } = await client.recordings.saveCopy({
        id: view.id,
        fileToken: file.token,
        redactTexts,
        ...ends,
      });
      if (file.downloadPath) {
        const link = document.createElement('a');
        link.href = file.downloadPath;
        link.download = file.name;
        link.click();
      }
      toast(`Saved as ${file.name}, ${shownAmount(sizeBytes, { unit: 'bytes' })}.`, 'success');
      onClose();
    } catch (thrown) {
      setFailure(failureFrom(thrown));
      setBusy(false);
    }
  };
  const whole = { fromMs: span.fromMs ?? range.fromMs, toMs: span.toMs ?? range.toMs };
  return (
    <Dialog
      open
      onClose={onClose}
      keepOpen={busy}
      width="small"
      title="Save a copy of the recording"
      description="A file that explains itself: anybody with Howdah can open it, with no server in reach."
      footer={
        <Button kind="primary" busy={busy} onClick={() => void save()}>
          Save a copy…
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        <div className="flex flex-col items-start gap-1">
          <Segmented
            label="How much of it"
            value={stretch}
            onValue={setStretch}
            options={[
              { value: 'all', label: 'All of it' },
              { value: 'shown', label: 'The shown stretch' },
            ]}
          />
          <p className="text-xs text-muted tabular-nums">{shownRange(stretch === 'all' ? whole : range)}</p>
        </div>
        <Checkbox
          label="Without the texts of statements"
          hint="Each is replaced by a fingerprint, definitions and defaults too: no value of your data leaves with the file. Names of databases, tables, roles and programs stay."
          checked={redactTexts}
          onChange={(event) => setRedact(event.currentTarget.checked)}
        />
        {failure && <FailureView failure={failure} />}
      </div>
    </Dialog>
  );
}
