import { useEffect, useState } from 'react';
import type { Failure } from '../../../shared/api/base.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureView } from '../../ui/failure-view.tsx';
import { ProgressBar } from '../../ui/states.tsx';
import { wakeAgain } from '../../workspace/awake.ts';
import { changeLayout } from '../../workspace/layout.ts';
import { activateTab, openTab, useTabs } from '../../workspace/tabs.ts';
import { changeText } from '../../workspace/texts.ts';

const firstQuery = `-- The sample shop. Put the caret in a statement and press Ctrl+Enter (or Cmd+Enter).
select * from shop.customer order by id limit 100;

select * from logistics.tracking_event;
`;

/** A person who has a query on the sample is taken to it; the first one begins with something to run. */
function openFirstQuery(connectionId: string): void {
  const there = useTabs
    .getState()
    .tabs.find(({ place }) => place.kind === 'query' && place.connectionId === connectionId);
  if (there) {
    activateTab(there.id);
    return;
  }
  const tabId = openTab({ kind: 'query', connectionId, database: null });
  changeText(tabId, { text: firstQuery, caret: firstQuery.indexOf('select') });
}

/** Starts the sample server with a progress bar, then opens a query on it. */
export function SampleDialog({ onClose }: { onClose: () => void }) {
  const [progress, setProgress] = useState({ step: 'Starting the sample server', fraction: 0 });
  const [failure, setFailure] = useState<Failure | null>(null);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt starts again
  useEffect(() => {
    const control = new AbortController();
    setFailure(null);
    const listen = async () => {
      for await (const event of await client.sample.open(undefined, { signal: control.signal })) {
        if (control.signal.aborted) return;
        if (event.kind === 'progress') setProgress(event);
        else if (event.kind === 'failed') setFailure(event.failure);
        else {
          // The server may have been down a moment ago: who failed for want of it tries again.
          wakeAgain(event.connectionId);
          changeLayout({ currentConnectionId: event.connectionId, currentDatabase: null, sidebarShown: true });
          openFirstQuery(event.connectionId);
          onClose();
        }
      }
    };
    listen().catch((thrown) => !control.signal.aborted && setFailure(failureFrom(thrown)));
    return () => control.abort();
  }, [attempt]);
  return (
    <Dialog
      open
      onClose={onClose}
      title="The sample database"
      description="A PostgreSQL 18 server of Howdah’s own, on this machine only. It stops when Howdah does."
      width="small"
      keepOpen={!failure}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {failure && (
            <Button kind="primary" onClick={() => setAttempt((now) => now + 1)}>
              Try again
            </Button>
          )}
        </>
      }
    >
      {failure ? (
        <FailureView failure={failure} />
      ) : (
        <div className="flex flex-col gap-2 py-2">
          <ProgressBar label="Loading the sample" fraction={progress.fraction} />
          <p role="status" className="flex justify-between text-sm text-muted">
            <span>{progress.step}</span>
            <span className="tabular-nums">{Math.round(progress.fraction * 100)} %</span>
          </p>
        </div>
      )}
    </Dialog>
  );
}
