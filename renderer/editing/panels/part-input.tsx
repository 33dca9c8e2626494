import { cx } from '../../ui/class-names.ts';
import { visibleText } from '../../ui/visible-text.ts';

/** A part of a value: a field, an element, a bound. NULL is a choice of its own. */
export function PartInput({
  label,
  typeName,
  labels = [],
  value,
  none = 'NULL',
  onValue,
}: {
  label: string;
  typeName: string;
  /** Of an enum. */
  labels?: readonly string[];
  value: string | null;
  /** What null stands for. */
  none?: string;
  onValue: (value: string | null) => void;
}) {
  const field =
    'h-6 w-full min-w-0 rounded-md border border-line-strong bg-surface px-1.5 text-xs text-ink placeholder:text-faint placeholder:italic';
  return (
    <div className="flex min-w-0 flex-1 items-center gap-1">
      {labels.length > 0 ? (
        <select
          aria-label={label}
          value={value ?? '\u0000'}
          onChange={(event) => onValue(event.currentTarget.value === '\u0000' ? null : event.currentTarget.value)}
          className={field}
        >
          <option value={'\u0000'}>{none}</option>
          {labels.map((each) => (
            <option key={each} value={each}>
              {visibleText(each)}
            </option>
          ))}
        </select>
      ) : (
        <input
          aria-label={label}
          title={typeName}
          spellCheck={false}
          autoComplete="off"
          value={value ?? ''}
          placeholder={value === null ? none : ''}
          onChange={(event) => onValue(event.currentTarget.value)}
          className={field}
        />
      )}
      <button
        type="button"
        aria-pressed={value === null}
        aria-label={`${label}: ${none}`}
        title={none}
        onClick={() => onValue(value === null ? '' : null)}
        className={cx(
          'h-5 shrink-0 rounded-sm px-1 text-2xs hover:bg-hover',
          value === null ? 'bg-selected text-ink' : 'text-faint',
        )}
      >
        {none === 'NULL' ? 'NULL' : '∞'}
      </button>
    </div>
  );
}
