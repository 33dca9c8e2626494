import { ArrowDown, ArrowUp, CaseSensitive, X } from 'lucide-react';
import { type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
import { IconButton } from '../../ui/button.tsx';
import { TextInput } from '../../ui/field.tsx';
import type { FindHit, FindRequest } from '../grid-source.ts';

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
  readonly onClose: () => void;
}

/** Finds the next cell that holds a text among the fetched rows. */
export function FindBar({ ref, onFind, from, onHit, onClose }: FindBarProps) {
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
      className="flex h-9 shrink-0 items-center gap-1 border-b border-line bg-canvas px-2"
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
        className="max-w-72"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setSaid('');
        }}
      />
      <IconButton
        label="Match case"
        icon={<CaseSensitive size={16} strokeWidth={1.75} />}
        pressed={matchCase}
        onClick={() => setMatchCase(!matchCase)}
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
      <IconButton label="Close find" className="ml-auto" icon={<X size={16} strokeWidth={1.75} />} onClick={onClose} />
    </search>
  );
}

const foundText = (hit: FindHit) =>
  `Row ${(hit.row + 1).toLocaleString('en-US')}${hit.wrapped ? ', from the other end' : ''}`;
