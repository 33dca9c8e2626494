import { LoaderCircle } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { cx } from './class-names.ts';

const kinds = {
  /** The one thing this place is for; at most one in sight. */
  primary: 'bg-accent text-accent-ink hover:bg-accent-hover border border-transparent',
  plain: 'bg-surface text-ink border border-line-strong hover:bg-hover',
  quiet: 'text-muted border border-transparent hover:bg-hover hover:text-ink',
  danger: 'bg-danger text-danger-ink border border-transparent hover:opacity-90',
} as const;

export interface ButtonProps extends ComponentProps<'button'> {
  readonly kind?: keyof typeof kinds;
  readonly icon?: ReactNode;
  /** Shows that its work is going on; it cannot be pressed meanwhile. */
  readonly busy?: boolean;
  readonly small?: boolean;
}

/** A button with a word on it. */
export function Button({ kind = 'plain', icon, busy, small, className, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={cx(
        'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap',
        small ? 'h-6 px-2 text-xs' : 'h-7 px-3 text-sm',
        'disabled:pointer-events-none disabled:opacity-50',
        kinds[kind],
        className,
      )}
      {...rest}
    >
      {busy ? <LoaderCircle size={14} className="animate-spin" aria-hidden /> : icon}
      {children}
    </button>
  );
}

export interface IconButtonProps extends ComponentProps<'button'> {
  /** What it does, in words: its accessible name and its tooltip. */
  readonly label: string;
  readonly icon: ReactNode;
  /** For a toggle: whether it is on. */
  readonly pressed?: boolean;
  /** Shown in the tooltip behind the label. */
  readonly keys?: string;
}

/** A button with a picture only; 24 px square. */
export function IconButton({ label, icon, pressed, keys, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={pressed}
      title={keys ? `${label}  ${keys}` : label}
      className={cx(
        'inline-flex size-6 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-ink',
        'disabled:pointer-events-none disabled:opacity-40',
        pressed && 'bg-selected text-ink',
        className,
      )}
      {...rest}
    >
      {icon}
    </button>
  );
}
