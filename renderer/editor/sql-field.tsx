/** SQL as a field of a form: the editor with its colours and completion, where a plain text area would stand. */
import { useRef } from 'react';
import type { SqlIntelligence } from '../../shared/complete/look/sql-intelligence.ts';
import { SqlEditor } from './sql-editor.tsx';

export interface SqlFieldProps {
  /** The accessible name: what the label above it says. */
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Lines that are in sight. */
  readonly rows: number;
  /** What is known of the database (workspace/completion); `behind` tells it what stands before the text. */
  readonly intelligence?: SqlIntelligence | undefined;
  readonly disabled?: boolean;
  readonly placeholder?: string | undefined;
  /** From Field, as its other controls take them. */
  readonly id?: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: true;
}

const fontSizePx = 12;
const lineHeightPx = Math.round(fontSizePx * 1.55);
const aroundPx = 12;

/** Monaco has one kind of line break in a text, and no byte order mark: that alone is no change of the value. */
const asShown = (text: string): string => text.replace(/\r\n?/g, '\n').replace(/^\uFEFF/, '');

export function SqlField({ label, value, onChange, rows, intelligence, disabled, placeholder, ...ids }: SqlFieldProps) {
  // The editor owns its text: it is made anew where the value has changed without it.
  const shown = useRef({ text: value, made: 0 });
  if (shown.current.text !== value) shown.current = { text: value, made: shown.current.made + 1 };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset brings a frame and a layout of its own
    <div
      role="group"
      aria-label={label}
      {...ids}
      style={{ height: rows * lineHeightPx + aroundPx }}
      className="resize-y overflow-hidden rounded-md border border-line-strong bg-surface focus-within:border-focus aria-invalid:border-danger"
    >
      <SqlEditor
        key={shown.current.made}
        inForm
        label={label}
        initialText={value}
        fontSizePx={fontSizePx}
        readOnly={disabled === true}
        {...(placeholder === undefined ? {} : { placeholder })}
        statement={null}
        running={null}
        error={null}
        intelligence={intelligence}
        onChange={({ text }) => {
          if (text === undefined || asShown(text) === asShown(shown.current.text)) return;
          shown.current.text = text;
          onChange(text);
        }}
      />
    </div>
  );
}
