import { ArrowDown, ArrowUp, CaseSensitive, X } from 'lucide-react';
import { type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextInput } from '../../ui/field.tsx';
import type { FindHit, FindRequest } from '../grid-source.ts';
import type { Sought } from '../model/find-rows.ts';

export interface FindBarHandle {
  readonly next: (backwards: boolean) => void;
  readonly focus: () => void;
}
export interface FindBarProps {
  readonly ref?: Ref<FindBarHandle>;
  readonly onFind: (request: FindRequest, signal: AbortSignal) => Promise<FindHit | null>;
  /** Where the search goes on from: the active cell. */
  readonly from: () => { readonly row: number; readonly column: number };
  readonly onHit: (hit: FindHit) => void;
  /** What is looked for now, for marking it; null while there is nothing. */
  readonly onSought: (sought: Sought) => void;
  /** Looks for the text on the server, among all rows. */
  readonly onServer?: ((text: string) => void) | undefined;
  readonly onClose: () => void;
}

/** Finds the next cell that holds a text among the fetched rows. */
export function FindBar({ ref, onFind, from, onHit, onSought, onServer, onClose }: FindBarProps) {
  const [text, setText] = useState('');
  const [matchCase, setMatchCase] = useState(false);
  const [said, setSaid] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => {
    input.current?.focus();
    return () => running.current?.abort();
  }, []);
  const next = async (backwards: boolean) => {
    if (text === '') return input.current?.focus();
    running.current?.abort();
    const control = new AbortController();
    running.current = control;
    setSaid('Searching…');
    onSought({ text, matchCase });
    const { row, column } = from();
    try {
      const request = { text, fromRow: row, fromColumn: column, backwards, matchCase };
      const hit = await onFind(request, control.signal);
      if (control.signal.aborted) return;
      setSaid(hit === null ? 'Not found in the fetched rows' : foundText(hit));
      if (hit) onHit(hit);
    } catch (thrown) {
      if (!control.signal.aborted) setSaid(`The search failed: ${thrown instanceof Error ? thrown.message : thrown}`);
    }
  };
  useImperativeHandle(ref, () => ({
    next: (backwards) => void next(backwards),
    focus: () => input.current?.select(),
  }));
  return (
    <search
      aria-label="Find in the fetched rows"
      className="flex min-h-9 shrink-0 flex-wrap items-center gap-1 border-b border-line bg-canvas px-2 py-1"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
        else if (event.key === 'Enter' && event.target === input.current) void next(event.shiftKey);
        else if (event.key === 'F3') void next(event.shiftKey);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <TextInput
        ref={input}
        aria-label="Text to find"
        placeholder="Find in the fetched rows"
        className="max-w-72 min-w-32 flex-1"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setSaid('');
          onSought(event.currentTarget.value === '' ? null : { text: event.currentTarget.value, matchCase });
        }}
      />
      <IconButton
        label="Match case"
        icon={<CaseSensitive size={16} strokeWidth={1.75} />}
        pressed={matchCase}
        onClick={() => {
          setMatchCase(!matchCase);
          if (text !== '') onSought({ text, matchCase: !matchCase });
        }}
      />
      <IconButton
        label="Find previous"
        keys="Shift+F3"
        icon={<ArrowUp size={16} strokeWidth={1.75} />}
        onClick={() => void next(true)}
      />
      <IconButton
        label="Find next"
        keys="F3"
        icon={<ArrowDown size={16} strokeWidth={1.75} />}
        onClick={() => void next(false)}
      />
      <span role="status" className="min-w-0 truncate px-1 text-xs text-muted">
        {said}
      </span>
      {onServer && (
        <Button small kind="quiet" disabled={text === ''} onClick={() => onServer(text)}>
          Search all rows on the server
        </Button>
      )}
      <IconButton label="Close find" className="ml-auto" icon={<X size={16} strokeWidth={1.75} />} onClick={onClose} />
    </search>
  );
}

const whole = (value: number) => value.toLocaleString('en-US');
const foundText = ({ row, wrapped, at, of }: FindHit) =>
  [
    `Row ${whole(row + 1)}`,
    ...(at && of ? [`${whole(at)} of ${whole(of)}`] : []),
    ...(wrapped ? ['from the other end'] : []),
  ].join(', ');
