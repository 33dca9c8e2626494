import type { FormValues } from '../../../../shared/api/structure.ts';
import { behind, type SqlIntelligence } from '../../../../shared/complete/look/sql-intelligence.ts';
import type { ChoiceList, FormField } from '../../../../shared/ddl/forms/form.ts';
import { SqlField } from '../../../editor/sql-field.tsx';
import { Checkbox, Field, Select, TextArea } from '../../../ui/field.tsx';
import { ListedInput } from '../../../ui/inputs/listed-input.tsx';

export type Choices = { readonly [List in ChoiceList]: readonly string[] } & { readonly versionNum: number };

interface Props {
  readonly fields: readonly FormField[];
  readonly values: FormValues;
  readonly isNew: boolean;
  readonly major: number;
  readonly choices: Choices;
  readonly intelligence: SqlIntelligence;
  readonly onChange: (name: string, value: FormValues[string]) => void;
  /** The field one came for; none: the first, of something new. */
  readonly focused?: string;
}

/** The fields of a form, two beside each other where they are short. */
export function FormFields({ fields, values, isNew, major, choices, intelligence, onChange, focused }: Props) {
  const shown = fields.filter(
    ({ only, since }) => (only === undefined || (only === 'create') === isNew) && (since ?? 0) <= major,
  );
  return (
    <div className="@container max-w-3xl">
      <div className="grid grid-cols-1 gap-3 @md:grid-cols-2">
        {shown.map((field, at) => (
          <OneField
            key={field.name}
            field={field}
            value={values[field.name] ?? ''}
            isNew={isNew}
            disabled={!isNew && field.fixed === true}
            autoFocus={focused === undefined ? at === 0 && isNew : field.name === focused}
            options={optionsOf(field, choices, major)}
            intelligence={field.behind ? behind(field.behind(values), intelligence) : intelligence}
            onChange={(value) => onChange(field.name, value)}
          />
        ))}
      </div>
    </div>
  );
}

type Option = readonly [value: string, label: string];
const optionsOf = ({ from, options }: FormField, choices: Choices, major: number): readonly Option[] =>
  options
    ? options.filter(([, , since]) => (since ?? 0) <= major).map(([value, label]) => [value, label])
    : from
      ? choices[from].map((each) => [each, each])
      : [];

interface OneProps {
  readonly field: FormField;
  readonly value: FormValues[string];
  readonly isNew: boolean;
  readonly disabled: boolean;
  readonly autoFocus: boolean;
  readonly options: readonly Option[];
  readonly intelligence: SqlIntelligence;
  readonly onChange: (value: FormValues[string]) => void;
}
function OneField({ field, value, isNew, disabled, autoFocus, options, intelligence, onChange }: OneProps) {
  const { label, input, hint, placeholder } = field;
  if (input === 'check')
    return (
      <Checkbox
        className="@md:col-span-2"
        label={label}
        {...(hint ? { hint } : {})}
        checked={value === true}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  if (input === 'picks')
    return (
      <Picks
        label={label}
        options={options}
        value={Array.isArray(value) ? value : []}
        disabled={disabled}
        onValue={onChange}
      />
    );
  const isCode = input === 'code' || input === 'condition';
  const wide = isCode || input === 'lines' || field.wide === true;
  const text = Array.isArray(value) ? value.join('\n') : String(value);
  return (
    <Field label={label} hint={disabled ? undefined : hint} className={wide ? '@md:col-span-2' : ''}>
      {(ids) => {
        if (input === 'choice') {
          const mayBeNone = field.none !== undefined && (isNew || !field.noneOnlyNew || text === '');
          const known = text === '' || options.some(([each]) => each === text);
          return (
            <Select
              {...ids}
              value={text}
              disabled={disabled}
              onValue={onChange}
              options={[
                ...(mayBeNone ? [{ value: '', label: field.none ?? '' }] : []),
                ...(known ? [] : [{ value: text, label: text }]),
                ...options.map(([each, words]) => ({ value: each, label: words })),
              ]}
            />
          );
        }
        if (isCode)
          return (
            <SqlField
              {...ids}
              label={label}
              rows={input === 'code' ? 18 : 3}
              placeholder={placeholder}
              value={text}
              disabled={disabled}
              intelligence={intelligence}
              onChange={onChange}
            />
          );
        if (input === 'lines')
          return (
            <TextArea
              {...ids}
              mono
              rows={Math.min(12, Math.max(3, text.split('\n').length + 1))}
              placeholder={placeholder}
              value={text}
              disabled={disabled}
              autoFocus={autoFocus}
              onChange={(event) => onChange(event.currentTarget.value.split('\n'))}
            />
          );
        return (
          <ListedInput
            {...ids}
            mono={input === 'sql'}
            placeholder={placeholder}
            value={text}
            disabled={disabled}
            autoFocus={autoFocus}
            onChange={(event) => onChange(event.currentTarget.value)}
            offered={options.map(([each]) => each)}
          />
        );
      }}
    </Field>
  );
}

/** Any of a few, in their own order whatever the order in which they were ticked. */
function Picks({
  label,
  options,
  value,
  disabled,
  onValue,
}: {
  label: string;
  options: readonly Option[];
  value: readonly string[];
  disabled: boolean;
  onValue: (value: string[]) => void;
}) {
  const toggled = (each: string) =>
    options.map(([other]) => other).filter((other) => value.includes(other) !== (other === each));
  return (
    <fieldset className="flex min-w-0 flex-col gap-1 @md:col-span-2">
      <legend className="pb-1 text-xs font-medium text-muted">{label}</legend>
      <div className="flex flex-wrap gap-x-5 gap-y-1">
        {options.map(([each, words]) => (
          <Checkbox
            key={each}
            label={words}
            checked={value.includes(each)}
            disabled={disabled}
            onChange={() => onValue(toggled(each))}
          />
        ))}
      </div>
    </fieldset>
  );
}
