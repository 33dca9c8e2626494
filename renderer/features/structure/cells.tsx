/** Controls small enough for the rows of a table. */
import type { ComponentProps } from 'react';
import { cx } from '../../ui/class-names.ts';

/** What happened to a row, as the colour at its edge. */
export type Mark = 'same' | 'new' | 'changed' | 'gone';
export const markClass: Readonly<Record<Mark, string>> = {
  same: 'border-l-transparent',
  new: 'border-l-success',
  changed: 'border-l-warning',
  gone: 'border-l-danger',
};
export const markWords: Readonly<Record<Mark, string>> = {
  same: '',
  new: 'new',
  changed: 'changed',
  gone: 'to be dropped',
};

export function CellInput({ mono, className, ...rest }: Omit<ComponentProps<'input'>, 'type'> & { mono?: boolean }) {
  return (
    <input
      type="text"
      spellCheck={false}
      autoComplete="off"
      className={cx(
        'h-7 w-full min-w-0 border border-transparent bg-transparent px-1.5 text-xs text-ink placeholder:text-faint',
        'hover:border-line-strong focus:bg-surface disabled:text-muted disabled:hover:border-transparent',
        mono && 'font-mono',
        className,
      )}
      {...rest}
    />
  );
}

export const headClass =
  'sticky top-0 z-10 border-b border-line bg-canvas px-1.5 py-1 text-left text-2xs font-medium whitespace-nowrap text-muted';
