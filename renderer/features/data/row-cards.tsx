import { useLayoutEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import type { StagedSource } from '../../editing/staged-source.ts';
import { RecordView } from '../../grid/record-view.tsx';
import { pieceOf } from '../../grid/value/piece-of.ts';
import type { LoadPiece } from '../../grid/value/value-piece.ts';
import { ValueViewer } from '../../grid/value/value-viewer.tsx';
import { Callout, EmptyState } from '../../ui/states.tsx';
import type { DataTab } from './data-tab.ts';

export type Card = 'record' | 'value';

/** Over the right part of the rows: the whole row, or one value of it. */
export function SlideOver({
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
  const aside = useRef<HTMLElement>(null);
  // What has the focus goes with the card: the rows below it go on.
  useLayoutEffect(() => {
    const own = aside.current;
    return () => {
      if (own?.contains(document.activeElement)) own.parentElement?.querySelector<HTMLElement>('[role=grid]')?.focus();
    };
  }, []);
  return (
    <aside
      ref={aside}
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
        <ValueCard tab={tab} source={source} onRecord={() => onCard('record')} onClose={() => onCard(null)} />
      )}
    </aside>
  );
}

interface ValueCardProps {
  readonly tab: DataTab;
  readonly source: StagedSource;
  readonly onRecord: () => void;
  readonly onClose: () => void;
}

function ValueCard({ tab, source, onRecord, onClose }: ValueCardProps) {
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
          onRecord={onRecord}
          onClose={onClose}
        />
      </div>
    </div>
  );
}
