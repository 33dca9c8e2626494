import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { editsIn, noteTab } from '../../editing/edit-store.ts';
import { EditToolbar, RefusalBar } from '../../editing/edit-toolbar.tsx';
import { usePasting } from '../../editing/pasting/use-pasting.tsx';
import { useEditing } from '../../editing/use-editing.tsx';
import { useSaving } from '../../editing/use-saving.tsx';
import { Button } from '../../ui/button.tsx';
import type { MenuEntry } from '../../ui/menu.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { useCommand } from '../../workspace/commands.ts';
import type { Place } from '../../workspace/tab.ts';
import { openTab } from '../../workspace/tabs.ts';
import { DataFoot } from './data-foot.tsx';
import { DataGrid } from './data-grid.tsx';
import { applyQuery, type DataTab, positionOf } from './data-tab.ts';
import { DataToolbar } from './data-toolbar.tsx';
import { FindValueDialog } from './find-value-dialog.tsx';
import { useLive } from './live/use-live.ts';
import { QueryBar } from './query/query-bar.tsx';
import { RelatedPanel } from './related-panel.tsx';
import { type Card, SlideOver } from './row-cards.tsx';

/** The rows of one relation with all that belongs to them: tools above, the card over them, related rows below. */
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
  const [card, setCard] = useState<Card | null>(null);
  const [related, setRelated] = useState(false);
  const [relatedPx, setRelatedPx] = useState(240);
  const [finding, setFinding] = useState<string | null>(null);
  const edits = editsIn(tab);
  const { readOnly } = tab.model;
  useEffect(() => noteTab(tabId, edits), [tabId, edits]);
  const focusGrid = () => document.querySelector<HTMLElement>('.hg-grid')?.focus();
  const saving = useSaving(edits);
  const editing = useEditing(edits, focusGrid);
  const pasting = usePasting(edits, focusGrid);
  // What is being typed belongs to a row that stays where it is.
  useLive(tab, editing.overlay !== null || pasting.dialog !== null);
  useCommand('data.refresh', () => tab.source.refresh(false));
  useCommand('data.find', () => setFinding(''));
  useCommand('data.related', () => setRelated((now) => !now));
  const valueAt = (row: number, column: number) => edits.source.row(row)?.cells[column] ?? null;
  const graphEntry = (row: number): MenuEntry[] => {
    const { model, where } = tab;
    const cells = edits.source.row(row)?.cells;
    if (!model.key || !cells) return [];
    const key = model.key.columns.map((number) => cells[positionOf(model, number)] ?? null);
    if (key.includes(null)) return [];
    const { connectionId, database } = where;
    const graph = { kind: 'rowGraph' as const, connectionId, database, object: place.object, key: key as string[] };
    return [{ label: 'Show what hangs together with this row', run: () => openTab(graph) }];
  };
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
            ...graphEntry(row),
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
      onPaste={pasting.onPaste}
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
        {!readOnly && <EditToolbar edits={edits} onPreview={saving.preview} onSave={saving.ask} />}
      </DataToolbar>
      <QueryBar tab={tab} />
      <RefusalBar edits={edits} />
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
      {saving.dialog}
      {pasting.dialog}
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
