import { useMemo } from 'react';
import { cx } from '../../ui/class-names.ts';
import { coloured } from './sql-pieces.ts';

const looks = {
  plain: '',
  keyword: 'text-accent font-medium',
  string: 'text-success',
  comment: 'text-faint italic',
  number: 'text-warning',
} as const;

/** SQL to be read and copied: coloured, as text only. */
export function SqlText({ text, label }: { text: string; label: string }) {
  const pieces = useMemo(() => coloured(text), [text]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <section aria-label={label} tabIndex={0} className="h-full overflow-auto">
      <pre className="selectable p-3 font-mono text-xs whitespace-pre">
        {pieces.map((piece) => (
          <span key={piece.from} className={cx(looks[piece.look])}>
            {piece.text}
          </span>
        ))}
      </pre>
    </section>
  );
}
