import { useState } from 'react';
import { failureFrom } from '../../client/failure.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextArea, TextInput } from '../../ui/field.tsx';

export interface Prompt {
  readonly title: string;
  readonly label: string;
  readonly value: string;
  readonly confirm: string;
  readonly several?: boolean;
  /** What it throws is shown at the field. */
  readonly take: (text: string) => Promise<void> | void;
}

/** Asks for one text: a name, or what a note says. */
export function NamePrompt({ prompt, onClose }: { prompt: Prompt; onClose: () => void }) {
  const [text, setText] = useState(prompt.value);
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const take = async () => {
    if (text.trim() === '') return;
    setBusy(true);
    try {
      await prompt.take(text.trim());
      onClose();
    } catch (thrown) {
      setError(failureFrom(thrown).message);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={prompt.title}
      width="small"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" busy={busy} disabled={text.trim() === ''} onClick={() => void take()}>
            {prompt.confirm}
          </Button>
        </>
      }
    >
      <Field label={prompt.label} error={error}>
        {(ids) =>
          prompt.several ? (
            <TextArea {...ids} rows={5} value={text} onChange={(event) => setText(event.currentTarget.value)} />
          ) : (
            <TextInput
              {...ids}
              value={text}
              maxLength={120}
              onChange={(event) => setText(event.currentTarget.value)}
              onKeyDown={(event) => event.key === 'Enter' && void take()}
            />
          )
        }
      </Field>
    </Dialog>
  );
}
