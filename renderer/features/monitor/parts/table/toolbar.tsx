import { Search } from 'lucide-react';
import type { ReactNode } from 'react';
import { TextInput } from '../../../../ui/field.tsx';

/** The line above a table: what narrows it, and at the right what there is of it. */
export function Toolbar({ children, end }: { children: ReactNode; end?: ReactNode }) {
  return (
    <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1.5">
      {children}
      {end !== undefined && <span className="ml-auto text-xs text-muted tabular-nums">{end}</span>}
    </div>
  );
}

/** Narrows a table to what holds the typed words. */
export function SearchField(props: {
  label: string;
  placeholder: string;
  value: string;
  onValue: (value: string) => void;
}) {
  return (
    <div className="relative w-64">
      <Search size={14} strokeWidth={1.75} aria-hidden className="absolute top-1.5 left-2 text-faint" />
      <TextInput
        type="search"
        aria-label={props.label}
        placeholder={props.placeholder}
        value={props.value}
        onChange={(event) => props.onValue(event.currentTarget.value)}
        className="pl-7"
      />
    </div>
  );
}
