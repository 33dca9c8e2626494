import { ChevronDown, CircleDot, FileClock, Square } from 'lucide-react';
import type { Recording } from '../../../../shared/api/recordings.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { Button } from '../../../ui/button.tsx';
import { DropdownMenu, type MenuEntry } from '../../../ui/menu.tsx';
import { toast } from '../../../ui/toast.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { runCommand } from '../../../workspace/commands.ts';
import { useConnections } from '../../../workspace/connections.ts';
import { openMonitor } from '../../../workspace/monitor/open-monitor.ts';
import type { MonitorPage, MonitorSource } from '../../../workspace/monitor/pages.ts';
import { readRecordings, sourceOf, useRecordings } from '../../../workspace/monitor/recordings.ts';
import { openTab } from '../../../workspace/tabs.ts';

const icon = { size: 14, strokeWidth: 1.75 } as const;

/** Which server or recording is looked at; another one opens beside it. */
export function SourcePicker({ name, page, source }: { name: string; page: MonitorPage; source: MonitorSource }) {
  const recordings = useRecordings((all) => all.recordings);
  const connections = useConnections((all) => all.connections);
  const opened = recordings.filter((each) => each.connectionId === null);
  const items: MenuEntry[] = [
    { label: 'All servers', run: () => openTab({ kind: 'servers' }) },
    { kind: 'heading', label: 'Servers' },
    ...connections.map((each) => ({
      kind: 'choice' as const,
      label: visibleText(each.name),
      checked: each.id === source.connectionId,
      run: () => openMonitor(page, { connectionId: each.id, recordingId: null }),
    })),
    ...(opened.length > 0 ? ([{ kind: 'heading', label: 'Opened recordings' }] satisfies MenuEntry[]) : []),
    ...opened.map((each) => ({
      kind: 'choice' as const,
      label: visibleText(each.name),
      checked: each.id === source.recordingId,
      run: () => openMonitor(page, sourceOf(each)),
    })),
    { kind: 'separator' },
    { label: 'Open a recording…', run: () => runCommand('recording.open') },
  ];
  return (
    <DropdownMenu
      trigger={
        <Button small className="max-w-64 min-w-0 shrink">
          <span className="truncate">{visibleText(name)}</span>
          <ChevronDown size={14} strokeWidth={1.75} aria-hidden className="shrink-0" />
        </Button>
      }
      items={items}
    />
  );
}

/** Whether samples are coming, and the button that changes it. */
export function RecordingState({ recording }: { recording: Recording }) {
  const change = (work: Promise<unknown>) =>
    work.then(readRecordings, (thrown) => toast(failureFrom(thrown).message, 'danger'));
  const { state, connectionId, trouble } = recording;
  if (state === 'opened') {
    return (
      <span
        className="flex shrink-0 items-center gap-1 text-xs text-muted"
        title="A file from elsewhere; it is only read"
      >
        <FileClock {...icon} aria-hidden /> Recording
      </span>
    );
  }
  if (state === 'recording') {
    return (
      <DropdownMenu
        trigger={
          <Button small kind="quiet" title={trouble?.message ?? 'This server is being recorded'}>
            <CircleDot {...icon} className={trouble ? 'text-warning' : 'text-danger'} aria-hidden />
            {trouble ? 'Recording in trouble' : 'Recording'}
          </Button>
        }
        items={[
          {
            label: 'Sample ten times a second for 30 s',
            run: () => void change(client.recordings.burst({ id: recording.id, forMs: 30_000 })),
          },
          { kind: 'separator' },
          {
            label: 'Stop recording',
            icon: <Square {...icon} />,
            run: () => void change(client.recordings.stop({ id: recording.id })),
          },
        ]}
      />
    );
  }
  return (
    <Button
      small
      icon={<CircleDot {...icon} className="text-danger" />}
      disabled={connectionId === null}
      onClick={() => connectionId !== null && void change(client.recordings.start({ connectionId }))}
    >
      Go on recording
    </Button>
  );
}
