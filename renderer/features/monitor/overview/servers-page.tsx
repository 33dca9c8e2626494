/** All servers at a glance: those being recorded, those that were, and files from elsewhere. */
import { CircleDot, FileClock, FolderOpen, Server, Square } from 'lucide-react';
import { useMemo } from 'react';
import type { Recording } from '../../../../shared/api/recordings.ts';
import { rowsOf } from '../../../../shared/health/evidence.ts';
import { judgeHealth } from '../../../../shared/health/health.ts';
import { shownAmount } from '../../../../shared/metrics/units.ts';
import { Sparkline } from '../../../chart/sparkline.tsx';
import { shownInstant } from '../../../chart/time-axis.ts';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../ui/class-names.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { EmptyState, Pending } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { runCommand } from '../../../workspace/commands.ts';
import { colorClass, environmentMark } from '../../../workspace/connection-look.ts';
import { useConnection, useConnections } from '../../../workspace/connections.ts';
import { openDialog } from '../../../workspace/dialogs.ts';
import { openMonitor } from '../../../workspace/monitor/open-monitor.ts';
import { readRecordings, sourceOf, useNewestMs, useRecordings } from '../../../workspace/monitor/recordings.ts';
import { useSettings } from '../../../workspace/settings.ts';
import { totals } from '../activity/activity-series.ts';
import { gatherEvidence } from './gather.ts';
import { ScoreBar } from './score-badge.tsx';

const icon = { size: 14, strokeWidth: 1.75 } as const;
const quarterMs = 15 * 60_000;
const everyMs = 30_000;

export function ServersPage() {
  const { recordings, loaded, failure } = useRecordings();
  const connections = useConnections((all) => all.connections);
  const recorded = new Set(recordings.map((each) => each.connectionId));
  const others = connections.filter((each) => !recorded.has(each.id));
  if (failure) {
    return (
      <FailureView
        failure={failure}
        className="m-4"
        actions={<Button onClick={() => void readRecordings()}>Try again</Button>}
      />
    );
  }
  if (!loaded) return <Pending label="Looking for recordings" />;
  return (
    <div className="flex h-full flex-col">
      <header className="flex h-10 shrink-0 items-center gap-2 border-b border-line px-3">
        <h1 className="flex-1 text-sm font-semibold">Servers</h1>
        <Button small icon={<FolderOpen {...icon} />} onClick={() => runCommand('recording.open')}>
          Open a recording…
        </Button>
      </header>
      <div className="min-h-0 flex-1 overflow-auto">
        {recordings.length === 0 && others.length === 0 && (
          <EmptyState
            icon={<Server size={28} strokeWidth={1.5} />}
            title="No server yet"
            actions={
              <>
                <Button onClick={() => openDialog({ kind: 'connection' })}>New connection</Button>
                <Button onClick={() => openDialog({ kind: 'sample' })}>Open the sample</Button>
              </>
            }
          >
            Save a connection, and watch its server from here.
          </EmptyState>
        )}
        {recordings.length > 0 && (
          <ul aria-label="Recorded servers">
            {recordings.map((each) => (
              <RecordedServer key={each.id} recording={each} />
            ))}
          </ul>
        )}
        {others.length > 0 && (
          <section aria-label="Not recorded">
            <h2 className="border-b border-line bg-canvas px-3 py-1 text-xs font-semibold text-muted">Not recorded</h2>
            <ul>
              {others.map((each) => (
                <li key={each.id} className="flex h-9 items-center gap-3 border-b border-line px-3 text-sm">
                  <span aria-hidden className={cx('h-4 w-1 rounded-full', colorClass[each.color])} />
                  <span className="min-w-0 flex-1 truncate">{visibleText(each.name)}</span>
                  <Button
                    small
                    icon={<CircleDot {...icon} className="text-danger" />}
                    onClick={() => openMonitor('overview', { connectionId: each.id, recordingId: null })}
                  >
                    Begin recording
                  </Button>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </div>
  );
}

const states: Record<Recording['state'], { word: string; icon: typeof CircleDot; ink: string }> = {
  recording: { word: 'Recording', icon: CircleDot, ink: 'text-danger' },
  stopped: { word: 'Stopped', icon: Square, ink: 'text-faint' },
  opened: { word: 'Opened file', icon: FileClock, ink: 'text-muted' },
};

/** The newest quarter of an hour of a recording, judged. */
function useServer(recording: Recording) {
  const newest = useNewestMs(recording.id) ?? recording.toMs;
  const key = recording.systemIdentifier ?? recording.connectionId ?? recording.id;
  const vcpus = useSettings((settings) => settings.vcpus[key] ?? null);
  const toMs = newest === null ? null : Math.ceil(newest / everyMs) * everyMs;
  const range = toMs === null ? null : { id: recording.id, fromMs: toMs - quarterMs, toMs };
  const evidence = useCall(gatherEvidence, range && { ...range, vcpus });
  const activity = useCall(
    client.monitor.activity,
    range && { ...range, by: 'class' as const, filters: [], background: false, buckets: 90, top: 12 },
  );
  const health = useMemo(() => (evidence.data ? judgeHealth(evidence.data) : null), [evidence.data]);
  const [connections] = evidence.data ? (rowsOf(evidence.data, 'connections') ?? []) : [];
  return {
    newest,
    health,
    connections,
    load: activity.data ? totals(activity.data) : null,
    failed: evidence.state === 'failed',
  };
}

function RecordedServer({ recording }: { recording: Recording }) {
  const connection = useConnection(recording.connectionId);
  const { newest, health, connections, load, failed } = useServer(recording);
  const state = states[recording.state];
  const Icon = state.icon;
  const mark = connection && environmentMark[connection.environment];
  const worst = health?.findings[0];
  const last = load?.findLast((each) => each !== null);
  const total = connections?.value('total');
  const name = visibleText(connection?.name ?? recording.name);
  return (
    <li className="border-b border-line">
      <button
        type="button"
        onClick={() => openMonitor('overview', sourceOf(recording))}
        className="flex h-14 w-full items-center gap-4 px-3 text-left text-xs hover:bg-hover"
      >
        <span aria-hidden className={cx('h-8 w-1 shrink-0 rounded-full', colorClass[connection?.color ?? 'none'])} />
        <span className="w-60 min-w-40">
          <span className="flex items-center gap-2">
            <span className="truncate text-sm font-medium">{name}</span>
            {mark && <span className={cx('rounded-sm px-1 text-2xs font-medium', mark.className)}>{mark.label}</span>}
          </span>
          <span className="flex items-center gap-1 truncate text-2xs text-muted">
            <Icon size={12} strokeWidth={1.75} className={state.ink} aria-hidden />
            {state.word}
            {recording.state !== 'recording' &&
              newest !== null &&
              ` · until ${shownInstant(newest, Date.now(), false)}`}
            {recording.serverVersion && ` · PostgreSQL ${visibleText(recording.serverVersion)}`}
          </span>
        </span>
        <span className="w-28 shrink-0">
          <span className="block text-2xs text-faint">Health</span>
          <ScoreBar score={health?.score ?? null} />
        </span>
        <span className="w-24 shrink-0 xl:w-40">
          <span className="block text-2xs text-faint">Active sessions</span>
          <span className="flex h-4 items-center gap-2">
            <span className="hidden xl:block">
              <Sparkline values={load ?? []} label="The last quarter of an hour" />
            </span>
            <span className="tabular-nums">{last == null ? '–' : shownAmount(last, { unit: 'sessions' })}</span>
          </span>
        </span>
        <span className="w-20 shrink-0">
          <span className="block text-2xs text-faint">Connections</span>
          <span className="tabular-nums">
            {total == null ? '–' : total}
            <span className="text-faint"> of {connections?.value('max_connections') ?? '–'}</span>
          </span>
        </span>
        <span className="min-w-32 flex-1">
          <span className="block text-2xs text-faint">
            {health ? `${health.findings.length} findings` : failed ? 'Could not be examined' : ''}
          </span>
          <span className="block truncate">
            {recording.trouble
              ? visibleText(recording.trouble.message)
              : worst
                ? visibleText(worst.title)
                : health
                  ? 'Nothing to mend'
                  : ''}
          </span>
        </span>
      </button>
    </li>
  );
}
