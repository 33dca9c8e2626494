import { Save, Zap } from 'lucide-react';
import { useState } from 'react';
import { shownAmount } from '../../../../shared/metrics/units.ts';
import { shownInstant, shownLength } from '../../../chart/time-axis.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { useCall } from '../../../client/use-call.ts';
import { Button } from '../../../ui/button.tsx';
import { FailureView } from '../../../ui/failure-view.tsx';
import { EmptyState, Pending } from '../../../ui/states.tsx';
import { Sections } from '../../../ui/tabs.tsx';
import { toast } from '../../../ui/toast.tsx';
import type { MonitorView } from '../frame/monitor-view.ts';
import { Fact } from '../parts/fact.tsx';
import { useCapabilities } from '../parts/lacking.tsx';
import { CapabilityList } from './capability-list.tsx';
import { CloseButton } from './close-button.tsx';
import { CostTable } from './cost-table.tsx';
import { GapTable } from './gap-table.tsx';
import { HomeSection } from './home-section.tsx';
import { PoolerSection } from './pooler-section.tsx';
import { RetentionForm } from './retention-form.tsx';
import { SaveCopyDialog } from './save-copy-dialog.tsx';

/** When recording begins everything is read, what is due once an hour, too. */
const settlingMs = 10 * 60_000;
const icon = { size: 14, strokeWidth: 1.75 } as const;
const burstMs = 30_000;
const states = { recording: 'Recording', stopped: 'Stopped', opened: 'Opened from a file' } as const;

/** The recorder itself: what it may see, what it costs, what it keeps and what it missed. */
export function RecorderPage({ view }: { view: MonitorView }) {
  const [section, setSection] = useState('capabilities');
  const [saving, setSaving] = useState(false);
  const { fromMs, toMs } = view.range;
  const capabilities = useCapabilities(view);
  const cost = useCall(client.recordings.cost, { id: view.id, fromMs, toMs });
  const lacking = capabilities.data?.filter(({ state }) => state !== 'there').length ?? 0;
  return (
    <div className="flex h-full flex-col">
      <Head view={view} shareOfCore={cost.data?.shareOfCore ?? null} onSave={() => setSaving(true)} />
      <div className="min-h-0 flex-1">
        <Sections
          label="About the recorder"
          value={section}
          onValue={setSection}
          sections={[
            {
              value: 'capabilities',
              label: lacking > 0 ? `What may be seen (${lacking} lacking)` : 'What may be seen',
              content: capabilities.data ? (
                <CapabilityList view={view} capabilities={capabilities.data} />
              ) : capabilities.state === 'failed' ? (
                <FailureView failure={capabilities.failure} className="m-4" />
              ) : (
                <Pending label="Reading" />
              ),
            },
            {
              value: 'cost',
              label: 'Own cost',
              content: cost.data ? (
                <CostTable collectors={cost.data.collectors} />
              ) : cost.state === 'failed' ? (
                <FailureView failure={cost.failure} className="m-4" />
              ) : (
                <Pending label="Adding up" />
              ),
            },
            { value: 'retention', label: 'What is kept', content: <Retained view={view} /> },
            { value: 'home', label: 'Second home', content: <HomeSection view={view} /> },
            { value: 'pooler', label: 'Pooler', content: <PoolerSection view={view} /> },
            { value: 'gaps', label: `Gaps (${view.span.gaps.length})`, content: <GapTable view={view} /> },
          ]}
        />
      </div>
      {saving && <SaveCopyDialog view={view} onClose={() => setSaving(false)} />}
    </div>
  );
}

function Head({ view, shareOfCore, onSave }: { view: MonitorView; shareOfCore: number | null; onSave: () => void }) {
  const { recording, span } = view;
  const burst = () =>
    client.recordings.burst({ id: view.id, forMs: burstMs }).then(
      () => toast(`Ten samples a second for ${shownLength(burstMs)}.`, 'success'),
      (thrown) => toast(failureFrom(thrown).message, 'danger'),
    );
  const length = span.fromMs === null || span.toMs === null ? null : span.toMs - span.fromMs;
  return (
    <section aria-label="The recording" className="flex shrink-0 items-center gap-4 px-4 py-3">
      <dl className="flex min-w-0 flex-1 flex-wrap gap-x-4 gap-y-2">
        <Fact label="State" value={states[recording.state]} />
        <Fact label="Server" value={`PostgreSQL ${recording.serverVersion || 'unknown'}`} />
        <Fact
          label="Holds"
          value={length === null ? '–' : shownLength(length)}
          note={span.fromMs === null ? '' : `since ${shownInstant(span.fromMs)}`}
        />
        <Fact label="Samples every" value={shownAmount(span.everyMs, { unit: 'ms' })} />
        <Fact label="File" value={shownAmount(recording.sizeBytes, { unit: 'bytes' })} />
        <Fact
          label="Own load"
          value={shareOfCore === null ? '–' : `${(shareOfCore * 100).toPrecision(2)} %`}
          note={length !== null && length < settlingMs ? 'of a core, while all is first read' : 'of one core, at most'}
        />
      </dl>
      <div className="flex shrink-0 gap-2">
        <Button
          icon={<Zap {...icon} />}
          disabled={recording.state !== 'recording'}
          title="Ten samples a second for 30 s: for what is over in less than a second"
          onClick={() => void burst()}
        >
          Burst
        </Button>
        <Button icon={<Save {...icon} />} onClick={onSave}>
          Save a copy…
        </Button>
        <CloseButton view={view} />
      </div>
    </section>
  );
}

function Retained({ view }: { view: MonitorView }) {
  const answer = useCall(client.recordings.retention, view.recording.state === 'opened' ? null : { id: view.id });
  if (view.recording.state === 'opened') {
    return (
      <EmptyState title="All that is in the file">
        A file from elsewhere is only read: nothing in it is forgotten. Save a copy of a stretch to make a smaller one.
      </EmptyState>
    );
  }
  if (answer.state === 'failed') return <FailureView failure={answer.failure} className="m-4" />;
  if (!answer.data) return <Pending label="Reading" />;
  return (
    <RetentionForm key={JSON.stringify(answer.data)} id={view.id} retention={answer.data} onSaved={answer.reload} />
  );
}
