import { useState } from 'react';
import type { Failure } from '../../../../shared/api/base.ts';
import type { NamedPooler } from '../../../../shared/api/recordings.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { useCall } from '../../../client/use-call.ts';
import { Button } from '../../../ui/button.tsx';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Field, Select } from '../../../ui/field.tsx';
import { EmptyState, Pending } from '../../../ui/states.tsx';
import { toast } from '../../../ui/toast.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { useConnections } from '../../../workspace/connections.ts';
import type { MonitorView } from '../frame/monitor-view.ts';

const none = '';

/** The PgBouncer before the server, whose pools are recorded along. */
export function PoolerSection({ view }: { view: MonitorView }) {
  const isOurs = view.recording.connectionId !== null;
  const answer = useCall(client.recordings.pooler, isOurs ? { id: view.id } : null);
  if (!isOurs)
    return <EmptyState title="A file from elsewhere">Pools are recorded along with a server, from here.</EmptyState>;
  if (answer.state === 'failed') return <FailureView failure={answer.failure} className="m-4" />;
  if (answer.data === undefined) return <Pending label="Reading" />;
  return (
    <PoolerForm key={answer.data?.connectionId ?? none} id={view.id} pooler={answer.data} onSaved={answer.reload} />
  );
}

function PoolerForm({ id, pooler, onSaved }: { id: string; pooler: NamedPooler | null; onSaved: () => void }) {
  const connections = useConnections((all) => all.connections);
  const [chosen, setChosen] = useState(pooler?.connectionId ?? none);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const save = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await client.recordings.setPooler({ id, connectionId: chosen || null });
      toast(chosen ? 'Its pools are recorded from now on.' : 'No pools are recorded any more.', 'success');
      onSaved();
    } catch (thrown) {
      setFailure(failureFrom(thrown));
    }
    setBusy(false);
  };
  const options = [
    { value: none, label: 'None is named' },
    ...connections.map((each) => ({ value: each.id, label: visibleText(each.name) })),
  ];
  return (
    <form
      aria-label="Pooler"
      className="flex flex-col gap-2 p-4"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div className="flex items-end gap-2">
        <Field label="PgBouncer that this connection leads to" className="w-72">
          {(ids) => <Select {...ids} value={chosen} options={options} onValue={setChosen} />}
        </Field>
        <Button
          kind="primary"
          type="submit"
          busy={busy}
          disabled={chosen === (pooler?.connectionId ?? none) && pooler?.name !== null}
        >
          {chosen === none ? 'Record no pools' : 'Record its pools'}
        </Button>
      </div>
      <p className="max-w-2xl text-xs text-muted">
        SHOW POOLS and SHOW STATS are asked of its admin console every ten seconds, as the connection’s user, who has to
        be one of its stats_users. Where the server itself is reached through PgBouncer, nothing needs to be named.
      </p>
      {pooler?.name === null && (
        <p className="text-xs text-warning">That connection is gone. Choose another one, or record no pools.</p>
      )}
      {failure && <FailureView failure={failure} />}
    </form>
  );
}
