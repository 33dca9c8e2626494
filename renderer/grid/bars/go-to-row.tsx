import { useEffect, useRef, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { TextInput } from '../../ui/field.tsx';
import { parseRow } from './parse-row.ts';

/** Asks for a row number. */
export function GoToRow({
  rowCount,
  onGo,
  onClose,
}: {
  rowCount: number;
  onGo: (row: number) => void;
  onClose: () => void;
}) {
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <form
      aria-label="Go to row"
      className="flex h-9 shrink-0 items-center gap-2 border-b border-line bg-canvas px-2"
      onSubmit={(event) => {
        event.preventDefault();
        const row = parseRow(text, rowCount);
        if (row === null) setWrong(true);
        else onGo(row);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <TextInput
        ref={input}
        aria-label="Row number"
        aria-invalid={wrong || undefined}
        inputMode="numeric"
        placeholder={`1 to ${rowCount.toLocaleString('en-US')}`}
        className="max-w-48"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setWrong(false);
        }}
      />
      <Button small type="submit">
        Go
      </Button>
      <Button small kind="quiet" onClick={onClose}>
        Cancel
      </Button>
      {wrong && (
        <span role="alert" className="text-xs text-danger">
          There is no such row: rows are 1 to {rowCount.toLocaleString('en-US')}.
        </span>
      )}
    </form>
  );
}
