import { useState } from 'react';
import { failureFrom } from '../../../client/failure.ts';
import { Button } from '../../../ui/button.tsx';
import { Field, TextInput } from '../../../ui/field.tsx';
import { visibleText } from '../../../ui/visible-text.ts';

interface PasteFieldProps {
  /** A text is being read: what comes of it is not in the form yet. */
  readonly reading: boolean;
  /** Fills the form; resolves with what could not be taken over. */
  readonly onFill: (text: string) => Promise<readonly string[]>;
}

/** A URL or keyword string that fills the form; what could not be taken over is said under it. */
export function PasteField({ reading, onFill }: PasteFieldProps) {
  const [text, setText] = useState('');
  const [notes, setNotes] = useState<readonly string[]>([]);
  const [error, setError] = useState<string>();
  const [filled, setFilled] = useState(false);

  const fill = async (from: string) => {
    if (from.trim() === '') return;
    try {
      setNotes(await onFill(from));
      setFilled(true);
      // It may hold a password, which must not stay on the screen.
      setText('');
    } catch (thrown) {
      setError(failureFrom(thrown).message);
    }
  };
  const done = notes.length > 0 ? notes.map(visibleText).join(' ') : 'The form below is filled.';
  return (
    <Field label="Paste a URL or a libpq string" error={error} hint={filled ? done : undefined}>
      {(ids) => (
        <div className="flex gap-2">
          <TextInput
            {...ids}
            mono
            value={text}
            placeholder="postgres://user@host:5432/database  or  host=… dbname=…"
            onChange={(event) => {
              setText(event.currentTarget.value);
              setError(undefined);
            }}
            onPaste={(event) => {
              const pasted = event.clipboardData.getData('text');
              if (text !== '' || !/^\s*(\S*postgres\S*:\/\/|psql\s|[a-z]+\s*=)/i.test(pasted)) return;
              event.preventDefault();
              setText(pasted);
              void fill(pasted);
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              void fill(text);
            }}
          />
          <Button disabled={text.trim() === ''} busy={reading} onClick={() => void fill(text)}>
            Fill in
          </Button>
        </div>
      )}
    </Field>
  );
}
