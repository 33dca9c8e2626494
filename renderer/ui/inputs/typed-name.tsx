import { Field, TextInput } from '../field.tsx';
import { visibleText } from '../visible-text.ts';

export interface TypedNameProps {
  /** What has to be typed. */
  readonly name: string;
  /** What is done then: 'run it', 'save'. */
  readonly to: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

/** Asks for a name to be typed before something that cannot be taken back; whether it fits is the asker's to see. */
export function TypedName({ name, to, value, onValue }: TypedNameProps) {
  return (
    <Field label={`Type ${visibleText(name)} to ${to}`}>
      {(ids) => (
        <TextInput
          {...ids}
          mono
          autoFocus
          value={value}
          onChange={(event) => onValue(event.currentTarget.value)}
          className="max-w-80"
        />
      )}
    </Field>
  );
}
