import { Eye, EyeOff } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Field, TextArea, TextInput } from '../../../ui/field.tsx';

export interface SecretFieldProps {
  readonly label: string;
  /** Undefined: as it is. Empty: to be forgotten. */
  readonly value: string | undefined;
  /** One is kept already; it is never sent to this page. */
  readonly saved: boolean;
  readonly onValue: (value: string | undefined) => void;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  /** A key or certificate: several lines. */
  readonly multiline?: boolean;
  readonly placeholder?: string;
  readonly autoFocus?: boolean;
}

/** A secret: typed in, never shown again. What is saved can only be replaced or forgotten. */
export function SecretField({
  label,
  value,
  saved,
  onValue,
  hint,
  error,
  multiline,
  placeholder,
  autoFocus,
}: SecretFieldProps) {
  const [shown, setShown] = useState(false);
  const forgotten = saved && value === '';
  const standing = saved && !forgotten ? 'Saved. Leave empty to keep it.' : (placeholder ?? '');
  const words = forgotten ? 'It is forgotten when you save.' : hint;
  const change = (text: string) => onValue(text === '' ? undefined : text);
  return (
    <Field label={label} hint={words} error={error}>
      {(ids) => (
        <div className="flex items-start gap-1">
          {multiline ? (
            <TextArea
              {...ids}
              mono
              rows={4}
              value={value ?? ''}
              placeholder={standing}
              onChange={(event) => change(event.currentTarget.value)}
            />
          ) : (
            <TextInput
              {...ids}
              type={shown ? 'text' : 'password'}
              autoComplete="new-password"
              autoFocus={autoFocus}
              value={value ?? ''}
              placeholder={standing}
              onChange={(event) => change(event.currentTarget.value)}
            />
          )}
          {!multiline && (
            <IconButton
              label={shown ? 'Hide what is typed' : 'Show what is typed'}
              pressed={shown}
              className="mt-0.5"
              icon={shown ? <EyeOff size={16} strokeWidth={1.75} /> : <Eye size={16} strokeWidth={1.75} />}
              onClick={() => setShown(!shown)}
            />
          )}
          {saved && (
            <Button kind="quiet" small className="mt-0.5" onClick={() => onValue(forgotten ? undefined : '')}>
              {forgotten ? 'Keep' : 'Forget'}
            </Button>
          )}
        </div>
      )}
    </Field>
  );
}
