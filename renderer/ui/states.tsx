/** What a place shows when it has nothing to show: still working, nothing there, or gone wrong. */
import { CircleAlert, CircleCheck, Info, LoaderCircle } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from './class-names.ts';

export function Spinner({ label = 'Loading', size = 16 }: { label?: string; size?: number }) {
  return (
    <span role="status" className="inline-flex items-center gap-2 text-muted">
      <LoaderCircle size={size} className="animate-spin" aria-hidden />
      <span className="text-sm">{label}</span>
    </span>
  );
}

/** Fills its place and says that work is going on. */
export function Pending({ label }: { label?: string }) {
  return (
    <div className="flex h-full items-center justify-center p-6">
      <Spinner label={label} />
    </div>
  );
}

export interface EmptyStateProps {
  readonly icon?: ReactNode;
  readonly title: string;
  /** What one can do about it. */
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}
export function EmptyState({ icon, title, children, actions }: EmptyStateProps) {
  return (
    <div className="flex h-full flex-col items-center justify-center gap-2 p-6 text-center">
      {icon && <div className="mb-1 text-faint">{icon}</div>}
      <h2 className="text-base font-medium">{title}</h2>
      {children && <div className="max-w-md text-sm text-muted">{children}</div>}
      {actions && <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}

export interface CalloutProps {
  readonly tone: 'danger' | 'warning' | 'info' | 'success';
  readonly title?: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string;
}
const tones = {
  danger: 'bg-danger-soft text-danger',
  warning: 'bg-warning-soft text-warning',
  success: 'bg-success-soft text-success',
  info: 'bg-accent-soft text-accent',
} as const;
const icons = { danger: CircleAlert, warning: CircleAlert, success: CircleCheck, info: Info } as const;
/** A message in its place: what happened, why, and the way out. */
export function Callout({ tone, title, children, actions, className }: CalloutProps) {
  const Icon = icons[tone];
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'status'}
      className={cx('flex gap-2 rounded-md px-3 py-2 text-sm', tones[tone], className)}
    >
      <Icon size={16} strokeWidth={1.75} className="mt-px shrink-0" aria-hidden />
      <div className="min-w-0 flex-1">
        {title && <div className="selectable font-medium break-words">{title}</div>}
        {children && <div className="selectable break-words text-ink">{children}</div>}
        {actions && <div className="mt-2 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}

/** @param fraction 0 to 1; absent while the whole is not known */
export function ProgressBar({ fraction, label }: { fraction?: number; label: string }) {
  const percent = fraction === undefined ? undefined : Math.round(Math.min(1, Math.max(0, fraction)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className="h-1.5 w-full overflow-hidden rounded-full bg-sunken"
    >
      <div
        className={cx(
          'h-full rounded-full bg-accent transition-[width]',
          percent === undefined && 'w-1/3 animate-pulse',
        )}
        style={percent === undefined ? undefined : { width: `${percent}%` }}
      />
    </div>
  );
}
