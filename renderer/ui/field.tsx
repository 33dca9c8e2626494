import { type ComponentProps, type ReactNode, useId } from 'react';
import { cx } from './class-names.ts';

const control =
  'w-full rounded-md border border-line-strong bg-surface px-2 text-sm text-ink placeholder:text-faint disabled:opacity-60 aria-invalid:border-danger';

export interface FieldProps {
  readonly label: string;
  /** One sentence under the control. */
  readonly hint?: ReactNode;
  /** What is wrong with it and what would do; takes the hint's place. */
  readonly error?: string | undefined;
  readonly className?: string;
  /** Receives the ids that tie label, hint and error to the control. */
  readonly children: (ids: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode;
}

/** Label above, control, hint or error below. */
export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={cx('flex min-w-0 flex-col gap-1', className)}>
      <label htmlFor={id} className="text-xs font-medium text-muted">
        {label}
      </label>
      {children({
        id,
        ...(note ? { 'aria-describedby': `${id}-note` } : {}),
        ...(error ? { 'aria-invalid': true as const } : {}),
      })}
      {note && (
        <p id={`${id}-note`} className={cx('text-xs', error ? 'text-danger' : 'text-faint')}>
          {note}
        </p>
      )}
    </div>
  );
}

export function TextInput({ className, mono, ...rest }: ComponentProps<'input'> & { mono?: boolean }) {
  return (
    <input
      type="text"
      spellCheck={false}
      autoComplete="off"
      className={cx(control, 'h-7', mono && 'font-mono text-xs', className)}
      {...rest}
    />
  );
}

export function TextArea({ className, mono, ...rest }: ComponentProps<'textarea'> & { mono?: boolean }) {
  return (
    <textarea
      spellCheck={false}
      className={cx(control, 'min-h-16 py-1.5', mono && 'font-mono text-xs', className)}
      {...rest}
    />
  );
}

export interface SelectProps<Value extends string> extends Omit<ComponentProps<'select'>, 'value' | 'onChange'> {
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onValue: (value: Value) => void;
}

/** The platform's own drop-down: keyboard and screen readers know it. */
export function Select<Value extends string>({ value, options, onValue, className, ...rest }: SelectProps<Value>) {
  return (
    <select
      value={value}
      onChange={(event) => onValue(event.currentTarget.value as Value)}
      className={cx(control, 'h-7', className)}
      {...rest}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

export function Checkbox({
  label,
  hint,
  className,
  ...rest
}: Omit<ComponentProps<'input'>, 'type'> & { label: string; hint?: string }) {
  const id = useId();
  return (
    <div className={cx('flex items-start gap-2', className)}>
      <input id={id} type="checkbox" className="mt-0.5 size-3.5 accent-(--accent)" {...rest} />
      <label htmlFor={id} className="text-sm">
        {label}
        {hint && <span className="block text-xs text-faint">{hint}</span>}
      </label>
    </div>
  );
}

/** A few exclusive choices side by side. */
export function Segmented<Value extends string>({
  label,
  value,
  options,
  onValue,
}: {
  label: string;
  value: Value;
  options: readonly { value: Value; label: ReactNode; title?: string }[];
  onValue: (value: Value) => void;
}) {
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className="inline-flex w-fit rounded-md border border-line-strong bg-surface p-0.5"
    >
      {options.map((option) => (
        // biome-ignore lint/a11y/useSemanticElements: a styled radio group; the roles carry the meaning
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={option.value === value}
          title={option.title}
          tabIndex={option.value === value ? 0 : -1}
          onClick={() => onValue(option.value)}
          onKeyDown={(event) => {
            const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
            if (step === 0) return;
            event.preventDefault();
            const at = options.findIndex((other) => other.value === value);
            const next = options[(at + step + options.length) % options.length];
            if (next) onValue(next.value);
            const buttons = event.currentTarget.parentElement?.querySelectorAll('button');
            buttons?.[(at + step + options.length) % options.length]?.focus();
          }}
          className={cx(
            'h-[22px] rounded-sm px-2 text-xs',
            option.value === value ? 'bg-selected font-medium text-ink' : 'text-muted hover:text-ink',
          )}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
