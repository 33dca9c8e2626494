import { X } from 'lucide-react';
import { useMemo } from 'react';
import type { Recording } from '../../../../shared/api/recordings.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { useCall } from '../../../client/use-call.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { cx } from '../../../ui/class-names.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { EmptyState, Pending } from '../../../ui/states.tsx';
import { toast } from '../../../ui/toast.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import type { DiagramModel } from '../diagram-model.ts';
import { leaveReplay, replay, stepsOf } from './replay.ts';

export interface HistoryPanelProps {
  readonly model: DiagramModel;
  /** Undefined where this server has not been recorded. */
  readonly recording: Recording | undefined;
  readonly database: string;
  readonly onClose: () => void;
}

const mostEvents = 6;

/** Changes of the structure, the newest first; each shows the diagram as it left it. */
export function HistoryPanel({ model, recording, database, onClose }: HistoryPanelProps) {
  const { asOf } = model.store.getState();
  const span =
    recording && recording.fromMs !== null && recording.toMs !== null
      ? { id: recording.id, fromMs: recording.fromMs, toMs: recording.toMs + 1 }
      : null;
  const events = useCall(client.monitor.events, span);
  const steps = useMemo(() => stepsOf(events.data ?? [], database), [events.data, database]);
  const told = (work: Promise<void>) => void work.catch((thrown) => toast(failureFrom(thrown).message, 'danger'));
  return (
    <section aria-label="Changes of the structure" className="flex h-full min-h-0 flex-col bg-canvas">
      <header className="flex h-9 shrink-0 items-center gap-2 px-3">
        <h2 className="flex-1 text-xs font-semibold text-muted">Changes</h2>
        {asOf && (
          <Button small onClick={() => told(leaveReplay(model))}>
            Back to now
          </Button>
        )}
        <IconButton label="Close the changes" icon={<X size={14} strokeWidth={1.75} />} onClick={onClose} />
      </header>
      {events.state === 'failed' && <FailureView failure={events.failure} className="m-2" />}
      <div className="min-h-0 flex-1 overflow-auto">
        {!span ? (
          <EmptyState title="No recording">
            Changes are noted while this server is recorded: start it under Monitoring, Recorder.
          </EmptyState>
        ) : !events.data ? (
          <Pending label="Reading the changes" />
        ) : steps.length === 0 ? (
          <EmptyState title="No change yet">
            The structure has stayed the same for as long as it was recorded.
          </EmptyState>
        ) : (
          <ul>
            {steps.map((step) => (
              <li key={step.atMs}>
                <button
                  type="button"
                  aria-pressed={asOf?.atMs === step.atMs}
                  className={cx(
                    'block w-full border-b border-line px-3 py-1.5 text-left text-xs',
                    asOf?.atMs === step.atMs ? 'bg-selected' : 'hover:bg-hover',
                  )}
                  onClick={() => recording && told(replay(model, recording.id, database, step.atMs))}
                >
                  <span className="block text-muted tabular-nums">{new Date(step.atMs).toLocaleString()}</span>
                  {step.events.slice(0, mostEvents).map(({ subject, before, after }, at) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: events have no names of their own
                    <span key={at} className="block truncate" title={[before, after].filter(Boolean).join(' → ')}>
                      {before === null ? 'Made' : after === null ? 'Dropped' : 'Changed'}: {visibleText(subject)}
                    </span>
                  ))}
                  {step.events.length > mostEvents && (
                    <span className="block text-faint">and {step.events.length - mostEvents} more</span>
                  )}
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}
