import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { selectCell } from '../../grid/model/selection.ts';
import { ROW_HEIGHT } from '../../grid/paint/grid-view.ts';
import { RecordView } from '../../grid/record-view.tsx';
import type { LoadPiece } from '../../grid/value/value-piece.ts';
import { ValueViewer } from '../../grid/value/value-viewer.tsx';
import { Button } from '../../ui/button.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { Callout, EmptyState } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { useCommand } from '../../workspace/commands.ts';
import type { Place } from '../../workspace/tab.ts';
import { DataFoot } from './data-foot.tsx';
import { DataGrid } from './data-grid.tsx';
import { applyQuery, type DataTab } from './data-tab.ts';
import { DataToolbar } from './data-toolbar.tsx';
import { editsOfTab, noteTab, save } from './editing/edit-store.ts';
import { EditToolbar, RefusalBar } from './editing/edit-toolbar.tsx';
import { readBlock } from './editing/paste-block.ts';
import { PasteDialog } from './editing/paste-dialog.tsx';
import { SaveDialog } from './editing/save-dialog.tsx';
import type { StagedSource } from './editing/staged-source.ts';
import { putCells, selectedCells, useEditing } from './editing/use-editing.tsx';
import { FindValueDialog } from './find-value-dialog.tsx';
import { pieceOf } from './piece-of.ts';
import { QueryBar } from './query/query-bar.tsx';
import { RelatedPanel } from './related-panel.tsx';

const liveEveryMs = 2_500;
type Card = 'record' | 'value';

export function RowsView({
  tab,
  tabId,
  place,
  onReadAnew,
}: {
  tab: DataTab;
  tabId: string;
  place: Extract<Place, { kind: 'data' }>;
  onReadAnew: () => void;
}) {
  const { live } = useStore(tab.store);
  const [card, setCard] = useState<Card | null>(null);
  const [related, setRelated] = useState(false);
  const [relatedPx, setRelatedPx] = useState(240);
  const [finding, setFinding] = useState<string | null>(null);
  const [pasting, setPasting] = useState<readonly (readonly string[])[] | null>(null);
  const [previewing, setPreviewing] = useState(false);
  const edits = editsOfTab(tab);
  const { readOnly } = tab.model;
  useEffect(() => noteTab(tabId, edits), [tabId, edits]);
  const focusGrid = () => document.querySelector<HTMLElement>('.hg-grid')?.focus();
  const show = (row: number) => {
    const { position } = tab.grid.getState().selection.active;
    tab.grid.setState({ selection: selectCell({ row, position }), top: Math.max(0, (row - 3) * ROW_HEIGHT) });
  };
  const saveNow = async (confirmed: boolean) => {
    setPreviewing(false);
    const saved = await save(edits, confirmed);
    if (!saved) return;
    toast(saved.words, 'success');
    for (const note of saved.notes) toast(note, 'warning');
  };
  /** Where a save has to be confirmed the statements are shown with the question. */
  const askToSave = async () => {
    const staged = edits.store.getState().steps.now;
    if (staged.size === 0) return;
    const asked = await client.data.preview({ ...tab.where, edits: [] }).catch(() => null);
    if (asked?.confirm) setPreviewing(true);
    else await saveNow(false);
  };
  const editing = useEditing(edits, focusGrid);
  const onPaste = (event: React.ClipboardEvent) => {
    const target = event.target as Element;
    if (readOnly || target.closest('input, textarea, select, [role=dialog]')) return;
    const block = readBlock(event.clipboardData.getData('text/plain'));
    const [first] = block;
    if (!first) return;
    event.preventDefault();
    const only = block.length === 1 && first.length === 1 ? first[0] : undefined;
    if (only === undefined) setPasting(block);
    else
      putCells(
        edits,
        (selectedCells(edits) ?? []).map((cell) => ({ ...cell, value: { kind: 'text', text: only } })),
      );
  };
  // What is being typed belongs to a row that stays where it is.
  useLive(tab, live && editing.overlay === null && pasting === null);
  useCommand('data.refresh', () => tab.source.refresh(false));
  useCommand(
    'data.save',
    () => {
      const focused = document.activeElement;
      // What is being typed belongs to it: leaving the editor takes it.
      if (focused instanceof HTMLElement && focused.closest('.hg-overlay')) focused.blur();
      void askToSave();
    },
    () => edits.store.getState().steps.now.size > 0 || document.querySelector('.hg-overlay') !== null,
  );
  useCommand('data.find', () => setFinding(''));
  useCommand('data.related', () => setRelated((now) => !now));
  const valueAt = (row: number, column: number) => edits.source.row(row)?.cells[column] ?? null;
  const main = (
    <div className="relative h-full min-h-0">
      <DataGrid
        tab={tab}
        source={edits.source}
        overlay={editing.overlay}
        onActivate={editing.onActivate}
        label={`Rows of ${tab.model.name}`}
        empty={<NoRows tab={tab} />}
        footer={<DataFoot tab={tab} />}
        onKey={(event) => {
          if (event.key !== 'Escape' || card === null) return editing.onKey(event);
          setCard(null);
          return true;
        }}
        onOpenValue={() => setCard('value')}
        onOpenRecord={() => setCard('record')}
        moreItems={(row, column) => {
          const value = valueAt(row, column);
          return [
            ...editing.menu(row, column),
            ...(value === null || value === '' || value.length > 1000
              ? []
              : [{ label: 'Find this value in all tables…', run: () => setFinding(value) }]),
          ];
        }}
      />
      {card && <SlideOver tab={tab} source={edits.source} card={card} onCard={setCard} />}
    </div>
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes what lies over the rows, wherever the focus is
    <div
      className="flex h-full min-h-0 flex-col bg-surface"
      onPaste={onPaste}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && card !== null && !event.defaultPrevented) setCard(null);
      }}
    >
      <DataToolbar
        tab={tab}
        place={place}
        related={related}
        onRelated={() => setRelated(!related)}
        record={card === 'record'}
        onRecord={() => setCard(card === 'record' ? null : 'record')}
        onFind={() => setFinding('')}
        onReadAnew={onReadAnew}
      >
        {!readOnly && (
          <EditToolbar
            edits={edits}
            onPreview={() => setPreviewing(true)}
            onSave={() => void askToSave()}
            onNewRow={() => show(edits.source.newRowCount - 1)}
          />
        )}
      </DataToolbar>
      <QueryBar tab={tab} />
      <RefusalBar edits={edits} onShow={show} />
      <div className="min-h-0 flex-1">
        {related ? (
          <SplitPane
            direction="column"
            sized="second"
            sizePx={relatedPx}
            minPx={120}
            restMinPx={160}
            onSize={setRelatedPx}
            label="Resize the related rows"
            first={main}
            second={<RelatedPanel tab={tab} onClose={() => setRelated(false)} />}
          />
        ) : (
          main
        )}
      </div>
      {previewing && (
        <SaveDialog
          edits={edits}
          onSave={(confirmed) => void saveNow(confirmed)}
          onClose={() => setPreviewing(false)}
        />
      )}
      {pasting && (
        <PasteDialog
          edits={edits}
          block={pasting}
          onClose={() => {
            setPasting(null);
            requestAnimationFrame(focusGrid);
          }}
        />
      )}
      {finding !== null && (
        <FindValueDialog
          connectionId={tab.where.connectionId}
          database={tab.where.database}
          value={finding}
          onClose={() => setFinding(null)}
        />
      )}
    </div>
  );
}

/** While a person looks at it: a hidden page asks nothing. */
function useLive(tab: DataTab, live: boolean): void {
  useEffect(() => {
    if (!live) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible' && !tab.source.busy) tab.source.refresh(true);
    }, liveEveryMs);
    return () => clearInterval(timer);
  }, [tab, live]);
}

function NoRows({ tab }: { tab: DataTab }) {
  const { query } = useStore(tab.store);
  const filtered = query.where.trim() !== '' || query.search !== '';
  if (!filtered)
    return <EmptyState title="No rows">This {tab.model.kind === 'view' ? 'view' : 'table'} is empty.</EmptyState>;
  return (
    <EmptyState
      title="No row passes the conditions"
      actions={
        <Button small onClick={() => void applyQuery(tab, { ...query, where: '', search: '' })}>
          Show all rows
        </Button>
      }
    />
  );
}

/** Over the right part of the rows: the whole row, or one value of it. */
function SlideOver({
  tab,
  source,
  card,
  onCard,
}: {
  tab: DataTab;
  source: StagedSource;
  card: Card;
  onCard: (card: Card | null) => void;
}) {
  return (
    <aside
      aria-label={card === 'record' ? 'Row details' : 'Value'}
      className="absolute inset-y-0 right-0 z-10 w-[min(420px,70%)] border-l border-line bg-surface shadow-overlay"
    >
      {card === 'record' ? (
        <RecordView
          label="Row details"
          source={source}
          state={tab.grid}
          onClose={() => onCard(null)}
          onOpenValue={(_, column) => {
            const position = tab.grid.getState().layout.visible.indexOf(column);
            if (position >= 0)
              tab.grid.setState(({ selection }) => ({
                selection: { ...selection, active: { ...selection.active, position } },
              }));
            onCard('value');
          }}
        />
      ) : (
        <ValueCard tab={tab} source={source} onClose={() => onCard(null)} />
      )}
    </aside>
  );
}

function ValueCard({ tab, source, onClose }: { tab: DataTab; source: StagedSource; onClose: () => void }) {
  const { selection, layout } = useStore(tab.grid);
  const { row } = selection.active;
  const position = layout.visible[selection.active.position] ?? 0;
  const loaded = source.row(row);
  const column = tab.model.columns[position];
  const shown = tab.columns[position];
  if (!column || !shown || !loaded) return <EmptyState title="No value" />;
  const key = tab.source.row(source.baseIndex(row))?.key;
  const cell = loaded.cells[position] ?? null;
  const load: LoadPiece = async (offsetBytes, lengthBytes, { base64, signal }) => {
    if (!loaded.cut?.has(position) || !key) return pieceOf(cell, offsetBytes, lengthBytes, base64);
    try {
      const piece = { offsetBytes, lengthBytes, base64 };
      return await client.data.value({ ...tab.where, key: [...key], column: column.number, ...piece }, { signal });
    } catch (thrown) {
      throw new Error(failureFrom(thrown).message);
    }
  };
  const whole = !loaded.cut?.has(position) || key !== undefined;
  return (
    <div className="flex h-full flex-col">
      {!whole && (
        <Callout tone="warning" className="m-2" title="Only the beginning is known here">
          Without a key the row cannot be asked for again. A query in an editor shows the whole value.
        </Callout>
      )}
      <div className="min-h-0 flex-1">
        <ValueViewer
          column={shown}
          row={row}
          valueKey={`${row} ${position} ${cell?.length ?? -1} ${cell?.slice(0, 64)}`}
          load={load}
          onClose={onClose}
        />
      </div>
    </div>
  );
}
