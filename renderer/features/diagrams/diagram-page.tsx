import { Database } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { DiagramTable } from '../../../shared/api/diagrams.ts';
import type { ObjectRef } from '../../../shared/api/objects.ts';
import { type CanvasHandle, CardCanvas } from '../../diagram/cards/card-canvas.tsx';
import { useEmphasis } from '../../diagram/cards/use-emphasis.ts';
import { shownCount } from '../../ui/amounts.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { FailureView } from '../../ui/failure-view.tsx';
import { Callout, EmptyState, Pending } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { useCommand } from '../../workspace/commands.ts';
import { useRecordingOf } from '../../workspace/monitor/recordings.ts';
import { onStructureChanged } from '../../workspace/structure/structure-changes.ts';
import type { Place } from '../../workspace/tab.ts';
import { openTab, useTabs } from '../../workspace/tabs.ts';
import { type Changes, isChanged, marksOf } from './changes.ts';
import { goTo, layAnew, moved, redo, select } from './diagram-actions.ts';
import { editNote, layoutMenu, type MenuNeeds, targetMenu } from './diagram-menus.ts';
import { modelOf } from './diagram-model.ts';
import { DiagramToolbar } from './diagram-toolbar.tsx';
import type { HeatKind } from './heat/heat.ts';
import { HeatBar } from './heat/heat-bar.tsx';
import { HistoryPanel } from './history/history-panel.tsx';
import { leaveReplay } from './history/replay.ts';
import { KeyDialog } from './keys/key-dialog.tsx';
import { keysMenu } from './keys/keys-menu.ts';
import { SuggestDialog } from './keys/suggest-dialog.tsx';
import { NamePrompt, type Prompt } from './name-prompt.tsx';
import { agree, openDiagram, removeLayout } from './open-diagram.ts';
import { saveDiagram } from './save-diagram.ts';
import { TableDetails } from './table-details.tsx';
import { TableList } from './table-list.tsx';

type LivePlace = { readonly connectionId: string; readonly database: string };
type DiagramPlace = Extract<Place, { kind: 'diagram' }>;

/** The tables of a database and the keys between them, as a picture that can be arranged. */
export function DiagramPage({ tabId, place }: { tabId: string; place: DiagramPlace }) {
  const { model, isNew } = useMemo(() => modelOf(tabId, place.choice ?? { kind: 'all' }), [tabId, place]);
  const state = useStore(model.store);
  const [prompt, setPrompt] = useState<Prompt | null>(null);
  const [removing, setRemoving] = useState(false);
  const [keyFrom, setKeyFrom] = useState<string | null>(null);
  const [suggesting, setSuggesting] = useState(false);
  const [heat, setHeat] = useState<HeatKind | null>(null);
  const [listShown, setListShown] = useState(true);
  const canvas = useRef<CanvasHandle>(null);
  const emphasis = useEmphasis(state);
  const { scene, shown, graph, selected, failure, changes, laying, source, asOf } = state;
  const [historyShown, setHistoryShown] = useState(false);
  const recording = useRecordingOf({
    connectionId: source && 'connectionId' in source ? source.connectionId : null,
    recordingId: source && 'recordingId' in source ? source.recordingId : null,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once a model
  useEffect(() => {
    if (isNew) void openDiagram(model, place);
  }, [model]);
  useEffect(() => {
    model.flyTo = (id) => canvas.current?.flyTo(id);
    return () => {
      model.flyTo = null;
    };
  }, [model]);
  // What the designer has done is seen at once, and marked as a change.
  useEffect(
    () =>
      onStructureChanged((connectionId, database) => {
        const shownSource = model.store.getState().source;
        const isOurs = shownSource && 'connectionId' in shownSource && shownSource.connectionId === connectionId;
        if (isOurs && shownSource.database === database) void openDiagram(model, place, true);
      }),
    [model, place],
  );
  useCommand('diagram.find', () => {
    setListShown(true);
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-focus="diagram-search"]')?.focus());
  });
  const describe = useCallback((id: string) => said(shown, id), [shown]);
  const marks = useMemo(() => marksOf(changes), [changes]);
  const tableOf = (id: string) => graph?.tables.find((table) => table.id === id);
  const live = source && 'connectionId' in source ? source : null;
  const objectOf = (id: string): ObjectRef | null => {
    const table = tableOf(id);
    return table && table.oid !== null
      ? { kind: table.kind, oid: table.oid, schema: table.schema, name: table.name }
      : null;
  };
  const now = asOf ? null : live;
  /** Null without a server, and for what was, or is read from a file. */
  const opening = <Rest extends unknown[]>(place: (object: ObjectRef, at: LivePlace, ...rest: Rest) => Place) =>
    now &&
    ((id: string, ...rest: Rest) => {
      const object = objectOf(id);
      if (object) openTab(place(object, now, ...rest));
    });
  const needs: MenuNeeds = {
    model,
    ask: setPrompt,
    openRows: opening((object, at) => ({ kind: 'data', ...at, object })),
    openStructure: opening((object, at) => ({ kind: 'object', ...at, object })),
    alter: opening((object, at, section: 'columns' | 'constraints') => ({
      kind: 'structure',
      mode: 'alter',
      ...at,
      object,
      section,
    })),
    drop: opening((object, at) => ({ kind: 'structure', mode: 'drop', ...at, object })),
    newTable: now && (() => openTab({ kind: 'structure', mode: 'create', create: 'table', schema: null, ...now })),
    drawKey: setKeyFrom,
    removeLayout: () => setRemoving(true),
    middle: () => canvas.current?.middle() ?? { x: 0, y: 0 },
  };
  const only = selected.size === 1 ? tableOf([...selected][0] ?? '') : undefined;
  const title = source && 'database' in source ? source.database : (tabTitle(tabId) ?? 'diagram');

  if (failure && !scene) {
    return (
      <div className="h-full overflow-auto p-4">
        <FailureView
          failure={failure}
          actions={
            <Button small onClick={() => void openDiagram(model, place, true)}>
              Try again
            </Button>
          }
        />
      </div>
    );
  }
  if (!scene && !laying && graph && !model.working)
    return (
      <EmptyState
        icon={<Database size={22} strokeWidth={1.5} />}
        title="Nothing is laid out"
        actions={<Button onClick={() => layAnew(model)}>Lay out {shownCount(graph.tables.length)} tables</Button>}
      >
        The layout was stopped.
      </EmptyState>
    );
  if (!scene && !laying) return <Pending label="Reading the structure" />;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <DiagramToolbar
        state={state}
        listShown={listShown}
        onList={() => setListShown(!listShown)}
        onRefresh={place.scriptId === undefined ? () => void openDiagram(model, place, true) : null}
        onChange={(edit) => redo(model, edit)}
        onLayAnew={() => layAnew(model)}
        heat={heat !== null}
        onHeat={() => setHeat(heat === null ? 'size' : null)}
        history={historyShown}
        onHistory={source && 'database' in source ? () => setHistoryShown(!historyShown) : null}
        onSave={(kind) => void saveDiagram(model, kind, title)}
        layoutMenu={layoutMenu(needs)}
        keysMenu={keysMenu(model, {
          onDraw: () => setKeyFrom([...selected][0] ?? ''),
          onSuggest: () => setSuggesting(true),
        })}
      />
      {heat && <HeatBar model={model} kind={heat} onKind={setHeat} />}
      {failure && <FailureView failure={failure} className="m-2 shrink-0" />}
      {asOf && (
        <Callout
          tone="warning"
          className="m-2 shrink-0"
          actions={
            <Button small onClick={() => void leaveReplay(model)}>
              Back to now
            </Button>
          }
        >
          As it was on {new Date(asOf.atMs).toLocaleString()}
          {isChanged(changes) && <>, just after these changes: {changeWords(changes)}</>}.
        </Callout>
      )}
      {!asOf && isChanged(changes) && (
        <Callout
          tone="info"
          className="m-2 shrink-0"
          actions={
            <Button small onClick={() => agree(model)}>
              Mark as seen
            </Button>
          }
        >
          Since this layout was last seen: {changeWords(changes)}.
        </Callout>
      )}
      <div className="flex min-h-0 flex-1">
        {listShown && (
          <div className="w-56 shrink-0 border-r border-line">
            <TableList tables={shown.tables} selected={selected} marks={marks} onGo={(id) => goTo(model, id)} />
          </div>
        )}
        <div className="relative min-w-0 flex-1">
          {scene && scene.cards.length === 0 ? (
            <EmptyState icon={<Database size={22} strokeWidth={1.5} />} title="No tables to show">
              {graph?.tables.length === 0
                ? 'This database has no tables of its own yet.'
                : 'Choose schemas, views or hidden tables under “Show”.'}
            </EmptyState>
          ) : (
            scene && (
              <CardCanvas
                label={`Diagram of ${title}: ${shownCount(shown.tables.length)} tables, ${shownCount(shown.keys.length)} keys`}
                scene={scene}
                fitKey={state.fitKey}
                emphasis={emphasis}
                onSelect={(ids) => select(model, ids)}
                onHover={(hovered) => model.store.setState({ hovered })}
                onOpen={(target) => {
                  if (target.kind === 'note') editNote(needs, target.id);
                  else if (target.kind === 'card') needs.openRows?.(target.id);
                }}
                onMoved={(moves) => moved(model, moves)}
                menu={(target) => targetMenu(needs, target)}
                describe={describe}
                handle={canvas}
              />
            )
          )}
          {laying && (
            <div className="absolute top-3 left-1/2 flex -translate-x-1/2 items-center gap-3 rounded-md bg-raised px-3 py-2 text-xs shadow-overlay">
              <span role="status">
                Laying out: {shownCount(laying.done)} of {shownCount(laying.of)} parts
              </span>
              <Button small onClick={() => model.working?.abort(new DOMException('Stopped.', 'AbortError'))}>
                Stop
              </Button>
            </div>
          )}
        </div>
        {historyShown && source && 'database' in source && (
          <div className="w-72 shrink-0 border-l border-line">
            <HistoryPanel
              model={model}
              recording={recording}
              database={source.database}
              onClose={() => setHistoryShown(false)}
            />
          </div>
        )}
        {only && !historyShown && (
          <div className="w-60 shrink-0 border-l border-line">
            <TableDetails
              table={only}
              keys={shown.keys.filter(({ from, to }) => from === only.id || to === only.id)}
              onGo={(id) => goTo(model, id)}
              onAround={() => redo(model, { choice: { kind: 'around', table: only.id, hops: 1 } })}
              onClose={() => select(model, [])}
              onRows={needs.openRows && (() => needs.openRows?.(only.id))}
              onStructure={needs.openStructure && (() => needs.openStructure?.(only.id))}
            />
          </div>
        )}
      </div>
      {prompt && <NamePrompt prompt={prompt} onClose={() => setPrompt(null)} />}
      {keyFrom !== null && <KeyDialog model={model} from={keyFrom} onClose={() => setKeyFrom(null)} />}
      {suggesting && <SuggestDialog model={model} place={place} onClose={() => setSuggesting(false)} />}
      <ConfirmDialog
        open={removing}
        title={`Delete the layout “${state.current?.name ?? ''}”?`}
        confirmLabel="Delete"
        danger
        onCancel={() => setRemoving(false)}
        onConfirm={() => {
          setRemoving(false);
          removeLayout(model).catch((thrown) => toast(String(thrown), 'danger'));
        }}
      >
        The tables stay as they are; where they stand in this layout, its notes and its areas are lost.
      </ConfirmDialog>
    </div>
  );
}

const tabTitle = (tabId: string): string | undefined => useTabs.getState().tabs.find(({ id }) => id === tabId)?.title;
const tablesWord = (count: number): string => `${shownCount(count)} ${count === 1 ? 'table' : 'tables'}`;

function changeWords({ added, changed, removed }: Changes): string {
  const parts = [
    added.length > 0 ? `${tablesWord(added.length)} new` : '',
    changed.length > 0 ? `${tablesWord(changed.length)} changed` : '',
    removed.length > 0
      ? `${tablesWord(removed.length)} gone (${removed.slice(0, 5).map(visibleText).join(', ')}${removed.length > 5 ? ', …' : ''})`
      : '',
  ];
  return parts.filter(Boolean).join(', ');
}

function said(
  {
    tables,
    keys,
  }: { readonly tables: readonly DiagramTable[]; readonly keys: readonly { from: string; to: string }[] },
  id: string,
): string {
  const table = tables.find((each) => each.id === id);
  if (!table) return '';
  const out = keys.filter(({ from }) => from === id).map(({ to }) => to);
  const into = keys.filter(({ to }) => to === id).map(({ from }) => from);
  return [
    `${table.schema}.${table.name}, ${table.columns.length} columns`,
    out.length > 0 ? `refers to ${out.join(', ')}` : 'refers to nothing',
    into.length > 0 ? `referred to by ${into.join(', ')}` : 'referred to by nothing',
  ].join('; ');
}
