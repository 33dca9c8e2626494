import { ArrowUpRight, X } from 'lucide-react';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import type { Reference } from '../../../shared/api/data.ts';
import { client } from '../../client/connect.ts';
import { useCall } from '../../client/use-call.ts';
import type { Where } from '../../editing/chosen-labels.ts';
import { editsIn } from '../../editing/edit-store.ts';
import type { GridRow } from '../../grid/grid-source.ts';
import { IconButton } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { FailureView } from '../../ui/failure-view.tsx';
import { EmptyState, Pending } from '../../ui/states.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { DataFoot } from './data-foot.tsx';
import { DataGrid } from './data-grid.tsx';
import { applyQuery, createDataTab, type DataTab, wantedQuery } from './data-tab.ts';
import { conditionOf, openData } from './open-data.ts';

const countText = (rows: number | null) =>
  rows === null ? '?' : rows > 1000 ? '1,000+' : rows.toLocaleString('en-US');
const nameOf = ({ other, otherColumns }: Reference) => visibleText(`${other.name} by ${otherColumns.join(', ')}`);

/** Below the rows: those of other tables that refer to the row at the cursor. It follows the cursor. */
export function RelatedPanel({ tab, onClose }: { tab: DataTab; onClose: () => void }) {
  const { model, where } = tab;
  const at = useStore(tab.grid, (now) => now.selection.active.row);
  const { source } = editsIn(tab);
  const row: GridRow | undefined = useSyncExternalStore(
    (changed) => source.subscribe(changed),
    () => source.row(at),
  );
  const [chosen, setChosen] = useState<string | null>(null);
  const values = useMemo(() => {
    const wanted = new Set(model.referencedBy.flatMap((reference) => reference.columns));
    return model.columns.flatMap((column, position) =>
      wanted.has(column.number) ? [{ column: column.number, value: row?.cells[position] ?? null }] : [],
    );
  }, [model, row]);
  const counts = useCall(client.data.related, row ? { ...where, values } : null);
  const shown = model.referencedBy.find((one) => one.constraint === chosen) ?? bestOf(model.referencedBy, counts.data);
  const condition = shown && row ? conditionOf(model, shown, row.cells) : null;
  return (
    <section aria-label="Related rows" className="flex h-full min-h-0 flex-col bg-surface">
      <header className="flex h-8 shrink-0 items-center gap-1 border-b border-line bg-canvas px-2">
        <h2 className="shrink-0 pr-1 text-xs font-semibold text-muted">Related rows</h2>
        <div role="tablist" aria-label="Tables that refer to this row" className="flex min-w-0 flex-1 overflow-x-auto">
          {model.referencedBy.map((reference) => {
            const count = counts.data?.find((one) => one.constraint === reference.constraint);
            return (
              <button
                key={`${reference.constraint} ${reference.other.oid}`}
                type="button"
                role="tab"
                aria-selected={reference === shown}
                onClick={() => setChosen(reference.constraint)}
                className={cx(
                  'h-6 shrink-0 rounded-md px-2 text-xs whitespace-nowrap',
                  reference === shown ? 'bg-selected text-ink' : 'text-muted hover:bg-hover hover:text-ink',
                )}
              >
                {nameOf(reference)}{' '}
                <span className="text-2xs text-faint tabular-nums">{count ? countText(count.rows) : '…'}</span>
              </button>
            );
          })}
        </div>
        {shown && condition && (
          <IconButton
            label="Open these rows in a tab"
            icon={<ArrowUpRight size={16} strokeWidth={1.75} />}
            onClick={() => openData(where, shown.other, condition)}
          />
        )}
        <IconButton label="Close related rows" icon={<X size={16} strokeWidth={1.75} />} onClick={onClose} />
      </header>
      <div className="min-h-0 flex-1">
        {counts.state === 'failed' && <FailureView failure={counts.failure} className="m-2" />}
        {model.referencedBy.length === 0 ? (
          <EmptyState title="No table refers to this one">There is no foreign key that points here.</EmptyState>
        ) : shown && condition !== null ? (
          <RelatedRows key={shown.other.oid} where={{ ...where, oid: shown.other.oid }} condition={condition} />
        ) : (
          <EmptyState title="No row is chosen" />
        )}
      </div>
    </section>
  );
}

/** The first table that has any such rows. */
function bestOf(
  references: readonly Reference[],
  counts: readonly { constraint: string; rows: number | null }[] | undefined,
): Reference | undefined {
  const full = counts?.find((count) => (count.rows ?? 0) > 0);
  return references.find((one) => one.constraint === full?.constraint) ?? references[0];
}

function RelatedRows({ where, condition }: { where: Where; condition: string }) {
  const model = useCall(client.data.describe, where);
  const [tab, setTab] = useState<DataTab | null>(null);
  const { data } = model;
  // biome-ignore lint/correctness/useExhaustiveDependencies: made once a relation; another condition is another query of it
  useEffect(() => {
    if (!data) return;
    const made = createDataTab(where, data, { where: condition, orderBy: '', search: '' });
    setTab(made);
    return () => made.source.stop();
  }, [data]);
  useEffect(() => {
    if (tab && wantedQuery(tab).where !== condition)
      void applyQuery(tab, { where: condition, orderBy: '', search: '' });
  }, [tab, condition]);
  if (model.state === 'failed' && !data) return <FailureView failure={model.failure} className="m-2" />;
  if (!tab) return <Pending label="Reading related rows" />;
  return (
    <DataGrid
      tab={tab}
      label="Related rows"
      empty={<EmptyState title="No related rows" />}
      footer={<DataFoot tab={tab} />}
    />
  );
}
