import { KeyRound, Plus } from 'lucide-react';
import { useId, useState } from 'react';
import type { ColumnModel, TableModel } from '../../../../shared/api/structure.ts';
import { identifier } from '../../../../shared/sql/quote.ts';
import { Button } from '../../../ui/button.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { CellInput, type Mark } from '../cells.tsx';
import { ColumnDetails } from './column-details.tsx';
import { addItem, changeItem, merged, newColumn, removeItem, restoreItem } from './edits.ts';
import { ListLine, ListTable } from './list-table.tsx';
import type { PartProps } from './part.ts';

/** The columns, to be typed into like a table. */
export function ColumnsEditor(props: PartProps) {
  const { before, table, onChange, choices } = props;
  const [openKey, setOpenKey] = useState<string | null>(null);
  const typeList = useId();
  const rows = merged(before?.columns ?? [], table.columns);
  const keys = primaryKey(table);
  return (
    <div className="flex h-full flex-col">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard, too */}
      <section aria-label="Columns" tabIndex={0} className="@container min-h-0 flex-1 overflow-auto">
        <datalist id={typeList}>
          {choices.types.map((type) => (
            <option key={type} value={type} />
          ))}
        </datalist>
        <ListTable
          headings={[
            { title: 'Name', width: 'w-[20%]' },
            { title: 'Type', width: 'w-[25%]' },
            { title: 'Not null', width: 'w-14' },
            { title: 'Default' },
            { title: 'Comment', width: 'w-[14%]' },
          ]}
        >
          {rows.map(({ item, mark }) => (
            <Row
              key={item.key}
              column={item}
              mark={mark}
              isKey={keys.includes(item.name)}
              typeList={typeList}
              open={openKey === item.key}
              onOpen={() => setOpenKey(openKey === item.key ? null : item.key)}
              {...props}
            />
          ))}
        </ListTable>
        <div className="p-2">
          <Button
            small
            icon={<Plus size={14} strokeWidth={1.75} />}
            onClick={() => onChange(addItem('columns', newColumn()))}
          >
            Add column
          </Button>
        </div>
      </section>
    </div>
  );
}

interface RowProps extends PartProps {
  readonly column: ColumnModel;
  readonly mark: Mark;
  readonly isKey: boolean;
  readonly typeList: string;
  readonly open: boolean;
  readonly onOpen: () => void;
}
function Row({ column, mark, isKey, typeList, open, onOpen, ...part }: RowProps) {
  const { before, onChange } = part;
  const gone = mark === 'gone';
  const fixed = gone || column.inherited;
  const set = (change: Partial<ColumnModel>) => onChange(changeItem('columns', column.key, change));
  const label = column.name === '' ? 'new column' : visibleText(column.name);
  const { identity } = column;
  const cells = [
    {
      key: 'name',
      content: (
        <span className="flex items-center">
          <CellInput
            aria-label={`Name of ${label}`}
            value={column.name}
            placeholder="name"
            disabled={fixed}
            autoFocus={mark === 'new' && column.name === ''}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          {isKey && (
            <KeyRound
              size={12}
              strokeWidth={2}
              className="mr-1 shrink-0 text-warning"
              aria-label="in the primary key"
            />
          )}
        </span>
      ),
    },
    {
      key: 'type',
      content: (
        <CellInput
          mono
          list={typeList}
          aria-label={`Type of ${label}`}
          title={visibleText(column.type)}
          value={column.type}
          disabled={fixed}
          onChange={(event) => set({ type: event.currentTarget.value })}
        />
      ),
    },
    {
      key: 'not null',
      className: 'text-center',
      content: (
        <input
          type="checkbox"
          className="size-3.5 align-middle accent-(--accent)"
          aria-label={`${label} is not null`}
          checked={column.notNull}
          disabled={fixed || identity !== ''}
          onChange={(event) => set({ notNull: event.currentTarget.checked })}
        />
      ),
    },
    {
      key: 'default',
      content: (
        <CellInput
          mono
          aria-label={`Default of ${label}`}
          title={visibleText(column.expression ?? '')}
          value={identity !== '' ? '' : (column.expression ?? '')}
          placeholder={identity !== '' ? `identity, ${identity === 'always' ? 'always' : 'by default'}` : ''}
          disabled={fixed || identity !== ''}
          onChange={(event) => set({ expression: event.currentTarget.value || null })}
        />
      ),
    },
    {
      key: 'comment',
      content: (
        <CellInput
          aria-label={`Comment of ${label}`}
          value={column.comment ?? ''}
          disabled={gone}
          onChange={(event) => set({ comment: event.currentTarget.value || null })}
        />
      ),
    },
  ];
  return (
    <ListLine
      label={label}
      mark={mark}
      cells={cells}
      fixed={column.inherited}
      onDrop={() => onChange(removeItem('columns', column.key))}
      onKeep={() => before && onChange(restoreItem('columns', before, column.key))}
      open={open}
      onOpen={onOpen}
    >
      <ColumnDetails column={column} label={label} isNew={mark === 'new'} fixed={fixed} set={set} {...part} />
    </ListLine>
  );
}

/** Names of the columns in the primary key, as far as its text is a plain list. */
function primaryKey(table: TableModel): string[] {
  const key = table.constraints.find(({ kind }) => kind === 'primaryKey');
  const inside = key ? /^PRIMARY KEY \((.*)\)/i.exec(key.definition)?.[1] : undefined;
  if (inside === undefined) return [];
  return table.columns.filter(({ name }) => name !== '' && listed(inside, identifier(name))).map(({ name }) => name);
}
const listed = (inside: string, name: string): boolean => `, ${inside}, `.includes(`, ${name}, `);
