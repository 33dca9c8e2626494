import { Field, TextArea } from '../../../ui/field.tsx';

/** A list of `name=value`, one a line. */
export function OptionLines({
  label = 'Storage parameters',
  hint = 'One a line: name=value',
  rows = 2,
  className,
  placeholder,
  value,
  onValue,
}: {
  label?: string;
  hint?: string;
  rows?: number;
  className?: string;
  placeholder: string;
  value: readonly string[];
  onValue: (options: string[]) => void;
}) {
  return (
    <Field label={label} hint={hint} {...(className ? { className } : {})}>
      {(ids) => (
        <TextArea
          {...ids}
          mono
          rows={rows}
          placeholder={placeholder}
          value={value.join('\n')}
          onChange={(event) => {
            // The line that is being typed stays, also while it says nothing yet.
            const lines = event.currentTarget.value.split('\n');
            onValue(lines.length === 1 && lines[0] === '' ? [] : lines);
          }}
        />
      )}
    </Field>
  );
}
