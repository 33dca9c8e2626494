/** Lets go of a recording: one from elsewhere is only forgotten, one of our own is deleted, which is asked about. */
import { Trash2, X } from 'lucide-react';
import { useState } from 'react';
import { shownAmount } from '../../../../shared/metrics/units.ts';
import { shownLength } from '../../../chart/time-axis.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { toast } from '../../../ui/toast.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { sameSource } from '../../../workspace/monitor/pages.ts';
import { readRecordings } from '../../../workspace/monitor/recordings.ts';
import { closeTab, openTab, useTabs } from '../../../workspace/tabs.ts';
import type { MonitorView } from '../frame/monitor-view.ts';

const icon = { size: 14, strokeWidth: 1.75 } as const;

export function CloseButton({ view }: { view: MonitorView }) {
  const [asking, setAsking] = useState(false);
  const opened = view.recording.state === 'opened';
  return (
    <>
      <Button
        icon={opened ? <X {...icon} /> : <Trash2 {...icon} />}
        title={opened ? 'Its file stays where it is' : 'Stops recording this server, and deletes what was recorded'}
        onClick={() => setAsking(true)}
      >
        {opened ? 'Close…' : 'Delete…'}
      </Button>
      {asking && <CloseDialog view={view} opened={opened} onClose={() => setAsking(false)} />}
    </>
  );
}

function CloseDialog({ view, opened, onClose }: { view: MonitorView; opened: boolean; onClose: () => void }) {
  const { recording, source, span } = view;
  const name = visibleText(recording.name);
  const close = () => {
    // First away from its pages: that of a live server would begin to record it again.
    openTab({ kind: 'servers' });
    const { tabs } = useTabs.getState();
    for (const { id, place } of tabs) if (place.kind === 'monitor' && sameSource(place, source)) void closeTab(id);
    client.recordings.close({ id: recording.id, alsoDelete: !opened }).then(
      () => void readRecordings(),
      (thrown) => toast(failureFrom(thrown).message, 'danger'),
    );
  };
  const length = span.fromMs === null || span.toMs === null ? 0 : span.toMs - span.fromMs;
  return (
    <Dialog
      open
      onClose={onClose}
      width="small"
      title={opened ? `Close the recording ${name}?` : `Delete the recording of ${name}?`}
      footer={
        <>
          <Button onClick={onClose}>{opened ? 'Leave it open' : 'Keep it'}</Button>
          <Button kind={opened ? 'primary' : 'danger'} onClick={close}>
            {opened ? 'Close' : 'Delete'}
          </Button>
        </>
      }
    >
      <p className="text-sm">
        {opened
          ? 'Howdah forgets it. Its file stays where it is and can be opened again.'
          : `${shownLength(length)} of history, ${shownAmount(recording.sizeBytes, { unit: 'bytes' })}, are gone for good, and recording stops. Save a copy before if somebody may ask for it.`}
      </p>
    </Dialog>
  );
}
