import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { Suggestion } from '../../../../shared/complete/suggestion.ts';
import { cx } from '../../../ui/class-names.ts';

export interface Offer {
  readonly from: number;
  readonly to: number;
  readonly suggestions: readonly Suggestion[];
}

const mostShown = 10;
/** Tab stops have no meaning in one line. */
const plainInsert = ({ insert, isSnippet }: Suggestion) =>
  isSnippet ? insert.replace(/\$\{\d+:([^}]*)\}|\$\d+/g, '$1').replace(/\\([\\$}])/g, '$1') : insert;

/** One line of SQL that completes as it is typed. Enter takes it; what is wrong with it is said below, where it is. */
export function ConditionInput({
  label,
  word,
  placeholder,
  value,
  fault,
  offer,
  onApply,
  className,
  focusKey,
}: {
  label: string;
  /** Shown before the text: WHERE. */
  word: string;
  placeholder: string;
  value: string;
  fault: { readonly message: string; readonly at: number | null } | null;
  /** What may stand at the caret; null while nothing is known. */
  offer: (text: string, caret: number) => Offer | null;
  onApply: (text: string) => void;
  className?: string;
  focusKey?: string;
}) {
  const [text, setText] = useState(value);
  const [open, setOpen] = useState<Offer | null>(null);
  const [chosen, setChosen] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const faultId = useId();
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (fault?.at !== null && fault?.at !== undefined && document.activeElement === input.current)
      input.current?.setSelectionRange(fault.at, fault.at);
  }, [fault]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: more is known by now of what is being typed
  useEffect(() => {
    if (document.activeElement === input.current && text !== value && !open)
      ask(text, input.current?.selectionStart ?? text.length);
  }, [offer]);
  const shown = open?.suggestions.slice(0, mostShown) ?? [];
  const ask = (now: string, caret: number) => {
    const found = offer(now, caret);
    const useful = found && found.suggestions.length > 0 && !sameAs(found, now) ? found : null;
    setOpen(useful);
    setChosen(0);
  };
  const take = (suggestion: Suggestion) => {
    if (!open) return;
    const { from, to } = suggestion.replaces ?? open;
    const inserted = plainInsert(suggestion);
    const next = text.slice(0, from) + inserted + text.slice(to);
    setText(next);
    setOpen(null);
    const caret = from + inserted.length;
    requestAnimationFrame(() => input.current?.setSelectionRange(caret, caret));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const wanted = shown[chosen];
    if (event.key === ' ' && event.ctrlKey) ask(text, event.currentTarget.selectionStart ?? text.length);
    else if (open && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setChosen((chosen + step + shown.length) % shown.length);
    } else if (open && wanted && (event.key === 'Tab' || (event.key === 'Enter' && chosen > 0))) take(wanted);
    else if (event.key === 'Escape' && open) setOpen(null);
    else if (event.key === 'Escape' && text !== value) setText(value);
    else if (event.key === 'Enter') {
      setOpen(null);
      onApply(text);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={cx('relative min-w-0', className)}>
      <div
        className={cx(
          'flex h-7 items-center rounded-md border bg-surface focus-within:border-focus',
          fault ? 'border-danger' : 'border-line-strong',
        )}
      >
        <span aria-hidden className="shrink-0 pl-2 text-2xs font-semibold text-faint">
          {word}
        </span>
        <input
          ref={input}
          type="text"
          role="combobox"
          aria-label={label}
          aria-autocomplete="list"
          aria-expanded={open !== null}
          aria-controls={listId}
          aria-activedescendant={open ? `${listId}-${chosen}` : undefined}
          aria-invalid={fault ? true : undefined}
          aria-describedby={fault ? faultId : undefined}
          data-focus={focusKey}
          spellCheck={false}
          autoComplete="off"
          placeholder={placeholder}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            ask(event.currentTarget.value, event.currentTarget.selectionStart ?? 0);
          }}
          onKeyDown={onKeyDown}
          onBlur={() => setOpen(null)}
          className="h-full min-w-0 flex-1 bg-transparent px-2 font-mono text-xs text-ink outline-none placeholder:font-sans placeholder:text-faint"
        />
        {text !== value && (
          <span className="shrink-0 pr-2 text-2xs text-muted" title="Enter applies it, Escape takes it back">
            Enter ↵
          </span>
        )}
      </div>
      <Offers id={listId} shown={open ? shown : []} chosen={chosen} onTake={take} />
      {fault && <Fault id={faultId} text={text} fault={fault} />}
    </div>
  );
}

/** What is typed already is no offer. */
const sameAs = ({ suggestions, from, to }: Offer, text: string) =>
  suggestions.length === 1 && suggestions[0]?.insert === text.slice(from, to);

function Offers({
  id,
  shown,
  chosen,
  onTake,
}: {
  id: string;
  shown: readonly Suggestion[];
  chosen: number;
  onTake: (suggestion: Suggestion) => void;
}) {
  return (
    <div
      id={id}
      role="listbox"
      aria-label="Suggestions"
      hidden={shown.length === 0}
      className="absolute top-8 left-12 z-30 w-96 overflow-hidden rounded-md bg-raised p-1 shadow-overlay"
    >
      {shown.map((suggestion, at) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the input has the focus and the keys
        <div
          key={`${suggestion.label} ${suggestion.insert}`}
          id={`${id}-${at}`}
          role="option"
          aria-selected={at === chosen}
          tabIndex={-1}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onTake(suggestion)}
          className={cx('flex h-6 items-center gap-2 rounded-sm px-2 text-xs', at === chosen && 'bg-selected')}
        >
          <span className="min-w-0 flex-1 truncate font-mono">{suggestion.label}</span>
          <span className="max-w-44 truncate text-2xs text-faint">{suggestion.detail || suggestion.kind}</span>
        </div>
      ))}
    </div>
  );
}

/** The text again, with a mark where the server or its parser stopped. */
function Fault({
  id,
  text,
  fault,
}: {
  id: string;
  text: string;
  fault: { readonly message: string; readonly at: number | null };
}): ReactNode {
  const { at, message } = fault;
  return (
    <div
      id={id}
      role="alert"
      className="absolute top-8 left-0 z-20 max-w-full rounded-md bg-danger-soft px-2 py-1 text-xs text-danger shadow-overlay"
    >
      {at !== null && at < text.length && (
        <div className="selectable truncate font-mono text-ink">
          {text.slice(Math.max(0, at - 24), at)}
          <mark className="bg-danger text-danger-ink">{/^\w+|^./.exec(text.slice(at))?.[0]}</mark>
          {text
            .slice(at)
            .replace(/^\w+|^./, '')
            .slice(0, 24)}
        </div>
      )}
      <p className="selectable break-words">{message}</p>
    </div>
  );
}
