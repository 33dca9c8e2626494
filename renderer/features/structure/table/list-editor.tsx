/** Constraints and indexes: a name and the SQL that says what it is, each changed in place; more of it under the row. */
import { type ReactNode, useState } from 'react';
import { visibleText } from '../../../ui/visible-text.ts';
import { CellInput, type Mark } from '../cells.tsx';
import { ListLine, ListTable } from './list-table.tsx';

export interface ListRow {
  readonly key: string;
  readonly name: string;
  readonly definition: string;
  readonly comment: string | null;
  readonly mark: Mark;
  readonly word: string;
  /** It comes from elsewhere and is changed there. */
  readonly fixed: boolean;
}
export interface ListEditorProps {
  readonly label: string;
  readonly rows: readonly ListRow[];
  readonly onChange: (key: string, change: { name?: string; definition?: string; comment?: string | null }) => void;
  readonly onDrop: (key: string) => void;
  readonly onKeep: (key: string) => void;
  /** What is rarely changed; null where there is no more. */
  readonly details: (key: string) => ReactNode | null;
  readonly children: ReactNode;
}

export function ListEditor({ label, rows, details, children, ...changes }: ListEditorProps) {
  const [openKey, setOpenKey] = useState<string | null>(null);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard, too
    <section aria-label={label} tabIndex={0} className="@container h-full overflow-auto">
      {rows.length > 0 && (
        <ListTable
          headings={[
            { title: 'Kind', width: 'w-[92px]' },
            { title: 'Name', width: 'w-[23%]' },
            { title: 'Definition' },
            { title: 'Comment', width: 'w-[15%]' },
          ]}
        >
          {rows.map((row) => (
            <Row
              key={row.key}
              row={row}
              more={row.mark === 'gone' ? null : details(row.key)}
              open={openKey === row.key}
              onOpen={() => setOpenKey(openKey === row.key ? null : row.key)}
              {...changes}
            />
          ))}
        </ListTable>
      )}
      <div className="p-3">{children}</div>
    </section>
  );
}

interface RowProps extends Pick<ListEditorProps, 'onChange' | 'onDrop' | 'onKeep'> {
  readonly row: ListRow;
  readonly more: ReactNode | null;
  readonly open: boolean;
  readonly onOpen: () => void;
}
function Row({ row, more, open, onOpen, onChange, onDrop, onKeep }: RowProps) {
  const { key, mark, fixed } = row;
  const gone = mark === 'gone';
  const label = row.name === '' ? row.word : visibleText(row.name);
  const cells = [
    {
      key: 'kind',
      className: 'truncate text-xs text-muted',
      content: <span title={row.word}>{row.word}</span>,
    },
    {
      key: 'name',
      content: (
        <CellInput
          aria-label={`Name of ${label}`}
          placeholder="named by the server"
          value={row.name}
          disabled={gone || fixed}
          onChange={(event) => onChange(key, { name: event.currentTarget.value })}
        />
      ),
    },
    {
      key: 'definition',
      content: (
        <CellInput
          mono
          aria-label={`Definition of ${label}`}
          title={row.definition}
          value={row.definition}
          disabled={gone || fixed}
          onChange={(event) => onChange(key, { definition: event.currentTarget.value })}
        />
      ),
    },
    {
      key: 'comment',
      content: (
        <CellInput
          aria-label={`Comment of ${label}`}
          value={row.comment ?? ''}
          disabled={gone || row.name === ''}
          onChange={(event) => onChange(key, { comment: event.currentTarget.value || null })}
        />
      ),
    },
  ];
  return (
    <ListLine
      label={label}
      mark={mark}
      cells={cells}
      fixed={fixed}
      onDrop={() => onDrop(key)}
      onKeep={() => onKeep(key)}
      open={more === null ? null : open}
      onOpen={onOpen}
    >
      {more}
    </ListLine>
  );
}

/** Columns to be ticked, in the order in which they were. */
export function ColumnPicks({
  names,
  chosen,
  onChosen,
  label,
}: {
  names: readonly string[];
  chosen: readonly string[];
  onChosen: (names: readonly string[]) => void;
  label: string;
}) {
  return (
    <fieldset className="flex max-h-28 flex-wrap gap-x-4 gap-y-1 overflow-auto">
      <legend className="pb-1 text-xs font-medium text-muted">{label}</legend>
      {names.map((name) => {
        const place = chosen.indexOf(name);
        return (
          <label key={name} className="flex items-center gap-1.5 text-xs">
            <input
              type="checkbox"
              className="size-3.5 accent-(--accent)"
              checked={place >= 0}
              onChange={() => onChosen(place >= 0 ? chosen.filter((each) => each !== name) : [...chosen, name])}
            />
            {visibleText(name)}
            {place >= 0 && chosen.length > 1 && <span className="text-2xs text-faint tabular-nums">{place + 1}</span>}
          </label>
        );
      })}
    </fieldset>
  );
}
