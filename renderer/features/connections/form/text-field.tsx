import type { ComponentProps } from 'react';
import { Field, TextArea, TextInput } from '../../../ui/field.tsx';

interface Parts {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly hint?: string;
  readonly error?: string | undefined;
}

/** One line of text with its label. */
export function TextField({
  label,
  value,
  onValue,
  hint,
  error,
  ...rest
}: Parts & Omit<ComponentProps<'input'>, 'value'>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(ids) => <TextInput {...ids} {...rest} value={value} onChange={(event) => onValue(event.currentTarget.value)} />}
    </Field>
  );
}

/** Several lines in the monospaced face: certificates, SQL, parameters. */
export function LinesField({
  label,
  value,
  onValue,
  hint,
  error,
  ...rest
}: Parts & Omit<ComponentProps<'textarea'>, 'value'>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(ids) => (
        <TextArea {...ids} {...rest} mono value={value} onChange={(event) => onValue(event.currentTarget.value)} />
      )}
    </Field>
  );
}
