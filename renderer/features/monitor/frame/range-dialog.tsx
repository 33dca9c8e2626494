import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, TextInput } from '../../../ui/field.tsx';

/** What a `datetime-local` field takes: local time without a zone. */
function localText(ms: number): string {
  const at = new Date(ms);
  return new Date(ms - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

/** Asks for a stretch of time. */
export function RangeDialog(props: {
  title?: string;
  from: number;
  to: number;
  onClose: () => void;
  onTake: (fromMs: number, toMs: number) => void;
}) {
  const [from, setFrom] = useState(localText(props.from));
  const [to, setTo] = useState(localText(props.to));
  const fromMs = new Date(from).getTime();
  const toMs = new Date(to).getTime();
  const error = Number.isNaN(fromMs) || Number.isNaN(toMs) ? 'Both are needed.' : undefined;
  const wrong = error ?? (toMs - fromMs < 1000 ? 'The end must be at least a second after the beginning.' : undefined);
  return (
    <Dialog
      open
      onClose={props.onClose}
      title={props.title ?? 'Show a stretch of time'}
      width="small"
      footer={
        <Button
          kind="primary"
          disabled={wrong !== undefined}
          onClick={() => {
            props.onTake(fromMs, toMs);
            props.onClose();
          }}
        >
          Show
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label="From" hint="In the time zone of this machine.">
          {(ids) => (
            <TextInput
              {...ids}
              type="datetime-local"
              step={1}
              value={from}
              onChange={(event) => setFrom(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="To" error={wrong}>
          {(ids) => (
            <TextInput
              {...ids}
              type="datetime-local"
              step={1}
              value={to}
              onChange={(event) => setTo(event.currentTarget.value)}
            />
          )}
        </Field>
      </div>
    </Dialog>
  );
}
