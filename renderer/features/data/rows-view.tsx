import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { RecordView } from '../../grid/record-view.tsx';
import type { LoadPiece } from '../../grid/value/value-piece.ts';
import { ValueViewer } from '../../grid/value/value-viewer.tsx';
import { Button } from '../../ui/button.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { Callout, EmptyState } from '../../ui/states.tsx';
import { useCommand } from '../../workspace/commands.ts';
import type { Place } from '../../workspace/tab.ts';
import { DataFoot } from './data-foot.tsx';
import { DataGrid } from './data-grid.tsx';
import { applyQuery, type DataTab } from './data-tab.ts';
import { DataToolbar } from './data-toolbar.tsx';
import { FindValueDialog } from './find-value-dialog.tsx';
import { QueryBar } from './query-bar.tsx';
import { RelatedPanel } from './related-panel.tsx';

const liveEveryMs = 2_500;
type Card = 'record' | 'value';

export function RowsView({
  tab,
  place,
  onReadAnew,
}: {
  tab: DataTab;
  place: Extract<Place, { kind: 'data' }>;
  onReadAnew: () => void;
}) {
  const { live } = useStore(tab.store);
  const [card, setCard] = useState<Card | null>(null);
  const [related, setRelated] = useState(false);
  const [relatedPx, setRelatedPx] = useState(240);
  const [finding, setFinding] = useState<string | null>(null);
  useLive(tab, live);
  useCommand('data.refresh', () => tab.source.refresh(false));
  useCommand('data.find', () => setFinding(''));
  useCommand('data.related', () => setRelated((now) => !now));
  const valueAt = (row: number, column: number) => tab.source.row(row)?.cells[column] ?? null;
  const main = (
    <div className="relative h-full min-h-0">
      <DataGrid
        tab={tab}
        label={`Rows of ${tab.model.name}`}
        empty={<NoRows tab={tab} />}
        footer={<DataFoot tab={tab} />}
        onKey={(event) => {
          if (event.key !== 'Escape' || card === null) return false;
          setCard(null);
          return true;
        }}
        onOpenValue={() => setCard('value')}
        onOpenRecord={() => setCard('record')}
        moreItems={(row, column) => {
          const value = valueAt(row, column);
          return value === null || value === '' || value.length > 1000
            ? []
            : [{ label: 'Find this value in all tables…', run: () => setFinding(value) }];
        }}
      />
      {card && <SlideOver tab={tab} card={card} onCard={setCard} />}
    </div>
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes what lies over the rows, wherever the focus is
    <div
      className="flex h-full min-h-0 flex-col bg-surface"
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
      />
      <QueryBar tab={tab} />
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
function SlideOver({ tab, card, onCard }: { tab: DataTab; card: Card; onCard: (card: Card | null) => void }) {
  return (
    <aside
      aria-label={card === 'record' ? 'Row details' : 'Value'}
      className="absolute inset-y-0 right-0 z-10 w-[min(420px,70%)] border-l border-line bg-surface shadow-overlay"
    >
      {card === 'record' ? (
        <RecordView
          label="Row details"
          source={tab.source}
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
        <ValueCard tab={tab} onClose={() => onCard(null)} />
      )}
    </aside>
  );
}

function ValueCard({ tab, onClose }: { tab: DataTab; onClose: () => void }) {
  const { selection, layout } = useStore(tab.grid);
  const { row } = selection.active;
  const position = layout.visible[selection.active.position] ?? 0;
  const loaded = tab.source.row(row);
  const column = tab.model.columns[position];
  const shown = tab.columns[position];
  if (!column || !shown || !loaded) return <EmptyState title="No value" />;
  const { key } = loaded;
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

/** A piece of a value that is in memory, as a piece of a file would be. */
async function pieceOf(cell: string | null, offsetBytes: number, lengthBytes: number, base64: boolean) {
  const bytes = new TextEncoder().encode(cell ?? '');
  const piece = bytes.subarray(offsetBytes, offsetBytes + lengthBytes);
  const end = offsetBytes + piece.length;
  const text = base64 ? btoa(String.fromCharCode(...piece)) : new TextDecoder().decode(piece);
  return {
    isNull: cell === null,
    sizeBytes: bytes.length,
    text,
    nextOffsetBytes: end < bytes.length ? end : null,
  };
}
