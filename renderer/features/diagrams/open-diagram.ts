/** Reads what a diagram is made of, opens and keeps its layouts. */
import type { DiagramContent, DiagramGraph, DiagramLayout, DiagramSource } from '../../../shared/api/diagrams.ts';
import { graphOfCatalog } from '../../../shared/diagram/graph-of-catalog.ts';
import { knownOf, loadKept, loadRecorded, refreshTables } from '../../client/catalogs.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { warmUp } from '../../diagram/layout/elk-layout.ts';
import { resting } from '../../diagram/rest.ts';
import { toast } from '../../ui/toast.tsx';
import type { Place } from '../../workspace/tab.ts';
import { changesSince } from './changes.ts';
import { type DiagramModel, freshContent, rebuild } from './diagram-model.ts';

type DiagramPlace = Extract<Place, { kind: 'diagram' }>;
export const mainLayout = 'Main';

/** Reads the source and shows it: as this machine has it at once, and again where it is another by now. */
export async function openDiagram(model: DiagramModel, place: DiagramPlace, afresh = false): Promise<void> {
  const { store } = model;
  store.setState({ reading: true, failure: null });
  void warmUp(1);
  const { connectionId, recordingId, scriptId, database } = place;
  try {
    if (scriptId !== undefined) {
      const { graph } = await client.diagrams.file({ scriptId });
      await show(model, place, { scriptId }, async () => graph);
    } else if (recordingId !== undefined) {
      const where = { recordingId, database };
      await loadRecorded(where);
      await take(model, place, knownOf(where));
    } else if (connectionId !== null) {
      const where = { connectionId, database };
      await loadKept(where).catch(() => undefined);
      const kept = knownOf(where).catalog;
      if (kept && !afresh) await take(model, place, { catalog: kept });
      const read = (await refreshTables(where, afresh)) ?? knownOf(where).catalog;
      if (read !== kept || afresh) await take(model, place, { catalog: read });
    }
  } catch (thrown) {
    store.setState({ failure: failureFrom(thrown) });
  } finally {
    store.setState({ reading: false });
  }
}

async function take(
  model: DiagramModel,
  place: DiagramPlace,
  { catalog }: Pick<ReturnType<typeof knownOf>, 'catalog'>,
): Promise<void> {
  if (!catalog) return;
  const { connectionId, recordingId } = place;
  const { database } = catalog.head;
  const source = recordingId === undefined ? { connectionId: connectionId ?? '', database } : { recordingId, database };
  await show(model, place, source, () => graphOfCatalog(catalog, resting()));
}

async function show(
  model: DiagramModel,
  { choice }: DiagramPlace,
  source: DiagramSource,
  read: () => Promise<DiagramGraph>,
): Promise<void> {
  const { store } = model;
  const isFirst = store.getState().source === null;
  const kept = isFirst
    ? Promise.all([client.diagrams.layouts({ source }), client.diagrams.virtualKeys({ source })])
    : null;
  // Both are awaited below; a failure of the first must not leave the second unheard.
  kept?.catch(() => undefined);
  const graph = await read();
  // What is being looked at of the past stays; the present is kept for when it is left.
  store.setState(({ asOf }) => (asOf ? { source, asOf: { ...asOf, now: graph } } : { graph, source }));
  if (kept) {
    const [layouts, virtualKeys] = await kept;
    const last = choice === undefined ? layouts[0] : undefined;
    const content = last ? await client.diagrams.layout({ id: last.id }) : store.getState().content;
    store.setState({ layouts, virtualKeys, current: last ?? null, content });
  }
  await rebuild(model, { fit: isFirst });
  // The first look is agreed to as it is, and kept: from then on changes are told.
  if (isFirst && choice === undefined && store.getState().current === null) await keepAs(model, mainLayout, true);
}

/** Opens another layout of the source. */
export async function openLayout(model: DiagramModel, layout: DiagramLayout): Promise<void> {
  try {
    await saveNow(model);
    const content = await client.diagrams.layout({ id: layout.id });
    model.store.setState({ content, current: layout, selected: new Set(), path: null });
    await rebuild(model, { fit: true });
  } catch (thrown) {
    toast(failureFrom(thrown).message, 'danger');
  }
}

/** Keeps what is shown under a name of its own, which is the current one from then on. */
export async function keepAs(model: DiagramModel, name: string, quiet = false): Promise<void> {
  // What waits to be kept belongs to the layout it was changed in; kept after this one, that would be opened next time.
  await saveNow(model);
  const { source, content, digests } = model.store.getState();
  if (!source) return;
  const known = Object.keys(content.known).length === 0 ? digests : content.known;
  try {
    const current = await client.diagrams.save({ id: null, source, name, content: { ...content, known } });
    model.store.setState((now) => ({
      current,
      content: { ...now.content, known },
      layouts: [current, ...now.layouts],
    }));
  } catch (thrown) {
    // Who may only look keeps nothing, and need not be told when nothing was asked for.
    if (!quiet) throw thrown;
  }
}

const restMs = 700;

/** Takes a change of the layout; kept soon, where it is one that is kept. */
export function change(model: DiagramModel, edit: Partial<DiagramContent>): void {
  model.store.setState(({ content }) => ({ content: { ...content, ...edit } }));
  if (!model.store.getState().current) return;
  clearTimeout(model.saving);
  model.flush = () => void saveNow(model);
  model.saving = setTimeout(() => void saveNow(model), restMs);
}

/** What waits to be kept, at once. */
export async function saveNow(model: DiagramModel, name?: string): Promise<void> {
  if (model.saving === undefined && name === undefined) return;
  clearTimeout(model.saving);
  model.saving = undefined;
  const { source, content, current } = model.store.getState();
  if (!source || !current) return;
  try {
    const saved = await client.diagrams.save({ id: current.id, source, name: name ?? current.name, content });
    model.store.setState(({ layouts, current: now }) => ({
      layouts: layouts.map((each) => (each.id === saved.id ? saved : each)),
      current: now?.id === saved.id ? saved : now,
    }));
  } catch (thrown) {
    toast(`The layout was not kept: ${failureFrom(thrown).message}`, 'danger');
  }
}

export async function removeLayout(model: DiagramModel): Promise<void> {
  const { current, content } = model.store.getState();
  if (!current) return;
  await client.diagrams.remove({ id: current.id });
  const layouts = model.store.getState().layouts.filter(({ id }) => id !== current.id);
  model.store.setState({ layouts, current: null });
  const next = layouts[0];
  if (next) return openLayout(model, next);
  model.store.setState({ content: { ...freshContent({ kind: 'all' }), detail: content.detail } });
  await rebuild(model, { anew: true });
  await keepAs(model, mainLayout, true);
}

/** From now on what there is counts as known. */
export function agree(model: DiagramModel): void {
  const { digests } = model.store.getState();
  change(model, { known: { ...digests } });
  model.store.setState({ changes: changesSince(digests, digests) });
  void rebuild(model);
}
