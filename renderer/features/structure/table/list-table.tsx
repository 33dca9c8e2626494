/**
 * The frame of the designer's lists: headings that stay, rows with their mark at the edge, and what is opened under one.
 * What scrolls it is an @container.
 */
import { ChevronDown, ChevronRight, Trash2, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '../../../ui/button.tsx';
import { cx } from '../../../ui/class-names.ts';
import { headClass, type Mark, markClass, markWords } from '../cells.tsx';

export interface Heading {
  readonly title: string;
  /** A width as a class; none: what is left. */
  readonly width?: string;
}

export function ListTable({ headings, children }: { headings: readonly Heading[]; children: ReactNode }) {
  return (
    <table className="w-full min-w-[540px] table-fixed border-separate border-spacing-0">
      <thead>
        <tr>
          <th scope="col" className={cx(headClass, 'w-8')}>
            <span className="sr-only">More</span>
          </th>
          {headings.map(({ title, width }) => (
            <th key={title} scope="col" className={cx(headClass, width)}>
              {title}
            </th>
          ))}
          <th scope="col" className={cx(headClass, 'w-9')}>
            <span className="sr-only">Drop</span>
          </th>
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

interface RowProps {
  readonly label: string;
  readonly mark: Mark;
  /** Between the arrow and the bin. */
  readonly cells: readonly { readonly key: string; readonly content: ReactNode; readonly className?: string }[];
  /** It cannot be dropped here. */
  readonly fixed: boolean;
  /** What the bin does, and what a row says that is going. */
  readonly dropWord?: string;
  readonly goneWords?: string;
  readonly onDrop: () => void;
  readonly onKeep: () => void;
  /** Whether there is more to it, and that is open; null: there is no more. */
  readonly open: boolean | null;
  readonly onOpen: () => void;
  /** What is more. */
  readonly children?: ReactNode;
}

export function ListLine({
  label,
  mark,
  cells,
  fixed,
  dropWord = 'Drop',
  goneWords,
  onDrop,
  onKeep,
  ...more
}: RowProps) {
  const gone = mark === 'gone';
  const cell = cx('border-b border-line p-0', gone && 'text-muted');
  const { open, onOpen, children } = more;
  const words = gone && goneWords ? goneWords : markWords[mark];
  const Arrow = open ? ChevronDown : ChevronRight;
  return (
    <>
      <tr aria-label={`${label} ${words}`.trim()} className={gone ? 'line-through' : ''}>
        <td className={cx(cell, 'border-l-2', markClass[mark])}>
          {open !== null && (
            <IconButton
              label={`More about ${label}`}
              aria-expanded={open}
              disabled={gone}
              icon={<Arrow size={14} strokeWidth={1.75} />}
              onClick={onOpen}
            />
          )}
        </td>
        {cells.map(({ key, content, className }) => (
          <td key={key} className={cx(cell, className)}>
            {content}
          </td>
        ))}
        <td className={cell}>
          {gone ? (
            <IconButton label={`Keep ${label}`} icon={<Undo2 size={14} strokeWidth={1.75} />} onClick={onKeep} />
          ) : (
            <IconButton
              label={`${dropWord} ${label}`}
              disabled={fixed}
              icon={<Trash2 size={14} strokeWidth={1.75} />}
              onClick={onDrop}
            />
          )}
        </td>
      </tr>
      {open && !gone && (
        <tr>
          <td colSpan={cells.length + 2} className="border-b border-line bg-canvas p-0">
            {/* As wide as what is in sight, whatever the table's width. */}
            <div className="sticky left-0 w-[100cqw]">{children}</div>
          </td>
        </tr>
      )}
    </>
  );
}
