import { useMemo, useState } from 'react';
import type { BackupItem } from '../../../../shared/api/backups.ts';
import { shownBytes, shownCount } from '../../../ui/amounts.ts';
import { Button } from '../../../ui/button.tsx';
import { SearchField } from '../../../ui/inputs/search-field.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { kindWords } from '../backup-words.ts';
import { isObject, pickedItems } from './picked-items.ts';

/** More are found by typing a part of their name. */
const mostShown = 400;

export interface ContentsPickerProps {
  readonly items: readonly BackupItem[];
  readonly picked: ReadonlySet<number>;
  readonly onPicked: (picked: ReadonlySet<number>) => void;
}

/** The objects of a backup by schema, each with its rows; what a picked one needs comes along and is said. */
export function ContentsPicker({ items, picked, onPicked }: ContentsPickerProps) {
  const [text, setText] = useState('');
  const objects = useMemo(() => items.filter(isObject), [items]);
  const rowsOf = useMemo(
    () =>
      new Map(
        items.flatMap(({ kind, needs, rows, bytes }) =>
          kind === 'rows' && needs[0] !== undefined ? [[needs[0], { rows: rows ?? 0, bytes }]] : [],
        ),
      ),
    [items],
  );
  const found = objects.filter(({ schema, name, kind }) =>
    `${kindWords(kind)} ${schema ?? ''}.${name}`.toLowerCase().includes(text.trim().toLowerCase()),
  );
  const shown = found.slice(0, mostShown);
  const groups = Map.groupBy(shown, ({ schema }) => schema ?? '');
  const all = useMemo(() => new Set(pickedItems(items, picked)), [items, picked]);
  const needed = objects.filter(({ id }) => all.has(id) && !picked.has(id));
  const set = (ids: readonly number[], on: boolean) => {
    const next = new Set(picked);
    for (const id of ids)
      if (on) next.add(id);
      else next.delete(id);
    onPicked(next);
  };
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center gap-2">
        <SearchField
          label="Find in the backup"
          placeholder="Find in the backup"
          value={text}
          onValue={setText}
          className="w-64"
        />
        <Button
          small
          onClick={() =>
            set(
              found.map(({ id }) => id),
              true,
            )
          }
        >
          Pick {text.trim() === '' ? 'all' : 'these'}
        </Button>
        <Button
          small
          onClick={() =>
            set(
              found.map(({ id }) => id),
              false,
            )
          }
        >
          Leave {text.trim() === '' ? 'all' : 'these'}
        </Button>
        <span className="ml-auto text-xs text-muted tabular-nums">
          {shownCount(picked.size)} of {shownCount(objects.length)} picked
        </span>
      </div>
      <section aria-label="Contents" className="h-64 overflow-auto rounded-md border border-line text-xs">
        {[...groups].map(([schema, members]) => (
          <section key={schema} aria-label={schema === '' ? 'Of the whole database' : visibleText(schema)}>
            <h3 className="sticky top-0 flex h-6 items-center gap-2 bg-canvas px-2 font-medium text-muted">
              {schema === '' ? 'Of the whole database' : visibleText(schema)}
            </h3>
            {members.map((item) => {
              const rows = rowsOf.get(item.id);
              return (
                <label key={item.id} className="flex h-6 items-center gap-2 px-3 hover:bg-hover">
                  <input
                    type="checkbox"
                    className="accent-(--accent)"
                    checked={picked.has(item.id)}
                    onChange={(event) => set([item.id], event.currentTarget.checked)}
                  />
                  <span className="min-w-0 truncate">{visibleText(item.name)}</span>
                  <span className="text-muted">{kindWords(item.kind)}</span>
                  {all.has(item.id) && !picked.has(item.id) && (
                    <span className="text-warning">needed by what is picked</span>
                  )}
                  {rows && (
                    <span className="ml-auto text-muted tabular-nums">
                      {shownCount(rows.rows)} rows, {shownBytes(rows.bytes)}
                    </span>
                  )}
                </label>
              );
            })}
          </section>
        ))}
        {found.length > shown.length && (
          <p className="p-2 text-muted">
            {shownCount(found.length - shown.length)} more: type a part of the name to find them.
          </p>
        )}
      </section>
      {needed.length > 0 && (
        <p className="text-xs text-muted">
          Comes along because it is needed:{' '}
          {visibleText(
            needed
              .slice(0, 6)
              .map(({ name }) => name)
              .join(', '),
          )}
          {needed.length > 6 && ` and ${shownCount(needed.length - 6)} more`}.
        </p>
      )}
    </div>
  );
}
