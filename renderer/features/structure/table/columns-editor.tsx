import { ChevronDown, ChevronRight, KeyRound, Plus, Trash2, Undo2 } from 'lucide-react';
import { useId, useState } from 'react';
import type { ColumnModel, TableModel } from '../../../../shared/api/structure.ts';
import { identifier } from '../../../../shared/sql/quote.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { cx } from '../../../ui/class-names.ts';
import { visibleText } from '../../../ui/visible-text.ts';
import { CellInput, headClass, type Mark, markClass, markWords } from '../cells.tsx';
import { ColumnDetails } from './column-details.tsx';
import { addItem, changeItem, merged, newColumn, removeItem, restoreItem } from './edits.ts';
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
      <section aria-label="Columns" tabIndex={0} className="min-h-0 flex-1 overflow-auto">
        <datalist id={typeList}>
          {choices.types.map((type) => (
            <option key={type} value={type} />
          ))}
        </datalist>
        <table className="w-full min-w-[540px] table-fixed border-separate border-spacing-0">
          <thead>
            <tr>
              <th scope="col" className={cx(headClass, 'w-8')}>
                <span className="sr-only">More</span>
              </th>
              <th scope="col" className={cx(headClass, 'w-[23%]')}>
                Name
              </th>
              <th scope="col" className={cx(headClass, 'w-[23%]')}>
                Type
              </th>
              <th scope="col" className={cx(headClass, 'w-14')}>
                Not null
              </th>
              <th scope="col" className={headClass}>
                Default
              </th>
              <th scope="col" className={cx(headClass, 'w-[18%]')}>
                Comment
              </th>
              <th scope="col" className={cx(headClass, 'w-9')}>
                <span className="sr-only">Drop</span>
              </th>
            </tr>
          </thead>
          <tbody>
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
          </tbody>
        </table>
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
  const cell = cx('border-b border-line p-0', gone && 'opacity-60');
  const Arrow = open ? ChevronDown : ChevronRight;
  return (
    <>
      <tr aria-label={`${label} ${markWords[mark]}`.trim()} className={gone ? 'line-through' : ''}>
        <td className={cx(cell, 'border-l-2', markClass[mark])}>
          <IconButton
            label={`More about ${label}`}
            aria-expanded={open}
            disabled={gone}
            icon={<Arrow size={14} strokeWidth={1.75} />}
            onClick={onOpen}
          />
        </td>
        <td className={cell}>
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
        </td>
        <td className={cell}>
          <CellInput
            mono
            list={typeList}
            aria-label={`Type of ${label}`}
            value={column.type}
            disabled={fixed}
            onChange={(event) => set({ type: event.currentTarget.value })}
          />
        </td>
        <td className={cx(cell, 'text-center')}>
          <input
            type="checkbox"
            className="size-3.5 align-middle accent-(--accent)"
            aria-label={`${label} is not null`}
            checked={column.notNull}
            disabled={fixed || column.identity !== ''}
            onChange={(event) => set({ notNull: event.currentTarget.checked })}
          />
        </td>
        <td className={cell}>
          <CellInput
            mono
            aria-label={`Default of ${label}`}
            value={column.identity !== '' ? '' : (column.expression ?? '')}
            placeholder={
              column.identity !== '' ? `identity, ${column.identity === 'always' ? 'always' : 'by default'}` : ''
            }
            disabled={fixed || column.identity !== ''}
            onChange={(event) => set({ expression: event.currentTarget.value || null })}
          />
        </td>
        <td className={cell}>
          <CellInput
            aria-label={`Comment of ${label}`}
            value={column.comment ?? ''}
            disabled={gone}
            onChange={(event) => set({ comment: event.currentTarget.value || null })}
          />
        </td>
        <td className={cell}>
          {gone ? (
            <IconButton
              label={`Keep ${label}`}
              icon={<Undo2 size={14} strokeWidth={1.75} />}
              onClick={() => before && onChange(restoreItem('columns', before, column.key))}
            />
          ) : (
            <IconButton
              label={`Drop ${label}`}
              disabled={column.inherited}
              icon={<Trash2 size={14} strokeWidth={1.75} />}
              onClick={() => onChange(removeItem('columns', column.key))}
            />
          )}
        </td>
      </tr>
      {open && !gone && (
        <tr>
          <td colSpan={7} className="border-b border-line bg-canvas p-0">
            <ColumnDetails column={column} label={label} isNew={mark === 'new'} fixed={fixed} set={set} {...part} />
          </td>
        </tr>
      )}
    </>
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
