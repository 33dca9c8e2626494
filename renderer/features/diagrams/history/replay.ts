/** The diagram as it was: changes of the structure that a recording has seen, and the tables after each of them. */
import type { MonitorEvent } from '../../../../shared/api/monitor.ts';
import { graphOfSnapshot } from '../../../../shared/diagram/graph-of-snapshot.ts';
import type { CatalogSnapshot } from '../../../../shared/metrics/snapshots.ts';
import { client } from '../../../client/connect.ts';
import { resting } from '../../../diagram/rest.ts';
import { digestsOf } from '../changes.ts';
import { type DiagramModel, rebuild } from '../diagram-model.ts';

/** What one reading of the structure found changed. */
export interface Step {
  readonly atMs: number;
  readonly events: readonly MonitorEvent[];
}

/** The newest first. */
export function stepsOf(events: readonly MonitorEvent[], database: string): Step[] {
  const own = events.filter((event) => event.kind === 'ddl' && event.database === database);
  return [...Map.groupBy(own, ({ atMs }) => atMs)]
    .map(([atMs, of]) => ({ atMs, events: of }))
    .sort((a, b) => b.atMs - a.atMs);
}

async function snapshotAt(id: string, database: string, atMs: number): Promise<CatalogSnapshot | null> {
  const content = (await client.monitor.snapshot({ id, atMs, kind: 'catalog', database }))?.content;
  const fits = typeof content === 'object' && content !== null && 'relations' in content && 'constraints' in content;
  return fits ? (content as CatalogSnapshot) : null;
}

/** Shows the tables as that step left them, with what it made and changed marked. */
export async function replay(model: DiagramModel, recordingId: string, database: string, atMs: number): Promise<void> {
  const [after, before] = await Promise.all([
    snapshotAt(recordingId, database, atMs),
    snapshotAt(recordingId, database, atMs - 1),
  ]);
  if (!after) throw new Error('The recording has no structure of that time.');
  const { store } = model;
  const { graph, asOf } = store.getState();
  const known = before ? await digestsOf(graphOfSnapshot(before), resting()) : {};
  store.setState({
    graph: graphOfSnapshot(after),
    asOf: { atMs, known, now: asOf?.now ?? graph },
    selected: new Set(),
  });
  await rebuild(model);
}

/** Back to what there is now. */
export async function leaveReplay(model: DiagramModel): Promise<void> {
  const { asOf } = model.store.getState();
  if (!asOf) return;
  model.store.setState({ graph: asOf.now, asOf: null });
  await rebuild(model);
}
