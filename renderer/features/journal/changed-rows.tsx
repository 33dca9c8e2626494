import type { JournalChange } from '../../../shared/journal/change.ts';
import { cx } from '../../ui/class-names.ts';
import { visibleText } from '../../ui/visible-text.ts';
import { type ChangedCell, changedCells } from './changed-cells.ts';

const kinds = { added: 'added', changed: 'changed', deleted: 'deleted' } as const;
const colours = {
  added: 'bg-success-soft text-success',
  changed: 'bg-accent-soft text-accent',
  deleted: 'bg-danger-soft text-danger',
} as const;

/** Each row by its key, and what became of its columns. */
export function ChangedRows({ changes }: { changes: readonly JournalChange[] }) {
  return (
    <ul className="flex flex-col">
      {changes.map((change, at) => {
        const { kind, key, cells } = changedCells(change);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list does not change
          <li key={at} className="selectable flex gap-2 border-t border-line py-1 text-xs first:border-t-0">
            <span
              className={cx('h-[18px] w-14 shrink-0 rounded-sm text-center text-2xs leading-[18px]', colours[kind])}
            >
              {kinds[kind]}
            </span>
            {/* Beside each other where there is room; else the columns stand below their row. */}
            <span className="flex min-w-0 flex-1 flex-wrap gap-x-2 gap-y-0.5 font-mono">
              <span className="w-48 shrink-0 truncate" title={visibleText(`${change.schema}.${change.table}`)}>
                {visibleText(`${change.table} ${key}`)}
              </span>
              <span className="flex min-w-0 flex-1 basis-44 flex-wrap gap-x-4 gap-y-0.5">
                {cells.map((cell) => (
                  <Cell key={cell.name} cell={cell} />
                ))}
              </span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Cell({ cell: { name, before, after } }: { cell: ChangedCell }) {
  return (
    <span className="max-w-full truncate">
      <span className="text-muted">{visibleText(name)} </span>
      {before !== undefined && <Value value={before} gone={after !== undefined} />}
      {before !== undefined && after !== undefined && <span className="text-faint"> → </span>}
      {after !== undefined && <Value value={after} gone={false} />}
    </span>
  );
}

const longest = 120;

function Value({ value, gone }: { value: string | null; gone: boolean }) {
  if (value === null) return <span className="text-faint">NULL</span>;
  const shown = visibleText(value.length > longest ? `${value.slice(0, longest)}…` : value);
  return <span className={cx(gone && 'text-muted line-through')}>{shown}</span>;
}
