import { Database } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { CanvasHandle } from '../../diagram/cards/card-canvas.tsx';
import { shownCount } from '../../ui/amounts.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { FailureView } from '../../ui/failure-view.tsx';
import { useIsNarrow } from '../../ui/scroll/narrow.ts';
import { EmptyState, Pending } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { useCommand } from '../../workspace/commands.ts';
import { useRecordingOf } from '../../workspace/monitor/recordings.ts';
import type { Place } from '../../workspace/tab.ts';
import { useTabs } from '../../workspace/tabs.ts';
import { marksOf } from './changes.ts';
import { goTo, hold, layAnew, redo, select } from './diagram-actions.ts';
import { layoutMenu, type MenuNeeds } from './diagram-menus.ts';
import { modelOf } from './diagram-model.ts';
import { DiagramToolbar } from './diagram-toolbar.tsx';
import type { HeatKind } from './heat/heat.ts';
import { HeatBar } from './heat/heat-bar.tsx';
import { HistoryPanel } from './history/history-panel.tsx';
import { KeyDialog } from './keys/key-dialog.tsx';
import type { KeyStart } from './keys/key-start.ts';
import { keysMenu } from './keys/keys-menu.ts';
import { SuggestDialog } from './keys/suggest-dialog.tsx';
import { NamePrompt, type Prompt } from './name-prompt.tsx';
import { openDiagram, removeLayout } from './open-diagram.ts';
import { saveDiagram } from './save-diagram.ts';
import { DiagramNotices } from './stage/diagram-notices.tsx';
import { DiagramStage } from './stage/diagram-stage.tsx';
import { doorsOf } from './stage/doors.ts';
import { TableDetails } from './table-details.tsx';
import { TableList } from './table-list.tsx';

type DiagramPlace = Extract<Place, { kind: 'diagram' }>;

/** With less room than this, details and history stand below the list: the picture keeps most of the width. */
const besidePx = 860;

/** The tables of a database and the keys between them, as a picture that can be arranged. */
export function DiagramPage({ tabId, place }: { tabId: string; place: DiagramPlace }) {
  const { model, isNew } = useMemo(() => modelOf(tabId, place.choice ?? { kind: 'all' }), [tabId, place]);
  const state = useStore(model.store);
  const [prompt, setPrompt] = useState<Prompt | null>(null);
  const [removing, setRemoving] = useState(false);
  const [newKey, setNewKey] = useState<KeyStart | null>(null);
  const [suggesting, setSuggesting] = useState(false);
  const [heat, setHeat] = useState<HeatKind | null>(null);
  const [listShown, setListShown] = useState(true);
  const canvas = useRef<CanvasHandle>(null);
  const [panes, setPanes] = useState<HTMLDivElement | null>(null);
  const isNarrow = useIsNarrow(panes, besidePx);
  const { scene, shown, graph, selected, failure, changes, laying, source } = state;
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
    // The canvas has a new scene after the next drawing of the page.
    model.show = (id) => requestAnimationFrame(() => canvas.current?.show(id));
    return () => {
      model.flyTo = null;
      model.show = null;
    };
  }, [model]);
  useEffect(() => {
    model.reread = () => void openDiagram(model, place, true);
    if (model.outdated) model.reread();
    model.outdated = false;
    return () => {
      model.reread = null;
    };
  }, [model, place]);
  useCommand('diagram.find', () => {
    setListShown(true);
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-focus="diagram-search"]')?.focus());
  });
  const marks = useMemo(() => marksOf(changes), [changes]);
  const tableOf = (id: string) => graph?.tables.find((table) => table.id === id);
  const needs: MenuNeeds = {
    model,
    ask: setPrompt,
    ...doorsOf(state),
    drawKey: setNewKey,
    removeLayout: () => setRemoving(true),
    goToBox: (id) => {
      hold(model, id);
      canvas.current?.show(id);
    },
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
  const aside =
    historyShown && source && 'database' in source ? (
      <HistoryPanel
        model={model}
        recording={recording}
        database={source.database}
        onClose={() => setHistoryShown(false)}
      />
    ) : only ? (
      <TableDetails
        table={only}
        keys={shown.keys.filter(({ from, to }) => from === only.id || to === only.id)}
        onGo={(id) => goTo(model, id)}
        onAround={() => redo(model, { choice: { kind: 'around', table: only.id, hops: 1 } })}
        onClose={() => select(model, [])}
        onRows={needs.openRows && (() => needs.openRows?.(only.id))}
        onStructure={needs.openStructure && (() => needs.openStructure?.(only.id))}
      />
    ) : null;
  const under = isNarrow && listShown && aside !== null;
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
          onDraw: () => setNewKey({ from: [...selected][0] ?? '' }),
          onSuggest: () => setSuggesting(true),
        })}
      />
      {heat && <HeatBar model={model} kind={heat} onKind={setHeat} />}
      <DiagramNotices model={model} state={state} />
      <div ref={setPanes} className="flex min-h-0 flex-1">
        {listShown && (
          <div className={cx('flex shrink-0 flex-col border-r border-line', under ? 'w-64' : 'w-56')}>
            <div className="min-h-0 flex-1">
              <TableList
                tables={shown.tables}
                selected={selected}
                marks={marks}
                onGo={(id, adds) => goTo(model, id, adds)}
              />
            </div>
            {under && <div className="h-1/2 shrink-0 border-t border-line">{aside}</div>}
          </div>
        )}
        <DiagramStage state={state} title={title} needs={needs} handle={canvas} />
        {aside && !under && (
          <div className={cx('shrink-0 border-l border-line', historyShown ? 'w-72' : 'w-60')}>{aside}</div>
        )}
      </div>
      {prompt && <NamePrompt prompt={prompt} onClose={() => setPrompt(null)} />}
      {newKey && <KeyDialog model={model} start={newKey} onDeclare={needs.declare} onClose={() => setNewKey(null)} />}
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
