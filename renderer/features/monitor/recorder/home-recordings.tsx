import { Download } from 'lucide-react';
import { useState } from 'react';
import type { HomeRecording } from '../../../../shared/api/recordings.ts';
import { shownInstant, shownLength, shownRange } from '../../../chart/time-axis.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { useCall } from '../../../client/use-call.ts';
import { Button } from '../../../ui/button.tsx';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Segmented } from '../../../ui/field.tsx';
import { EmptyState, Pending } from '../../../ui/states.tsx';
import { toast } from '../../../ui/toast.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { openMonitor } from '../../../workspace/monitor/open-monitor.ts';
import { readRecordings, sourceOf } from '../../../workspace/monitor/recordings.ts';
import type { MonitorView } from '../frame/monitor-view.ts';
import { type Column, DataTable } from '../parts/table/data-table.tsx';
import { useTable } from '../parts/table/use-table.ts';

type Stretch = 'shown' | 'day' | 'all';
const dayMs = 86_400_000;

const columns: readonly Column<HomeRecording>[] = [
  { key: 'name', label: 'Recording', widthPx: 130, grows: true, value: ({ name }) => visibleText(name) },
  { key: 'version', label: 'Server', widthPx: 80, value: ({ serverVersion }) => serverVersion },
  { key: 'from', label: 'From', widthPx: 140, value: ({ fromMs }) => fromMs, cell: ({ fromMs }) => instant(fromMs) },
  { key: 'to', label: 'To', widthPx: 140, value: ({ toMs }) => toMs, cell: ({ toMs }) => instant(toMs) },
  {
    key: 'length',
    label: 'Length',
    widthPx: 80,
    right: true,
    value: lengthOf,
    cell: (row) => shownLength(lengthOf(row)),
  },
];
const instant = (ms: number | null): string => (ms === null ? '–' : shownInstant(ms));
function lengthOf({ fromMs, toMs }: HomeRecording): number {
  return fromMs === null || toMs === null ? 0 : toMs - fromMs;
}

/** What lies in a second home; a stretch of it comes back as a recording of its own. */
export function HomeRecordings({
  view,
  connectionId,
  isHome,
}: {
  view: MonitorView;
  connectionId: string;
  isHome: boolean;
}) {
  const answer = useCall(client.recordings.inHome, { connectionId });
  const lines = useTable('name', false);
  const [stretch, setStretch] = useState<Stretch>('day');
  const [busy, setBusy] = useState(false);
  if (answer.data === undefined) {
    if (answer.state === 'failed') return <FailureView failure={answer.failure} className="m-4" />;
    return <Pending label="Looking what lies there" />;
  }
  const row = answer.data.find(({ number }) => String(number) === lines.selectedKey);
  const span = row && stretchOf(row, stretch, view);
  const bring = async () => {
    if (!row || !span) return;
    setBusy(true);
    try {
      const recording = await client.recordings.bringBack({ connectionId, number: row.number, ...span });
      await readRecordings();
      openMonitor('activity', sourceOf(recording));
    } catch (thrown) {
      toast(failureFrom(thrown).message, 'danger');
    }
    setBusy(false);
  };
  return (
    <section aria-label="What lies there" className="flex min-h-0 flex-1 flex-col border-t border-line">
      <div className="flex h-9 shrink-0 items-center gap-3 px-4">
        <Segmented
          label="How much of it"
          value={stretch}
          onValue={setStretch}
          options={[
            { value: 'shown', label: 'The shown stretch' },
            { value: 'day', label: 'Its last day' },
            { value: 'all', label: 'All of it' },
          ]}
        />
        <span className="min-w-0 flex-1 truncate text-xs text-muted tabular-nums">
          {row ? (span ? shownRange(span) : 'Nothing of that time lies there.') : 'Choose a recording.'}
        </span>
        <Button
          small
          icon={<Download size={14} strokeWidth={1.75} />}
          busy={busy}
          disabled={!span}
          onClick={() => void bring()}
        >
          Bring back and open
        </Button>
      </div>
      <div className="min-h-0 flex-1">
        <DataTable
          label="Recordings there"
          rows={answer.data}
          columns={columns}
          rowKey={({ number }) => String(number)}
          {...lines}
          empty={
            <EmptyState title="No recordings there">
              {isHome
                ? 'The first samples come within a minute.'
                : 'Recordings appear once something is brought to this database.'}
            </EmptyState>
          }
        />
      </div>
    </section>
  );
}

/** Null where nothing of that time lies there. */
function stretchOf({ fromMs, toMs }: HomeRecording, stretch: Stretch, { range }: MonitorView) {
  if (fromMs === null || toMs === null) return null;
  const end = toMs + 1;
  if (stretch === 'all') return { fromMs, toMs: end };
  if (stretch === 'day') return { fromMs: Math.max(fromMs, end - dayMs), toMs: end };
  const shown = { fromMs: Math.max(fromMs, range.fromMs), toMs: Math.min(end, range.toMs) };
  return shown.fromMs < shown.toMs ? shown : null;
}
