import { useEffect, useState } from 'react';
import { Field, TextInput } from '../../ui/field.tsx';

/** A heading and its settings. */
export function Group({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-3 border-t border-line pt-4">
      <h2 className="text-sm font-semibold">{title}</h2>
      {children}
    </section>
  );
}

interface NumberSettingProps {
  readonly label: string;
  readonly unit: string;
  readonly hint?: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly onSave: (value: number) => void;
}

/** A whole number that is saved when it is left or Enter is pressed. */
export function NumberSetting({ label, unit, hint, value, min, max, onSave }: NumberSettingProps) {
  const [typed, setTyped] = useState(String(value));
  useEffect(() => setTyped(String(value)), [value]);
  const number = Number(typed.replaceAll(/[,_ ]/g, ''));
  const fits = Number.isInteger(number) && number >= min && number <= max;
  const save = () => fits && number !== value && onSave(number);
  return (
    <Field
      label={label}
      hint={hint}
      error={fits ? undefined : `A whole number from ${min.toLocaleString('en')} to ${max.toLocaleString('en')}.`}
    >
      {(ids) => (
        <div className="flex items-center gap-2">
          <TextInput
            {...ids}
            inputMode="numeric"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            onBlur={save}
            onKeyDown={(event) => event.key === 'Enter' && save()}
            className="max-w-40 tabular-nums"
          />
          <span className="text-sm text-muted">{unit}</span>
        </div>
      )}
    </Field>
  );
}
