import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { useCall } from '../../client/use-call.ts';
import { shownBytes, shownCount } from '../../ui/amounts.ts';
import { Button } from '../../ui/button.tsx';
import { toast } from '../../ui/toast.tsx';
import { NumberSetting } from './settings-parts.tsx';

const megabyte = 1024 * 1024;

/** What is kept of all connections, how much it was good for, and the room it may take. */
export function KeptResultsSettings() {
  const state = useCall(client.resultCache.state, undefined);
  if (!state.data) return null;
  const { results, bytes, capBytes, hits, misses, dropped, evicted, doubts } = state.data;
  const done = (work: Promise<void>) =>
    void work.then(state.reload, (thrown) => toast(failureFrom(thrown).message, 'danger'));
  return (
    <>
      <p className="text-sm text-muted">
        Switched on for a connection in a query tab, beside Run: Timeouts and row limit. They are removed when Howdah
        ends.
      </p>
      <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1 text-sm tabular-nums">
        <dt className="text-muted">Kept now</dt>
        <dd>
          {shownCount(results)}, {shownBytes(bytes)}
        </dd>
        <dt className="text-muted">Shown again</dt>
        <dd>
          {shownCount(hits)} of {shownCount(hits + misses)}
        </dd>
        <dt className="text-muted">Dropped</dt>
        <dd>
          {shownCount(dropped)} after a change, {shownCount(evicted)} for room
        </dd>
      </dl>
      {doubts > 0 && (
        <p className="text-sm text-warning">
          A connection was lost or closed while something was running there. What that may have changed is not kept
          until Howdah is started again.
        </p>
      )}
      <NumberSetting
        label="Room for kept results"
        unit="MB"
        hint="Above it those that were not used for longest are let go."
        value={Math.round(capBytes / megabyte)}
        min={0}
        max={1_048_576}
        onSave={(megabytes) => done(client.resultCache.setCap({ capBytes: megabytes * megabyte }))}
      />
      <div>
        <Button small disabled={results === 0} onClick={() => done(client.resultCache.clear())}>
          Drop all kept results
        </Button>
      </div>
    </>
  );
}
