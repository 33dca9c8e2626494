import { LockOpen } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { LockNode } from '../../../../shared/api/monitor.ts';
import { shownAmount } from '../../../../shared/metrics/units.ts';
import { shownInstant } from '../../../chart/time-axis.ts';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Callout, EmptyState, Pending } from '../../../ui/states.tsx';
import { Sections } from '../../../ui/tabs.tsx';
import { MonitorChart } from '../frame/monitor-chart.tsx';
import type { MonitorView } from '../frame/monitor-view.ts';
import { type Signal, useSignal } from '../parts/signal/signal-buttons.tsx';
import { counted } from '../parts/words.ts';
import { BlameTable } from './blame-table.tsx';
import { ForestView } from './forest-view.tsx';
import { ddlQueues, freedBy, rootsOf } from './lock-forest.ts';

/** A live ledger is added up anew so often: asked for at every tick, a slow machine would never be done. */
const addUpEveryMs = 10_000;

/** Who blocks whom at the instant, how many were blocked over the range, and who has cost whom how much. */
export function LocksPage({ view }: { view: MonitorView }) {
  const [section, setSection] = useState('forest');
  const { fromMs, toMs, buckets } = view.range;
  const range = { id: view.id, fromMs, toMs };
  const blocked = useCall(client.monitor.blocked, { ...range, buckets });
  const addedUp = { ...range, toMs: Math.ceil(toMs / addUpEveryMs) * addUpEveryMs };
  const blame = useCall(client.monitor.blame, section === 'blame' ? addedUp : null);
  const series = useMemo(
    () =>
      blocked.data
        ? [
            {
              key: 'waiting',
              label: 'Sessions waiting for a lock',
              color: '--wait-lock',
              pattern: 'fall' as const,
              values: blocked.data.waiting,
            },
          ]
        : [],
    [blocked.data],
  );
  if (!blocked.data && blocked.state === 'failed') return <FailureView failure={blocked.failure} className="m-4" />;
  if (!blocked.data) return <Pending label="Reading the locks" />;
  return (
    <div className="flex h-full flex-col">
      <div className="shrink-0 px-3 pt-2 pb-1">
        <MonitorChart
          view={view}
          kind="bars"
          label="Blocked sessions"
          note="Click to see who blocked whom at that second."
          buckets={blocked.data}
          series={series}
          unit={{ unit: 'sessions' }}
          heightPx={130}
        />
      </div>
      <div className="min-h-0 flex-1 border-t border-line">
        <Sections
          label="Locks"
          value={section}
          onValue={setSection}
          sections={[
            {
              value: 'forest',
              label: `Who blocks whom at ${shownInstant(view.atMs)}`,
              content: <Forest view={view} />,
            },
            {
              value: 'blame',
              label: 'Who cost whom how much',
              content: blame.data ? (
                <BlameTable rows={blame.data} onOpen={(row) => view.pin(Math.round((row.firstMs + row.lastMs) / 2))} />
              ) : blame.state === 'failed' ? (
                <FailureView failure={blame.failure} className="m-3" />
              ) : (
                <Pending label="Adding up" />
              ),
            },
          ]}
        />
      </div>
    </div>
  );
}

function Forest({ view }: { view: MonitorView }) {
  const [selected, setSelected] = useState<string | null>(null);
  const signal = useSignal(view);
  const answer = useCall(client.monitor.locks, { id: view.id, atMs: view.atMs });
  const { data } = answer;
  if (!data && answer.state === 'failed') return <FailureView failure={answer.failure} className="m-3" />;
  if (!data) return <Pending label="Reading the locks" />;
  if (data.nodes.length === 0) {
    return (
      <EmptyState
        icon={<LockOpen size={28} strokeWidth={1.5} />}
        title={data.atMs === null ? 'Nothing was recorded at this instant' : 'Nobody waits for a lock'}
      >
        {data.atMs === null
          ? 'Choose another instant on the chart.'
          : 'Where the chart above shows a bar, somebody did: click it.'}
      </EmptyState>
    );
  }
  const atMs = data.atMs ?? view.atMs;
  const node = data.nodes.find((each) => each.id === selected) ?? null;
  const queues = ddlQueues(data.nodes);
  return (
    <div className="flex h-full flex-col">
      {queues.length > 0 && (
        <Callout
          tone="warning"
          className="mx-3 my-2 shrink-0"
          title={`Session ${queues[0]?.pid} waits for AccessExclusive and holds up all who come after it`}
        >
          A change of structure queues behind a running transaction, and everybody queues behind the change. Cancel it,
          and try it again with a short lock_timeout.
        </Callout>
      )}
      <div className="min-h-0 flex-1">
        <ForestView nodes={data.nodes} atMs={atMs} selectedId={selected} onSelect={setSelected} />
      </div>
      <ForestFoot nodes={data.nodes} node={node} atMs={atMs} signal={signal} />
      {signal.dialog}
    </div>
  );
}

/** What ending the chosen session would free, and doing so. */
function ForestFoot({
  nodes,
  node,
  atMs,
  signal,
}: {
  nodes: readonly LockNode[];
  node: LockNode | null;
  atMs: number;
  signal: Signal;
}) {
  const session = node?.kind === 'session' && node.pid !== null ? { node, pid: node.pid } : null;
  const freed = session && freedBy(nodes, session.node.id, atMs);
  return (
    <footer className="flex h-9 shrink-0 items-center gap-2 border-t border-line px-3 text-xs text-muted">
      <span className="min-w-0 flex-1 truncate">
        {!session || !freed
          ? `${counted(rootsOf(nodes).length, 'root')}. Choose a session to see whom ending it would free.`
          : freed.sessions === 0
            ? `Nobody waits for session ${session.pid}: ending it frees nobody.`
            : `Ending session ${session.pid} frees ${counted(freed.sessions, 'session')} that ${freed.sessions === 1 ? 'has' : 'have'} waited ${shownAmount(freed.seconds * 1000, { unit: 'ms' })} in all.`}
      </span>
      {session && signal.buttons({ pid: session.pid, backendStartMs: session.node.session?.backendStartMs ?? null })}
    </footer>
  );
}
