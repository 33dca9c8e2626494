/** Constraints and indexes: a name and the SQL that says what it is, each changed in place. */
import { Trash2, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '../../../ui/button.tsx';
import { cx } from '../../../ui/class-names.ts';
import { visibleText } from '../../../ui/visible-text.ts';
import { CellInput, headClass, type Mark, markClass, markWords } from '../cells.tsx';

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
  readonly children: ReactNode;
}

export function ListEditor({ label, rows, onChange, onDrop, onKeep, children }: ListEditorProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard, too
    <section aria-label={label} tabIndex={0} className="h-full overflow-auto">
      {rows.length > 0 && (
        <table className="w-full min-w-[540px] table-fixed border-separate border-spacing-0">
          <thead>
            <tr>
              <th scope="col" className={cx(headClass, 'w-[110px] pl-3')}>
                Kind
              </th>
              <th scope="col" className={cx(headClass, 'w-[26%]')}>
                Name
              </th>
              <th scope="col" className={headClass}>
                Definition
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
            {rows.map((row) => (
              <Row key={row.key} row={row} onChange={onChange} onDrop={onDrop} onKeep={onKeep} />
            ))}
          </tbody>
        </table>
      )}
      <div className="p-3">{children}</div>
    </section>
  );
}

function Row({
  row,
  onChange,
  onDrop,
  onKeep,
}: { row: ListRow } & Pick<ListEditorProps, 'onChange' | 'onDrop' | 'onKeep'>) {
  const { key, mark, fixed } = row;
  const gone = mark === 'gone';
  const label = row.name === '' ? row.word : visibleText(row.name);
  const cell = cx('border-b border-line p-0', gone && 'opacity-60');
  return (
    <tr aria-label={`${label} ${markWords[mark]}`.trim()} className={gone ? 'line-through' : ''}>
      <td className={cx(cell, 'truncate border-l-2 pl-2.5 text-xs text-muted', markClass[mark])}>{row.word}</td>
      <td className={cell}>
        <CellInput
          aria-label={`Name of ${label}`}
          placeholder="named by the server"
          value={row.name}
          disabled={gone || fixed}
          onChange={(event) => onChange(key, { name: event.currentTarget.value })}
        />
      </td>
      <td className={cell}>
        <CellInput
          mono
          aria-label={`Definition of ${label}`}
          title={row.definition}
          value={row.definition}
          disabled={gone || fixed}
          onChange={(event) => onChange(key, { definition: event.currentTarget.value })}
        />
      </td>
      <td className={cell}>
        <CellInput
          aria-label={`Comment of ${label}`}
          value={row.comment ?? ''}
          disabled={gone || row.name === ''}
          onChange={(event) => onChange(key, { comment: event.currentTarget.value || null })}
        />
      </td>
      <td className={cell}>
        {gone ? (
          <IconButton
            label={`Keep ${label}`}
            icon={<Undo2 size={14} strokeWidth={1.75} />}
            onClick={() => onKeep(key)}
          />
        ) : (
          <IconButton
            label={`Drop ${label}`}
            disabled={fixed}
            icon={<Trash2 size={14} strokeWidth={1.75} />}
            onClick={() => onDrop(key)}
          />
        )}
      </td>
    </tr>
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
