import { useLayoutEffect, useRef, useState } from 'react';
import type { DataColumn } from '../../../shared/api/data.ts';
import { Button } from '../../ui/button.tsx';
import { TextArea } from '../../ui/field.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { JsonPanel } from './json-panel.tsx';

/** Whether the server's json would take it; its own reader decides in the end. */
function problemOf(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

/** A text of several lines; JSON beside its tree. What is not touched stays as it is written. */
export function TextPanel({
  column,
  text,
  typed,
  json,
  onText,
}: {
  column: DataColumn;
  text: string | null;
  /** A key was typed: it goes on behind it. */
  typed: boolean;
  json: boolean;
  onText: (text: string | null) => void;
}) {
  const area = useRef<HTMLTextAreaElement>(null);
  const [tree, setTree] = useState(false);
  useLayoutEffect(() => {
    const field = area.current;
    field?.focus({ preventScroll: true });
    if (typed) field?.setSelectionRange(field.value.length, field.value.length);
  }, [typed]);
  const problem = json && text !== null ? problemOf(text) : null;
  return (
    <div className="flex w-[min(480px,60vw)] flex-col gap-1.5">
      <TextArea
        ref={area}
        mono
        rows={7}
        aria-label={`New value of ${visibleText(column.name)}`}
        placeholder={text === null ? 'NULL' : ''}
        value={text ?? ''}
        onChange={(event) => onText(event.currentTarget.value)}
      />
      <div className="flex items-center gap-2">
        <span
          role="status"
          className={problem ? 'min-w-0 flex-1 truncate text-2xs text-danger' : 'flex-1 text-2xs text-faint'}
        >
          {problem ?? 'Ctrl+Enter takes it, Escape leaves it'}
        </span>
        {json && (
          <Button
            small
            kind="quiet"
            disabled={!tree && (problem !== null || text === null)}
            onClick={() => setTree(!tree)}
          >
            {tree ? 'Hide tree' : 'Tree'}
          </Button>
        )}
      </div>
      {tree && text !== null && (
        <div className="rounded-md border border-line p-1">
          <JsonPanel text={text} onText={onText} />
        </div>
      )}
    </div>
  );
}
