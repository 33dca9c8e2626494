import { FolderOpen } from 'lucide-react';
import { useState } from 'react';
import type { Recording } from '../../../../shared/api/recordings.ts';
import { shownInstant, shownRange } from '../../../chart/time-axis.ts';
import { IconButton } from '../../../ui/button.tsx';
import { Select } from '../../../ui/field.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { runCommand } from '../../../workspace/commands.ts';
import { useRecordings } from '../../../workspace/monitor/recordings.ts';
import type { TimeRange } from '../../../workspace/monitor/time-range.ts';
import type { MonitorView } from '../frame/monitor-view.ts';
import { RangeDialog } from '../frame/range-dialog.tsx';
import { Toolbar } from '../parts/table/toolbar.tsx';
import { choose, chooseRecording, useChoice, type When } from './choice.ts';

const own: readonly { value: When['kind']; label: string }[] = [
  { value: 'before', label: 'the time before' },
  { value: 'day', label: 'a day earlier' },
  { value: 'week', label: 'a week earlier' },
];
const others: readonly { value: When['kind']; label: string }[] = [
  { value: 'newest', label: 'its newest' },
  { value: 'same', label: 'the same time' },
];
/** Chosen anew each time, so that another stretch can be asked for where one is set. */
const asking = 'asking';

const nameOf = (recording: Recording): string => {
  const name = visibleText(recording.name);
  if (recording.state === 'recording') return `${name} (being recorded)`;
  const until = recording.toMs === null ? '' : ` until ${shownInstant(recording.toMs, Date.now(), false)}`;
  return `${name} (${recording.state === 'opened' ? 'file' : 'stopped'}${until})`;
};

/** What is compared with what: the shown stretch with another one of this recording, or with one of another. */
export function CompareToolbar({ view, compared }: { view: MonitorView; compared: TimeRange | null }) {
  const recordings = useRecordings((all) => all.recordings);
  const choice = useChoice(view.id);
  const [dialog, setDialog] = useState(false);
  const { recordingId, when } = choice;
  const known = recordingId === null ? own : others;
  const fixed = when.kind === 'fixed' ? [{ value: 'fixed' as const, label: 'a stretch of its own' }] : [];
  const onWhen = (value: When['kind'] | typeof asking) => {
    if (value === asking) setDialog(true);
    else if (value !== 'fixed') choose(view.id, { recordingId, when: { kind: value } });
  };
  return (
    <Toolbar>
      <span className="text-xs tabular-nums">
        <b className="font-medium">{visibleText(view.recording.name)}</b>{' '}
        <span className="text-muted">{shownRange(view.range)}</span>
      </span>
      <span className="text-xs text-muted">compared with</span>
      <Select
        aria-label="Compared recording"
        value={recordingId ?? ''}
        onValue={(value) => chooseRecording(view.id, value === '' ? null : value)}
        options={[
          { value: '', label: 'This recording' },
          ...recordings.filter(({ id }) => id !== view.id).map((each) => ({ value: each.id, label: nameOf(each) })),
        ]}
        className="w-56!"
      />
      <Select
        aria-label="Compared stretch"
        value={when.kind}
        onValue={onWhen}
        options={[...known, ...fixed, { value: asking, label: 'From and to…' }]}
        className="w-40!"
      />
      {compared && <span className="text-xs text-muted tabular-nums">{shownRange(compared)}</span>}
      <IconButton
        label="Open a recording to compare with"
        icon={<FolderOpen size={15} strokeWidth={1.75} />}
        onClick={() => runCommand('recording.open')}
      />
      {dialog && (
        <RangeDialog
          title="Compare with a stretch of time"
          from={compared?.fromMs ?? view.range.fromMs}
          to={compared?.toMs ?? view.range.toMs}
          onClose={() => setDialog(false)}
          onTake={(fromMs, toMs) => choose(view.id, { recordingId, when: { kind: 'fixed', fromMs, toMs } })}
        />
      )}
    </Toolbar>
  );
}
