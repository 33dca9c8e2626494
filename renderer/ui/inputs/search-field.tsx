import { Search } from 'lucide-react';
import { cx } from '../class-names.ts';
import { TextInput } from '../field.tsx';

export interface SearchFieldProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** How wide it is; as wide as what holds it where absent. */
  readonly className?: string;
}

/** Narrows a list to what holds the typed words. */
export function SearchField({ label, placeholder, value, onValue, className }: SearchFieldProps) {
  return (
    <div className={cx('relative', className)}>
      <Search size={14} strokeWidth={1.75} aria-hidden className="absolute top-1.5 left-2 text-faint" />
      <TextInput
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={value}
        onChange={(event) => onValue(event.currentTarget.value)}
        className="pl-7"
      />
    </div>
  );
}
