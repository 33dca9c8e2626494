import { Plus } from 'lucide-react';
import { useState } from 'react';
import { type ConstraintModel, constraintKinds, type TableModel } from '../../../../shared/api/structure.ts';
import { referenceActions } from '../../../../shared/ddl/constraint-text.ts';
import { Button } from '../../../ui/button.tsx';
import { Field, Select, TextInput } from '../../../ui/field.tsx';
import { ListedInput } from '../../../ui/inputs/listed-input.tsx';
import { ConstraintDetails, hasDetails } from './constraint-details.tsx';
import { addItem, changeItem, columnList, merged, newConstraint, removeItem, restoreItem, usualName } from './edits.ts';
import { ColumnPicks, ListEditor } from './list-editor.tsx';
import type { PartProps } from './part.ts';

const words: Readonly<Record<ConstraintModel['kind'], string>> = {
  primaryKey: 'Primary key',
  unique: 'Unique',
  exclude: 'Exclude',
  check: 'Check',
  foreignKey: 'Foreign key',
};

export function ConstraintsEditor({ before, table, onChange, choices, major }: PartProps) {
  const rows = merged(before?.constraints ?? [], table.constraints).map(({ item, mark }) => ({
    ...item,
    mark,
    word: words[item.kind],
    fixed: item.inherited,
  }));
  return (
    <ListEditor
      label="Constraints"
      rows={rows}
      onChange={(key, change) => onChange(changeItem('constraints', key, change))}
      onDrop={(key) => onChange(removeItem('constraints', key))}
      onKeep={(key) => before && onChange(restoreItem('constraints', before, key))}
      details={(key) => {
        const constraint = table.constraints.find((each) => each.key === key);
        if (!constraint || constraint.inherited || !hasDetails(constraint)) return null;
        return (
          <ConstraintDetails
            constraint={constraint}
            old={before?.constraints.find((each) => each.key === key)}
            major={major}
            onDefinition={(definition) => onChange(changeItem('constraints', key, { definition }))}
          />
        );
      }}
    >
      <NewConstraint table={table} tables={choices.tables} onAdd={(made) => onChange(addItem('constraints', made))} />
    </ListEditor>
  );
}

const suffix: Readonly<Record<ConstraintModel['kind'], string>> = {
  primaryKey: 'pkey',
  unique: 'key',
  exclude: 'excl',
  check: 'check',
  foreignKey: 'fkey',
};

/** Puts the SQL together; it can be changed by hand afterwards. */
function NewConstraint({
  table,
  tables,
  onAdd,
}: {
  table: TableModel;
  tables: readonly string[];
  onAdd: (made: ConstraintModel) => void;
}) {
  // Nothing else can be held to of rows that are elsewhere.
  const kinds: readonly ConstraintModel['kind'][] = table.kind === 'foreignTable' ? ['check'] : constraintKinds;
  const [kind, setKind] = useState<ConstraintModel['kind']>(kinds.includes('foreignKey') ? 'foreignKey' : 'check');
  const [columns, setColumns] = useState<readonly string[]>([]);
  const [refers, setRefers] = useState('');
  const [referred, setReferred] = useState('');
  const [onDelete, setOnDelete] = useState('NO ACTION');
  const [expression, setExpression] = useState('');
  const names = table.columns.map(({ name }) => name).filter((name) => name !== '');
  const chosen = columns.filter((name) => names.includes(name));
  const byColumns = kind !== 'check' && kind !== 'exclude';
  const definition = definitionOf({ kind, chosen, refers, referred, onDelete, expression });
  const add = () => {
    onAdd(newConstraint(kind, definition, usualName(table, kind === 'primaryKey' ? [] : chosen, suffix[kind])));
    setColumns([]);
    setExpression('');
    setReferred('');
  };
  return (
    <fieldset className="flex min-w-0 flex-col gap-3 rounded-md border border-line p-3">
      <legend className="px-1 text-xs font-semibold text-muted">Add a constraint</legend>
      <div className="flex flex-wrap items-end gap-3">
        <Field label="Kind" className="w-36">
          {(ids) => (
            <Select
              {...ids}
              value={kind}
              onValue={setKind}
              options={kinds.map((value) => ({ value, label: words[value] }))}
            />
          )}
        </Field>
        {kind === 'foreignKey' && (
          <>
            <Field label="Refers to" className="min-w-48 flex-1">
              {(ids) => (
                <ListedInput
                  {...ids}
                  mono
                  placeholder="schema.table"
                  value={refers}
                  onChange={(event) => setRefers(event.currentTarget.value)}
                  offered={tables}
                />
              )}
            </Field>
            <Field label="Its columns" className="w-40">
              {(ids) => (
                <TextInput
                  {...ids}
                  mono
                  placeholder="its primary key"
                  value={referred}
                  onChange={(event) => setReferred(event.currentTarget.value)}
                />
              )}
            </Field>
            <Field label="When it is deleted" className="w-36">
              {(ids) => (
                <Select
                  {...ids}
                  value={onDelete}
                  onValue={setOnDelete}
                  options={referenceActions.map((value) => ({ value, label: value.toLowerCase() }))}
                />
              )}
            </Field>
          </>
        )}
        {!byColumns && (
          <Field label={kind === 'check' ? 'Condition' : 'Elements'} className="min-w-64 flex-1">
            {(ids) => (
              <TextInput
                {...ids}
                mono
                placeholder={kind === 'check' ? 'price > 0' : 'USING gist (room WITH =, during WITH &&)'}
                value={expression}
                onChange={(event) => setExpression(event.currentTarget.value)}
              />
            )}
          </Field>
        )}
      </div>
      {byColumns && <ColumnPicks label="Columns, in order" names={names} chosen={chosen} onChosen={setColumns} />}
      <div className="flex items-center gap-3">
        <Button small icon={<Plus size={14} strokeWidth={1.75} />} disabled={definition === ''} onClick={add}>
          Add constraint
        </Button>
        <code className="selectable min-w-0 truncate text-xs text-muted">{definition}</code>
      </div>
    </fieldset>
  );
}

interface Parts {
  readonly kind: ConstraintModel['kind'];
  readonly chosen: readonly string[];
  readonly refers: string;
  readonly referred: string;
  readonly onDelete: string;
  readonly expression: string;
}
/** Empty while something is missing. */
function definitionOf({ kind, chosen, refers, referred, onDelete, expression }: Parts): string {
  if (kind === 'check') return expression.trim() === '' ? '' : `CHECK (${expression.trim()})`;
  if (kind === 'exclude') return expression.trim() === '' ? '' : `EXCLUDE ${expression.trim()}`;
  if (chosen.length === 0) return '';
  if (kind !== 'foreignKey') return `${kind === 'primaryKey' ? 'PRIMARY KEY' : 'UNIQUE'} ${columnList(chosen)}`;
  if (refers.trim() === '') return '';
  const to = referred.trim() === '' ? '' : ` (${referred.trim()})`;
  const action = onDelete === 'NO ACTION' ? '' : ` ON DELETE ${onDelete}`;
  return `FOREIGN KEY ${columnList(chosen)} REFERENCES ${refers.trim()}${to}${action}`;
}
