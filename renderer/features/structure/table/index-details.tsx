import type { IndexModel } from '../../../../shared/api/structure.ts';
import { Checkbox, Field, Select } from '../../../ui/field.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { OptionLines } from './option-lines.tsx';

interface Props {
  readonly index: IndexModel;
  readonly isThere: boolean;
  readonly tablespaces: readonly string[];
  readonly onChange: (change: Partial<IndexModel>) => void;
}

/** Where an index lies, its storage parameters, and building it anew. */
export function IndexDetails({ index, isThere, tablespaces, onChange }: Props) {
  const { options, tablespace } = index;
  return (
    <fieldset
      className="grid grid-cols-1 gap-x-4 gap-y-2 px-10 py-3 @sm:grid-cols-2 @2xl:grid-cols-3"
      aria-label={`More about ${visibleText(index.name)}`}
    >
      <OptionLines placeholder="fillfactor=80" value={options} onValue={(now) => onChange({ options: now })} />
      <Field label="Tablespace">
        {(ids) => (
          <Select
            {...ids}
            value={tablespace ?? ''}
            onValue={(value) => onChange({ tablespace: value || null })}
            options={[
              { value: '', label: 'as the database has it' },
              ...tablespaces.map((each) => ({ value: each, label: each })),
            ]}
          />
        )}
      </Field>
      {isThere && (
        <Checkbox
          className="pt-5"
          label="Build it anew"
          hint={
            index.valid
              ? 'Where it is bloated, or new storage parameters are to hold for all of it.'
              : 'It is not valid: queries do not use it, and every write pays for it.'
          }
          checked={index.rebuild ?? false}
          onChange={(event) => {
            const { rebuild: _, ...rest } = index;
            onChange(event.currentTarget.checked ? { rebuild: true } : { ...rest, rebuild: undefined });
          }}
        />
      )}
    </fieldset>
  );
}
