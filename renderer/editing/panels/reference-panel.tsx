import { useDeferredValue, useState } from 'react';
import type { DataColumn, Reference } from '../../../shared/api/data.ts';
import { client } from '../../client/connect.ts';
import { useCall } from '../../client/use-call.ts';
import { FailureView } from '../../ui/failure-view.tsx';
import { TextInput } from '../../ui/field.tsx';
import { Spinner } from '../../ui/states.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { chosenLabel, type Where } from '../chosen-labels.ts';

/** The rows that a foreign key may point at, found by their key or by words. */
export function ReferencePanel({
  where,
  reference,
  column,
  text,
  onPick,
}: {
  where: Where;
  reference: Reference;
  column: DataColumn;
  text: string | null;
  onPick: (text: string) => void;
}) {
  const [contains, setContains] = useState('');
  const looked = useDeferredValue(contains);
  const label = chosenLabel(where, reference) ?? '';
  const rows = useCall(client.data.pick, {
    ...where,
    constraint: reference.constraint,
    label,
    contains: looked,
  });
  const part = reference.columns.indexOf(column.number);
  return (
    <div className="flex w-80 flex-col gap-1">
      <TextInput
        type="search"
        aria-label={`Search ${visibleText(reference.other.name)}`}
        placeholder={`Search ${visibleText(reference.other.name)}`}
        value={contains}
        onChange={(event) => setContains(event.currentTarget.value)}
      />
      {rows.state === 'failed' && <FailureView failure={rows.failure} />}
      {!rows.data && rows.state === 'pending' && <Spinner label="Looking" />}
      <ul aria-label="Rows to refer to">
        {rows.data?.map(({ key, label: words }) => (
          <li key={key.join('\u0001')}>
            <button
              type="button"
              aria-pressed={key[part] === text}
              className="flex h-6 w-full items-center gap-2 rounded-sm px-1.5 text-left text-xs hover:bg-hover aria-pressed:bg-selected"
              onClick={() => onPick(key[part] ?? '')}
            >
              <span className="shrink-0 tabular-nums">{visibleText(key.join(', '))}</span>
              <span className="min-w-0 flex-1 truncate text-muted">{visibleText(words ?? '')}</span>
            </button>
          </li>
        ))}
      </ul>
      {rows.data?.length === 0 && <p className="text-xs text-muted">No row contains this.</p>}
      {rows.data?.length === 50 && <p className="text-2xs text-faint">The first 50: type to find others.</p>}
    </div>
  );
}
