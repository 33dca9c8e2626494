import { useEffect } from 'react';
import { client } from '../../client/connect.ts';
import { useCall } from '../../client/use-call.ts';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { FailureView } from '../../ui/failure-view.tsx';
import { Callout, EmptyState, Pending } from '../../ui/states.tsx';
import { usePlanRequest } from '../../workspace/plan-requests.ts';
import type { Place } from '../../workspace/tab.ts';
import { changeTab } from '../../workspace/tabs.ts';
import { PasteForm } from './paste-form.tsx';
import { cancelPlan, declinePlan, runPlan, titleFor, usePlanRuns } from './plan-runs.ts';
import { PlanToolbar } from './plan-toolbar.tsx';
import { PlanView } from './plan-view.tsx';

/** One plan: being made, kept, or to be pasted. */
export function PlanPage({ tabId, place }: { tabId: string; place: Extract<Place, { kind: 'plan' }> }) {
  const request = usePlanRequest(tabId);
  const run = usePlanRuns(({ byTab }) => byTab.get(tabId));
  const kept = useCall(client.plans.get, place.planId === null ? null : { id: place.planId });
  useEffect(() => {
    if (request && usePlanRuns.getState().byTab.get(tabId)?.round !== request.round) {
      void runPlan(tabId, request, request.analyze);
    }
  }, [tabId, request]);
  const show = (id: number, sql: string | null) =>
    changeTab(tabId, { place: { kind: 'plan', planId: id }, title: titleFor(sql) });
  const shown = place.planId === null ? undefined : kept.data;
  const { connectionId = null } = place;
  const planned = shown?.id === place.planId ? shown?.connectionId : undefined;
  useEffect(() => {
    // A tab says whose it is, so that production shows at its edge.
    if (planned !== undefined && planned !== connectionId)
      changeTab(tabId, { place: { kind: 'plan', planId: place.planId, connectionId: planned } });
  }, [tabId, place.planId, connectionId, planned]);

  const pending = request ? (
    !run?.failure && (
      <EmptyState title="Nothing was run">
        Explain plans the statement without running it.
        {!request.foreign && request.connectionId !== null && ' Analyze runs it, measures it, and rolls it back.'}
      </EmptyState>
    )
  ) : (
    <PasteForm onKept={show} />
  );
  return (
    <div className="flex h-full flex-col">
      {(request || shown) && (
        <PlanToolbar
          kept={shown}
          run={run}
          mayAnalyze={!request?.foreign && request?.connectionId !== null}
          onExplain={request ? (analyze) => void runPlan(tabId, request, analyze) : null}
          onCancel={() => cancelPlan(tabId)}
        />
      )}
      {request?.foreign && (
        <Callout tone="info" className="m-2 shrink-0">
          {request.foreign.remark}
        </Callout>
      )}
      {run?.failure && <FailureView failure={run.failure} className="m-3 shrink-0" />}
      <div className="min-h-0 flex-1">
        {shown ? (
          <PlanView key={shown.id} kept={shown} notices={run?.notices ?? []} onShow={show} />
        ) : kept.state === 'failed' ? (
          <FailureView failure={kept.failure} className="m-3" />
        ) : run?.running || place.planId !== null ? (
          <Pending label={run?.options.analyze ? 'Running the statement' : 'Planning'} />
        ) : (
          pending
        )}
      </div>
      <ConfirmDialog
        open={run?.confirm != null}
        title={`Run this ${run?.confirm?.command ?? ''} and roll it back?`}
        confirmLabel="Run and roll back"
        danger
        onCancel={() => declinePlan(tabId)}
        onConfirm={() => request && void runPlan(tabId, request, true, { confirmed: true })}
      >
        {run?.confirm?.touches.map((line) => (
          <p key={line} className="mb-2 font-medium">
            {line}
          </p>
        ))}
        <ul className="list-disc space-y-1 pl-4">
          {run?.confirm?.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      </ConfirmDialog>
    </div>
  );
}
