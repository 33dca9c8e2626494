import { useEffect, useState } from 'react';
import type { Failure } from '../../../../shared/api/base.ts';
import type { DiagramSource } from '../../../../shared/api/diagrams.ts';
import { failureFrom } from '../../../client/failure.ts';
import { useRecordingOf } from '../../../workspace/monitor/recordings.ts';
import { cursorOf, useTimeView } from '../../../workspace/monitor/time-view.ts';
import { type DiagramModel, rebuild } from '../diagram-model.ts';
import { type HeatKind, heatOf, heatText, recordedHeat, sizesOfCatalog, withPartitions } from './heat.ts';

/** Names of recorded instants by the second: a slider moves by thousands of them. */
const restMs = 150;

/** Keeps the cards as hot as they were at the instant that the monitoring pages of the same source look at. */
export function useHeat(model: DiagramModel, source: DiagramSource | null, kind: HeatKind) {
  const monitored = {
    connectionId: source && 'connectionId' in source ? source.connectionId : null,
    recordingId: source && 'recordingId' in source ? source.recordingId : null,
  };
  const recording = useRecordingOf(monitored);
  const recordingId = recording?.id ?? null;
  const { pinnedMs } = useTimeView(recordingId ?? '');
  const atMs = recording ? (pinnedMs ?? recording.toMs) : null;
  const fromMs = recording?.fromMs ?? null;
  const [failure, setFailure] = useState<Failure | null>(null);
  const database = source && 'database' in source ? source.database : null;
  useEffect(() => {
    const control = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const { graph } = model.store.getState();
        if (!graph) return;
        const recorded =
          recordingId !== null && database !== null && atMs !== null && fromMs !== null
            ? await recordedHeat(kind, { recordingId, database, atMs, fromMs }, control.signal)
            : new Map<string, number>();
        const amounts = recorded.size === 0 && kind === 'size' ? sizesOfCatalog(graph) : recorded;
        if (control.signal.aborted) return;
        model.store.setState({ heat: heatOf(withPartitions(amounts, graph), (amount) => heatText(kind, amount)) });
        setFailure(null);
        await rebuild(model);
      } catch (thrown) {
        if (!control.signal.aborted) setFailure(failureFrom(thrown));
      }
    }, restMs);
    return () => {
      clearTimeout(timer);
      control.abort(new DOMException('Another instant was asked for.', 'AbortError'));
    };
  }, [model, kind, recordingId, database, atMs, fromMs]);
  useEffect(
    () => () => {
      model.store.setState({ heat: null });
      void rebuild(model);
    },
    [model],
  );
  return { recording, atMs, pinnedMs, failure, pin: (at: number | null) => cursorOf(recordingId ?? '').pin(at) };
}
