import type { ColumnModel } from '../../../../shared/api/structure.ts';
import { sameType, typeChange } from '../../../../shared/ddl/type-change.ts';
import { Field, Select, TextInput } from '../../../ui/field.tsx';
import { ListedInput } from '../../../ui/inputs/listed-input.tsx';
import { OptionLines } from './option-lines.tsx';
import type { PartProps } from './part.ts';

interface Props extends PartProps {
  readonly column: ColumnModel;
  readonly label: string;
  readonly isNew: boolean;
  readonly fixed: boolean;
  readonly set: (change: Partial<ColumnModel>) => void;
}

type Source = '' | 'always' | 'byDefault' | 'stored' | 'virtual';
const sourceOf = ({ identity, generated }: ColumnModel): Source => identity || generated;

/** What is rarely changed of a column. */
export function ColumnDetails({ column, label, isNew, fixed, set, before, table, choices, major }: Props) {
  const old = before?.columns.find(({ key }) => key === column.key);
  const isForeign = table.kind === 'foreignTable';
  const rewrites =
    !isForeign && old && !sameType(old.type, column.type) && typeChange(old.type, column.type) === 'rewrite';
  const source = sourceOf(column);
  const sources: { value: Source; label: string }[] = [
    { value: '', label: 'Default, or NULL' },
    ...(isForeign
      ? []
      : [
          { value: 'always' as const, label: 'Identity, always' },
          { value: 'byDefault' as const, label: 'Identity, by default' },
        ]),
    ...(isNew || column.generated === 'stored' ? [{ value: 'stored' as const, label: 'Generated, stored' }] : []),
    ...((isNew && major >= 18) || column.generated === 'virtual'
      ? [{ value: 'virtual' as const, label: 'Generated, virtual' }]
      : []),
  ];
  const choose = (value: Source) =>
    set({
      identity: value === 'always' || value === 'byDefault' ? value : '',
      generated: value === 'stored' || value === 'virtual' ? value : '',
      ...(value === 'always' || value === 'byDefault' ? { notNull: true, expression: null } : {}),
    });
  return (
    <fieldset
      className="grid grid-cols-1 gap-x-4 gap-y-2 px-10 py-3 @sm:grid-cols-2 @2xl:grid-cols-3"
      aria-label={`More about ${label}`}
    >
      <Field label="Where values come from">
        {(ids) => <Select {...ids} value={source} options={sources} disabled={fixed} onValue={choose} />}
      </Field>
      {rewrites && (
        <Field label="Values become the new type by (USING)" hint="Left empty: by a cast.">
          {(ids) => (
            <TextInput
              {...ids}
              mono
              value={column.using ?? ''}
              onChange={(event) => set({ using: event.currentTarget.value })}
            />
          )}
        </Field>
      )}
      <Field label="Collation">
        {(ids) => (
          <ListedInput
            {...ids}
            mono={column.collation !== null}
            placeholder="as the type has it"
            value={column.collation ?? ''}
            disabled={fixed}
            onChange={(event) => set({ collation: event.currentTarget.value || null })}
            offered={choices.collations}
          />
        )}
      </Field>
      {!isForeign && (
        <Field label="Storage">
          {(ids) => (
            <Select
              {...ids}
              value={column.storage ?? ''}
              disabled={fixed}
              options={[
                { value: '', label: 'as the type has it' },
                ...['PLAIN', 'MAIN', 'EXTERNAL', 'EXTENDED'].map((value) => ({ value, label: value.toLowerCase() })),
              ]}
              onValue={(value) => set({ storage: value || null })}
            />
          )}
        </Field>
      )}
      {major >= 14 && !isForeign && (
        <Field label="Compression">
          {(ids) => (
            <Select
              {...ids}
              value={column.compression ?? ''}
              disabled={fixed}
              options={[
                { value: '', label: 'as the server has it' },
                { value: 'pglz', label: 'pglz' },
                { value: 'lz4', label: 'lz4' },
              ]}
              onValue={(value) => set({ compression: value || null })}
            />
          )}
        </Field>
      )}
      <Field label="Statistics target">
        {(ids) => (
          <TextInput
            {...ids}
            inputMode="numeric"
            placeholder="as the server has it"
            value={column.statistics ?? ''}
            onChange={(event) => {
              const text = event.currentTarget.value.trim();
              if (/^\d{0,5}$/.test(text)) set({ statistics: text === '' ? null : Math.min(10_000, Number(text)) });
            }}
          />
        )}
      </Field>
      {isForeign && (
        <OptionLines
          label="Options"
          hint="What the wrapper is told of it, one a line: name=value"
          placeholder="column_name=id"
          value={column.foreignOptions}
          onValue={(foreignOptions) => set({ foreignOptions })}
        />
      )}
      <OptionLines
        label="Told to ANALYZE"
        hint="One a line: name=value"
        placeholder="n_distinct=-0.5"
        value={column.options}
        onValue={(options) => set({ options })}
      />
    </fieldset>
  );
}
