import { useEffect, useState } from 'react';
import { client } from '../../client/connect.ts';
import { useCall } from '../../client/use-call.ts';
import { FailureView, WaysOut } from '../../ui/failure-view.tsx';
import { Pending } from '../../ui/states.tsx';
import type { Place } from '../../workspace/tab.ts';
import { useRetryWhenAwake, waysOut } from '../../workspace/trouble.ts';
import { count, createDataTab, type DataTab, forgetTab, keepTab, keptTab } from './data-tab.ts';
import { RowsView } from './rows-view.tsx';

/** The rows of a table or view. */
export function DataPage({ tabId, place }: { tabId: string; place: Extract<Place, { kind: 'data' }> }) {
  const [tab, setTab] = useState<DataTab | null>(() => keptTab(tabId) ?? null);
  const [round, setRound] = useState(0);
  const { connectionId, database } = place;
  const where = { connectionId, database, oid: place.object.oid };
  const described = useCall(client.data.describe, tab ? null : where);
  useRetryWhenAwake(connectionId, described);
  const { data } = described;
  // biome-ignore lint/correctness/useExhaustiveDependencies: made once a description
  useEffect(() => {
    if (tab || !data) return;
    const made = createDataTab(where, data, { where: place.where ?? '', orderBy: '', search: '' });
    keepTab(tabId, made);
    made.source.request(0, 60, 'opening');
    void count(made, false).finally(() => made.source.request(0, 0, 'opening'));
    setTab(made);
  }, [data, tab]);
  const readAnew = () => {
    forgetTab(tabId);
    setTab(null);
    setRound((now) => now + 1);
    described.reload();
  };
  if (tab) return <RowsView key={round} tab={tab} tabId={tabId} place={place} onReadAnew={readAnew} />;
  if (described.state === 'failed') {
    return (
      <div className="h-full overflow-auto p-4">
        <FailureView
          failure={described.failure}
          actions={<WaysOut ways={waysOut(connectionId, described.failure, described.reload)} />}
        />
      </div>
    );
  }
  return <Pending label="Opening the rows" />;
}
