import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { IndexModel, TableModel } from '../../../../shared/api/structure.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox, Field, Select, TextInput } from '../../../ui/field.tsx';
import { addItem, changeItem, columnList, merged, newIndex, removeItem, restoreItem, usualName } from './edits.ts';
import { IndexDetails } from './index-details.tsx';
import { ColumnPicks, ListEditor } from './list-editor.tsx';
import type { PartProps } from './part.ts';

export function IndexesEditor({ before, table, onChange, choices, major }: PartProps) {
  const rows = merged(before?.indexes ?? [], table.indexes).map(({ item, mark }) => ({
    ...item,
    mark,
    word: `${item.unique ? 'Unique' : 'Index'}${item.valid ? '' : ', invalid'}`,
    fixed: false,
  }));
  return (
    <ListEditor
      label="Indexes"
      rows={rows}
      onChange={(key, change) => onChange(changeItem('indexes', key, change))}
      onDrop={(key) => onChange(removeItem('indexes', key))}
      onKeep={(key) => before && onChange(restoreItem('indexes', before, key))}
      details={(key) => {
        const index = table.indexes.find((each) => each.key === key);
        if (!index) return null;
        return (
          <IndexDetails
            index={index}
            isThere={before?.indexes.some((each) => each.key === key) ?? false}
            tablespaces={choices.tablespaces}
            onChange={(change) => onChange(changeItem('indexes', key, change))}
          />
        );
      }}
    >
      <NewIndex
        table={table}
        methods={choices.indexMethods}
        major={major}
        onAdd={(made) => onChange(addItem('indexes', made))}
      />
    </ListEditor>
  );
}

/** Puts the SQL together; it can be changed by hand afterwards. */
function NewIndex({
  table,
  methods,
  major,
  onAdd,
}: {
  table: TableModel;
  methods: readonly string[];
  major: number;
  onAdd: (made: IndexModel) => void;
}) {
  const [method, setMethod] = useState('btree');
  const [unique, setUnique] = useState(false);
  const [columns, setColumns] = useState<readonly string[]>([]);
  const [expression, setExpression] = useState('');
  const [included, setIncluded] = useState<readonly string[]>([]);
  const [where, setWhere] = useState('');
  const [oneNull, setOneNull] = useState(false);
  const names = table.columns.map(({ name }) => name).filter((name) => name !== '');
  const chosen = columns.filter((name) => names.includes(name));
  const extra = included.filter((name) => names.includes(name) && !chosen.includes(name));
  const keys = [
    ...(chosen.length > 0 ? [columnList(chosen).slice(1, -1)] : []),
    ...(expression.trim() ? [expression.trim()] : []),
  ];
  const isUnique = unique && method === 'btree';
  const parts = [
    `USING ${method} (${keys.join(', ')})`,
    ...(extra.length > 0 ? [`INCLUDE ${columnList(extra)}`] : []),
    ...(isUnique && oneNull ? ['NULLS NOT DISTINCT'] : []),
    ...(where.trim() ? [`WHERE ${where.trim()}`] : []),
  ];
  const definition = keys.length === 0 ? '' : parts.join(' ');
  const covers = method === 'btree' || method === 'gist' || method === 'spgist';
  const add = () => {
    onAdd(newIndex(definition, isUnique, usualName(table, chosen, 'idx')));
    setColumns([]);
    setIncluded([]);
    setExpression('');
    setWhere('');
    setOneNull(false);
  };
  return (
    <fieldset className="flex min-w-0 flex-col gap-3 rounded-md border border-line p-3">
      <legend className="px-1 text-xs font-semibold text-muted">Add an index</legend>
      <div className="flex flex-wrap items-end gap-3">
        <Field label="Method" className="w-28">
          {(ids) => (
            <Select
              {...ids}
              value={method}
              onValue={setMethod}
              options={(methods.length > 0 ? methods : ['btree']).map((value) => ({ value, label: value }))}
            />
          )}
        </Field>
        <Field label="Expressions" className="min-w-48 flex-1">
          {(ids) => (
            <TextInput
              {...ids}
              mono
              placeholder="lower(name), at DESC, name gin_trgm_ops"
              value={expression}
              onChange={(event) => setExpression(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="Only rows WHERE" className="min-w-48 flex-1">
          {(ids) => (
            <TextInput
              {...ids}
              mono
              placeholder="deleted_at IS NULL"
              value={where}
              onChange={(event) => setWhere(event.currentTarget.value)}
            />
          )}
        </Field>
        {method === 'btree' && (
          <Checkbox
            label="Unique"
            className="pb-1"
            checked={unique}
            onChange={(event) => setUnique(event.currentTarget.checked)}
          />
        )}
        {isUnique && major >= 15 && (
          <Checkbox
            label="NULLs count as equal"
            className="pb-1"
            checked={oneNull}
            onChange={(event) => setOneNull(event.currentTarget.checked)}
          />
        )}
      </div>
      <ColumnPicks label="Columns, in order" names={names} chosen={chosen} onChosen={setColumns} />
      {covers && chosen.length > 0 && (
        <ColumnPicks
          label="Also kept in it (INCLUDE)"
          names={names.filter((name) => !chosen.includes(name))}
          chosen={extra}
          onChosen={setIncluded}
        />
      )}
      <div className="flex items-center gap-3">
        <Button small icon={<Plus size={14} strokeWidth={1.75} />} disabled={definition === ''} onClick={add}>
          Add index
        </Button>
        <code className="selectable min-w-0 truncate text-xs text-muted">{definition}</code>
      </div>
    </fieldset>
  );
}
