import { useEffect, useState } from 'react';
import type { Failure } from '../../../../shared/api/base.ts';
import type { SecondHome } from '../../../../shared/api/recordings.ts';
import { shownInstant } from '../../../chart/time-axis.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { useCall } from '../../../client/use-call.ts';
import { Button } from '../../../ui/button.tsx';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Field, Select } from '../../../ui/field.tsx';
import { Pending } from '../../../ui/states.tsx';
import { toast } from '../../../ui/toast.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { useConnections } from '../../../workspace/connections.ts';
import type { MonitorView } from '../frame/monitor-view.ts';
import { HomeRecordings } from './home-recordings.tsx';

const lookEveryMs = 10_000;
const nowhere = '';

/** The team's database that this recording is brought to as well, how far it is, and what lies there. */
export function HomeSection({ view }: { view: MonitorView }) {
  const answer = useCall(client.recordings.home, { id: view.id });
  const { reload } = answer;
  const isFollowed = view.recording.state === 'recording' && answer.data !== null;
  useEffect(() => {
    if (!isFollowed) return;
    const timer = setInterval(reload, lookEveryMs);
    return () => clearInterval(timer);
  }, [isFollowed, reload]);
  if (answer.data === undefined)
    return answer.state === 'failed' ? (
      <FailureView failure={answer.failure} className="m-4" />
    ) : (
      <Pending label="Reading" />
    );
  return <Home key={answer.data?.connectionId ?? nowhere} view={view} home={answer.data} onChanged={reload} />;
}

function Home({ view, home, onChanged }: { view: MonitorView; home: SecondHome | null; onChanged: () => void }) {
  const connections = useConnections((all) => all.connections);
  const [chosen, setChosen] = useState(home?.connectionId ?? nowhere);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const mayFollow = view.recording.connectionId !== null;
  const save = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await client.recordings.setHome({ id: view.id, connectionId: chosen || null });
      toast(chosen ? 'It is brought there from now on.' : 'It stays in its file only.', 'success');
      onChanged();
    } catch (thrown) {
      setFailure(failureFrom(thrown));
    }
    setBusy(false);
  };
  const options = [
    { value: nowhere, label: mayFollow ? 'Nowhere else' : 'Choose a connection' },
    ...connections.map(({ id, name }) => ({ value: id, label: visibleText(name) })),
  ];
  return (
    <div className="flex h-full min-h-0 flex-col">
      <form
        aria-label="Second home"
        className="flex shrink-0 flex-col gap-2 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <div className="flex items-end gap-2">
          <Field
            label={mayFollow ? 'Also brought to the database of' : 'Recordings in the database of'}
            className="w-72"
          >
            {(ids) => <Select {...ids} value={chosen} options={options} onValue={setChosen} />}
          </Field>
          {mayFollow && (
            <Button kind="primary" type="submit" busy={busy} disabled={chosen === (home?.connectionId ?? nowhere)}>
              {chosen === nowhere ? 'Keep it here only' : 'Bring it there'}
            </Button>
          )}
        </div>
        <p className="max-w-2xl text-xs text-muted">
          A team’s PostgreSQL database. The schema howdah_history is made there and keeps 90 days. What was recorded
          while it was away is brought when it is back.
        </p>
        {home && <HomeState home={home} isRecorded={view.recording.state === 'recording'} />}
        {failure && <FailureView failure={failure} />}
      </form>
      {chosen !== nowhere && (
        <HomeRecordings key={chosen} view={view} connectionId={chosen} isHome={chosen === home?.connectionId} />
      )}
    </div>
  );
}

function HomeState({ home, isRecorded }: { home: SecondHome; isRecorded: boolean }) {
  if (home.name === null)
    return <p className="text-xs text-warning">That connection is gone. Choose another one, or keep it here only.</p>;
  if (home.trouble) return <FailureView failure={home.trouble} />;
  if (!isRecorded) return <p className="text-xs text-muted">Nothing is brought while nothing is recorded.</p>;
  return (
    <p role="status" className="text-xs text-muted tabular-nums">
      {home.uptoMs === null ? 'The first of it is on its way.' : `Up to ${shownInstant(home.uptoMs)} it is there.`}
    </p>
  );
}
