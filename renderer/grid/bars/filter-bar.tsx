import { useEffect, useRef, useState } from 'react';
import { type FilterOperator, filterOperators } from '../../../shared/rows/row-words.ts';
import { Button } from '../../ui/button.tsx';
import { Select, TextInput } from '../../ui/field.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import type { GridColumn, GridFilter } from '../grid-source.ts';
import { operatorNames, takesValue } from './filter-text.ts';

const options = filterOperators.map((value) => ({ value, label: operatorNames[value] }));

/** Adds one condition on a column, for the fetched rows. */
export function FilterBar({
  column,
  info,
  onAdd,
  onClose,
  scope = 'of the fetched rows',
}: {
  column: number;
  info: GridColumn | undefined;
  onAdd: (filter: GridFilter) => void;
  onClose: () => void;
  /** Which rows it concerns, where that is not all. */
  scope?: string;
}) {
  const [operator, setOperator] = useState<FilterOperator>(info?.category === 'S' ? 'contains' : 'equals');
  const [value, setValue] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <form
      aria-label={scope ? 'Filter the fetched rows' : 'Filter'}
      className="flex h-9 shrink-0 items-center gap-2 border-b border-line bg-canvas px-2"
      onSubmit={(event) => {
        event.preventDefault();
        onAdd({ column, operator, value: takesValue(operator) ? value : '' });
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <span className="min-w-0 max-w-56 truncate text-xs font-medium">{visibleText(info?.name ?? '')}</span>
      <div className="w-36 shrink-0">
        <Select aria-label="Condition" value={operator} options={options} onValue={setOperator} />
      </div>
      {takesValue(operator) && (
        <TextInput
          ref={input}
          aria-label="Value to compare with"
          className="max-w-72"
          maxLength={10_000}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
      )}
      <Button small kind="primary" type="submit">
        Filter
      </Button>
      <Button small kind="quiet" onClick={onClose}>
        Cancel
      </Button>
      <span className="truncate text-xs text-muted">{scope}</span>
    </form>
  );
}
