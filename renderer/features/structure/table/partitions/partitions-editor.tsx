import { useState } from 'react';
import { partitionKey, readBound } from '../../../../../shared/ddl/partition-bound.ts';
import { counted, shownBytes } from '../../../../ui/amounts.ts';
import { SearchField } from '../../../../ui/inputs/search-field.tsx';
import { Callout, EmptyState } from '../../../../ui/states.tsx';
import { visibleText } from '../../../../ui/visible-text.ts';
import { CellInput } from '../../cells.tsx';
import { addItem, changeItem, merged, removeItem, restoreItem } from '../edits.ts';
import { ListLine, ListTable } from '../list-table.tsx';
import type { PartProps } from '../part.ts';
import { NewPartition, type Place } from './new-partition.tsx';

/** So many are drawn; a search narrows them. */
const shownAtMost = 200;

/** The partitions of a table: detached by the bin, made or attached below. */
export function PartitionsEditor({ place, ...props }: PartProps & { place: Place }) {
  const { before, table, onChange, choices } = props;
  const [search, setSearch] = useState('');
  const key = partitionKey(table.partitionBy);
  const rows = merged(before?.partitions ?? [], table.partitions);
  const wanted = search.trim().toLowerCase();
  const found = rows.filter(({ item }) => wanted === '' || `${item.name} ${item.bound}`.toLowerCase().includes(wanted));
  const pending = table.partitions.filter(({ detachPending }) => detachPending);
  return (
    <section aria-label="Partitions" className="flex h-full flex-col">
      {rows.length > 20 && (
        <div className="flex shrink-0 items-center gap-3 border-b border-line px-3 py-1.5">
          <div className="w-64">
            <SearchField label="Search partitions" placeholder="Name or values" value={search} onValue={setSearch} />
          </div>
          <span className="text-xs text-muted">{counted(found.length, 'partition')}</span>
        </div>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard, too */}
      <section aria-label="List of partitions" tabIndex={0} className="min-h-0 flex-1 overflow-auto">
        {pending.length > 0 && (
          <Callout tone="warning" className="m-3">
            The detach of {visibleText(pending.map(({ name }) => name).join(', '))} was broken off. Detach it once more
            to finish it: until then its rows are in sight of some and not of others.
          </Callout>
        )}
        {rows.length > 0 && (
          <ListTable
            headings={[
              { title: 'Name', width: 'w-[30%]' },
              { title: 'Rows it holds' },
              { title: 'Size', width: 'w-18 text-right' },
            ]}
          >
            {found.slice(0, shownAtMost).map(({ item, mark }) => (
              <ListLine
                key={item.key}
                label={visibleText(item.name === '' ? 'new partition' : item.name)}
                mark={mark}
                fixed={false}
                goneWords="to be detached"
                dropWord={item.state === 'there' ? 'Detach' : 'Take out'}
                onDrop={() => onChange(removeItem('partitions', item.key))}
                onKeep={() => before && onChange(restoreItem('partitions', before, item.key))}
                open={null}
                onOpen={() => undefined}
                cells={[
                  {
                    key: 'name',
                    className: 'truncate px-1.5 text-xs',
                    content: (
                      <span title={visibleText(`${item.schema}.${item.name}`)}>
                        {item.schema === table.schema ? '' : `${visibleText(item.schema)}.`}
                        {visibleText(item.name)}
                        {item.state === 'attached' && (
                          <span className="ml-1.5 text-2xs text-muted">to be attached</span>
                        )}
                        {item.detachPending && <span className="ml-1.5 text-2xs text-warning">detach not ended</span>}
                      </span>
                    ),
                  },
                  {
                    key: 'bound',
                    content: (
                      <CellInput
                        mono
                        aria-label={`Rows of ${visibleText(item.name)}`}
                        title={visibleText(item.bound)}
                        value={item.bound}
                        disabled={item.state === 'there'}
                        onChange={(event) =>
                          onChange(changeItem('partitions', item.key, { bound: event.currentTarget.value }))
                        }
                      />
                    ),
                  },
                  {
                    key: 'size',
                    className: 'px-1.5 text-right text-xs whitespace-nowrap text-muted tabular-nums',
                    content: item.state === 'new' ? 'new' : shownBytes(item.heapBytes),
                  },
                ]}
              />
            ))}
          </ListTable>
        )}
        {found.length > shownAtMost && (
          <p className="px-3 py-2 text-xs text-muted">
            {counted(found.length - shownAtMost, 'more partition')}: search to see them.
          </p>
        )}
        {rows.length === 0 && (
          <div className="pt-4">
            <EmptyState title="No partitions yet">Without one, no row can be inserted.</EmptyState>
          </div>
        )}
        <div className="p-3">
          {key === null ? (
            <p className="text-xs text-muted">Say on “Table” by what it is partitioned.</p>
          ) : (
            <NewPartition
              key={key.strategy}
              place={place}
              table={table}
              by={key}
              tables={choices.tables}
              hasDefault={table.partitions.some(({ bound }) => readBound(bound)?.kind === 'default')}
              onAdd={(made) => onChange(addItem('partitions', made))}
            />
          )}
        </div>
      </section>
    </section>
  );
}
