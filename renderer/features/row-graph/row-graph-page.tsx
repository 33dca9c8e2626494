import { useCallback, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { Reference } from '../../../shared/api/data.ts';
import { sameValues } from '../../../shared/edit/conditions.ts';
import { failureFrom } from '../../client/failure.ts';
import type { Target } from '../../diagram/cards/canvas-pointer.ts';
import { CardCanvas } from '../../diagram/cards/card-canvas.tsx';
import { useEmphasis } from '../../diagram/cards/use-emphasis.ts';
import { counted } from '../../ui/amounts.ts';
import { Button } from '../../ui/button.tsx';
import { FailureView } from '../../ui/failure-view.tsx';
import type { MenuEntry } from '../../ui/menu.tsx';
import { Pending } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import type { Place } from '../../workspace/tab.ts';
import { changeTab, openTab } from '../../workspace/tabs.ts';
import {
  add,
  conditionAt,
  describe,
  draw,
  expandAll,
  fetchRows,
  follow,
  leaveOut,
  type RowGraph,
  rowGraphOf,
  work,
} from './row-graph-model.ts';
import { labelOf, nameOf, type RowNode, readable } from './row-node.ts';
import { RowPanel } from './row-panel.tsx';
import { findPath } from './row-path.ts';
import { RowPicker } from './row-picker.tsx';
import { RowToolbar } from './row-toolbar.tsx';
import { type RowFile, saveRows } from './save-rows.ts';

type RowPlace = Extract<Place, { kind: 'rowGraph' }>;

/** From one row along foreign keys, both ways: rows as cards. */
export function RowGraphPage({ tabId, place }: { tabId: string; place: RowPlace }) {
  const { connectionId, database, object, key } = place;
  const graph = useMemo(() => rowGraphOf(tabId, connectionId, database), [tabId, connectionId, database]);
  const state = useStore(graph.store);
  const emphasis = useEmphasis(state);
  const [adding, setAdding] = useState(false);
  const { nodes, edges, scene, selected, failure, busy, step, path } = state;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once a place
  useEffect(() => {
    if (object && key && nodes.size === 0) void work(graph, () => begin(graph, object.oid, key));
  }, [graph]);
  const pick = (node: RowNode) => {
    const { oid, kind, schema, name } = node.model;
    changeTab(tabId, {
      title: nameOf(node),
      ...(node.key.length > 0 ? { place: { ...place, object: { kind, oid, schema, name }, key: node.key } } : {}),
    });
    void work(graph, () => start(graph, node));
  };
  const said = useCallback((id: string) => words(nodes.get(id)), [nodes]);
  const [first, second] = [...selected];
  const only = selected.size === 1 ? nodes.get(first ?? '') : undefined;
  const openThere = async (node: RowNode, reference: Reference) => {
    const where = await conditionAt(graph, node, reference);
    if (where === null) return;
    const { oid, kind, schema, name } = reference.other;
    openTab({ kind: 'data', connectionId, database, object: { kind, oid, schema, name }, where });
  };
  const lookForPath = (from = first ?? '', to = second ?? '') =>
    void work(graph, async () => {
      const found = await findPath(graph, from, to);
      graph.store.setState({ path: found });
      if (!found)
        toast('No references lead from one row to the other, as far as was looked: five references, forty ways.');
    });
  /** Puts a further row into the graph, and shows how it hangs together with the one that was selected, or the first. */
  const addRow = (node: RowNode) => {
    setAdding(false);
    const other = only?.id ?? state.startId;
    add(graph, [node], []);
    graph.store.setState({ selected: new Set([...(other === null ? [] : [other]), node.id]) });
    if (other !== null && other !== node.id) lookForPath(other, node.id);
    else void draw(graph);
  };
  const save = (kind: RowFile) =>
    void saveRows(graph, kind).catch((thrown) => toast(failureFrom(thrown).message, 'danger'));

  if (nodes.size === 0 && busy) return <Pending label="Reading the row" />;
  if (nodes.size === 0)
    return (
      <div className="flex h-full flex-col">
        {failure && <FailureView failure={failure} className="m-3 shrink-0" />}
        <div className="min-h-0 flex-1">
          <RowPicker graph={graph} object={object} onPick={pick} />
        </div>
      </div>
    );
  if (adding)
    return (
      <div className="flex h-full flex-col">
        <div className="flex h-9 shrink-0 items-center border-b border-line px-2">
          <Button small onClick={() => setAdding(false)}>
            Back to the graph
          </Button>
        </div>
        <div className="min-h-0 flex-1">
          <RowPicker
            graph={graph}
            object={null}
            onPick={addRow}
            hint="It comes into the graph, with what leads to it from the row that is selected."
          />
        </div>
      </div>
    );
  return (
    <div className="flex h-full min-h-0 flex-col">
      <RowToolbar
        state={state}
        onLayOut={() => void draw(graph, true)}
        onPath={() => (path ? graph.store.setState({ path: null }) : lookForPath())}
        onAdd={() => setAdding(true)}
        onRestart={() => restart(graph)}
        onStep={(rows) => graph.store.setState({ step: rows })}
        onSave={save}
      />
      {failure && <FailureView failure={failure} className="m-2 shrink-0" />}
      <div className="flex min-h-0 flex-1">
        <div className="relative min-w-0 flex-1">
          {scene && (
            <CardCanvas
              label={`Graph of ${counted(nodes.size, 'row')} and ${counted(edges.size, 'reference')}`}
              scene={scene}
              fitKey={state.fitKey}
              kept={graph.kept}
              emphasis={emphasis}
              onSelect={(ids) => graph.store.setState({ selected: new Set(ids), path: null })}
              onHover={(hovered) => graph.store.setState({ hovered })}
              onOpen={(target) => target.kind === 'card' && void work(graph, () => expandAll(graph, target.id))}
              onMoved={({ cards }) => {
                graph.arranged = true;
                for (const { id, x, y } of cards) graph.positions[id] = [x, y];
              }}
              menu={(target) => menuOf(graph, target)}
              describe={said}
            />
          )}
        </div>
        {only && (
          <div className="w-72 shrink-0 border-l border-line">
            <RowPanel
              key={only.id}
              graph={graph}
              node={only}
              step={step}
              onFollow={(reference, outward) =>
                void work(graph, async () => void (await follow(graph, only, reference, outward)))
              }
              onOpen={(reference) => void openThere(only, reference)}
              onClose={() => graph.store.setState({ selected: new Set() })}
            />
          </div>
        )}
      </div>
    </div>
  );
}

/** The row with that key. */
async function begin(graph: RowGraph, oid: number, key: readonly string[]): Promise<void> {
  const model = await describe(graph, oid);
  const columns = (model.key?.columns ?? []).flatMap(
    (number) => model.columns.find((column) => column.number === number) ?? [],
  );
  const [node] =
    columns.length === key.length && key.length > 0 ? await fetchRows(graph, oid, sameValues(columns, key), 1) : [];
  if (!node) throw new Error(`This row of ${model.name} is not there any more. Choose another.`);
  await start(graph, node);
}

async function start(graph: RowGraph, node: RowNode): Promise<void> {
  add(graph, [node], []);
  graph.store.setState({ startId: node.id, selected: new Set([node.id]) });
  for (const reference of node.model.references) await follow(graph, node, reference, true);
}

function restart(graph: RowGraph): void {
  graph.positions = {};
  graph.arranged = false;
  graph.store.setState({
    nodes: new Map(),
    edges: new Map(),
    scene: null,
    startId: null,
    selected: new Set(),
    path: null,
    failure: null,
  });
}

function menuOf(graph: RowGraph, target: Target): MenuEntry[] {
  if (target.kind !== 'card') return [{ label: 'Lay out anew', run: () => void draw(graph, true) }];
  const { nodes, selected } = graph.store.getState();
  const node = nodes.get(target.id);
  if (!node) return [];
  const ids = selected.has(target.id) ? [...selected] : [target.id];
  const { oid, kind, schema, name, key } = node.model;
  const keyColumns = (key?.columns ?? []).flatMap(
    (number) => readable(node.model).find((column) => column.number === number) ?? [],
  );
  return [
    {
      label: 'Follow all its references',
      keys: 'Enter',
      run: () => void work(graph, () => expandAll(graph, target.id)),
    },
    {
      label: 'Open the row in its table',
      disabled: keyColumns.length === 0,
      run: () =>
        void openTab({
          kind: 'data',
          connectionId: graph.connectionId,
          database: graph.database,
          object: { kind, oid, schema, name },
          where: sameValues(keyColumns, node.key),
        }),
    },
    { kind: 'separator' },
    { label: ids.length > 1 ? `Leave these ${ids.length} out` : 'Leave it out', run: () => leaveOut(graph, ids) },
  ];
}

function words(node: RowNode | undefined): string {
  if (!node) return '';
  const { references, referencedBy } = node.model;
  return [
    visibleText(nameOf(node)),
    labelOf(node) ?? '',
    `${references.length} references, ${referencedBy.length} ways to be referred to`,
  ]
    .filter(Boolean)
    .join('; ');
}
