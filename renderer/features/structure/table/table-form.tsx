import type { ReactNode } from 'react';
import type { TableModel } from '../../../../shared/api/structure.ts';
import { Checkbox, Field, Select, TextArea, TextInput } from '../../../ui/field.tsx';
import { OptionLines } from './option-lines.tsx';

interface Lists {
  readonly schemas: readonly string[];
  readonly roles: readonly string[];
  readonly tablespaces: readonly string[];
  readonly servers: readonly string[];
}

/** Everything of a table that is no part of it. */
export function TableForm({
  before,
  table,
  onChange,
  lists,
}: {
  before: TableModel | null;
  table: TableModel;
  onChange: (change: (table: TableModel) => TableModel) => void;
  lists: Lists;
}) {
  const set = (change: Partial<TableModel>) => onChange((now) => ({ ...now, ...change }));
  const foreign = table.kind === 'foreignTable';
  const options = foreign ? table.foreignOptions : table.options;
  return (
    <div className="@container max-w-3xl p-4">
      <div className="grid grid-cols-1 gap-3 @md:grid-cols-2">
        <Choice label="Schema" value={table.schema} values={lists.schemas} onValue={(schema) => set({ schema })} />
        <Field label="Name">
          {(ids) => (
            <TextInput
              {...ids}
              value={table.name}
              autoFocus={before === null}
              onChange={(event) => set({ name: event.currentTarget.value })}
            />
          )}
        </Field>
        <Choice
          label="Owner"
          {...(before === null ? { none: 'you' } : {})}
          value={table.owner}
          values={lists.roles}
          onValue={(owner) => set({ owner })}
        />
        {!foreign && (
          <Choice
            label="Tablespace"
            none="as the database has it"
            value={table.tablespace ?? ''}
            values={lists.tablespaces}
            onValue={(tablespace) => set({ tablespace: tablespace || null })}
          />
        )}
        {foreign && before === null && (
          <Choice
            label="Foreign server"
            none="choose"
            value={table.server ?? ''}
            values={lists.servers}
            onValue={(server) => set({ server })}
          />
        )}
        {table.kind === 'partitionedTable' && (
          <Field label="Partitioned by" hint={before ? 'Cannot be changed.' : 'RANGE, LIST or HASH, and the columns.'}>
            {(ids) => (
              <TextInput
                {...ids}
                mono
                value={table.partitionBy ?? ''}
                disabled={before !== null}
                onChange={(event) => set({ partitionBy: event.currentTarget.value })}
              />
            )}
          </Field>
        )}
        {before === null && table.kind === 'table' && (
          <Field label="Partition of" hint="Left empty: a table of its own. Its columns are the parent’s.">
            {(ids) => (
              <TextInput
                {...ids}
                mono
                placeholder="schema.parent"
                value={table.partitionOf?.parent ?? ''}
                onChange={(event) => {
                  const parent = event.currentTarget.value;
                  set({
                    partitionOf:
                      parent === '' ? null : { parent, bound: table.partitionOf?.bound ?? 'FOR VALUES FROM () TO ()' },
                  });
                }}
              />
            )}
          </Field>
        )}
        {before === null && table.partitionOf && (
          <Field label="Its rows" hint="FOR VALUES …, or DEFAULT">
            {(ids) => (
              <TextInput
                {...ids}
                mono
                value={table.partitionOf?.bound ?? ''}
                onChange={(event) =>
                  set({ partitionOf: { parent: table.partitionOf?.parent ?? '', bound: event.currentTarget.value } })
                }
              />
            )}
          </Field>
        )}
        <Field label="Comment" className="@md:col-span-2">
          {(ids) => (
            <TextArea
              {...ids}
              value={table.comment ?? ''}
              onChange={(event) => set({ comment: event.currentTarget.value || null })}
            />
          )}
        </Field>
        <OptionLines
          {...(foreign ? { label: 'Options' } : {})}
          className="@md:col-span-2"
          rows={3}
          placeholder={foreign ? 'table_name=orders' : 'fillfactor=80\nautovacuum_vacuum_scale_factor=0.02'}
          value={options}
          onValue={(now) => set(foreign ? { foreignOptions: now } : { options: now })}
        />
        {!foreign && (
          <div className="flex flex-col gap-2 @md:col-span-2">
            {table.kind === 'table' && (
              <Checkbox
                label="Unlogged"
                hint="Faster to write, emptied by a crash, not on standbys."
                checked={table.unlogged}
                onChange={(event) => set({ unlogged: event.currentTarget.checked })}
              />
            )}
            <Checkbox
              label="Row security"
              hint="Rows are seen only as policies let them be."
              checked={table.rowSecurity}
              onChange={(event) => set({ rowSecurity: event.currentTarget.checked })}
            />
            <Checkbox
              label="Also for the owner"
              checked={table.forceRowSecurity}
              onChange={(event) => set({ forceRowSecurity: event.currentTarget.checked })}
            />
          </div>
        )}
      </div>
    </div>
  );
}

function Choice({
  label,
  none,
  value,
  values,
  onValue,
}: {
  label: string;
  none?: string;
  value: string;
  values: readonly string[];
  onValue: (value: string) => void;
}): ReactNode {
  const all = values.includes(value) || value === '' ? values : [value, ...values];
  return (
    <Field label={label}>
      {(ids) => (
        <Select
          {...ids}
          value={value}
          onValue={onValue}
          options={[
            ...(none === undefined ? [] : [{ value: '', label: none }]),
            ...all.map((each) => ({ value: each, label: each })),
          ]}
        />
      )}
    </Field>
  );
}
