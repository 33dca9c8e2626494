import type { ReactNode } from 'react';

/** The line above a table: what narrows it, and at the right what there is of it. */
export function Toolbar({ children, end }: { children: ReactNode; end?: ReactNode }) {
  return (
    <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1.5">
      {children}
      {end !== undefined && <span className="ml-auto text-xs text-muted tabular-nums">{end}</span>}
    </div>
  );
}
