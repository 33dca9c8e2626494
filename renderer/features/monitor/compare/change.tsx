/** What was, what is, and what came of it: cells and figures that the sections share. */
import { cx } from '../../../ui/class-names.ts';
import type { Column } from '../parts/table/data-table.tsx';
import { type Pair, type Presence, presence } from './pairs.ts';

/** "+12 %", "−40 %", "3.1 ×"; nothing where it cannot be said. */
export function changeWords(shown: number | null, compared: number | null): string {
  if (shown === null || compared === null || shown === compared) return '';
  if (compared <= 0) return '';
  const factor = shown / compared;
  if (factor >= 10) return `${Math.round(factor)} ×`;
  if (factor >= 2) return `${factor.toFixed(1)} ×`;
  const percent = (factor - 1) * 100;
  const digits = Math.abs(percent) < 10 ? 1 : 0;
  return `${percent < 0 ? '−' : '+'}${Math.abs(percent).toFixed(digits)} %`;
}

/** What more of it means. */
export type Direction = 'bad' | 'good' | 'neither';

/** An amount with its sign, coloured by what it means. */
export function Difference(props: { by: number | null; direction: Direction; words: (amount: number) => string }) {
  const { by, direction, words } = props;
  if (by === null || by === 0) return null;
  const worse = direction !== 'neither' && by > 0 === (direction === 'bad');
  const ink = direction === 'neither' ? '' : worse ? 'text-danger' : 'text-success';
  return <span className={cx('tabular-nums', ink)}>{`${by > 0 ? '+' : '−'}${words(Math.abs(by))}`}</span>;
}

const looks: Record<Presence, string> = {
  new: 'bg-accent-soft text-accent',
  gone: 'bg-sunken text-muted',
  both: '',
};
const meanings: Record<Presence, string> = {
  new: 'Only in the shown stretch',
  gone: 'Only in the stretch it is compared with',
  both: 'In both',
};

export function PresenceBadge({ presence }: { presence: Presence }) {
  if (presence === 'both') return null;
  return (
    <span title={meanings[presence]} className={cx('rounded-sm px-1 text-2xs font-medium', looks[presence])}>
      {presence}
    </span>
  );
}

/** Where a row is only in one of the two. */
export const presenceColumn = <Row,>(): Column<Pair<Row>> => ({
  key: 'presence',
  label: 'In',
  title: 'In which of the two it is, where it is not in both',
  widthPx: 56,
  value: presence,
  cell: (pair) => <PresenceBadge presence={presence(pair)} />,
});

/**
 * Three columns of one figure: shown, compared, and the change.
 * @param of null where the row is not there, or the figure is not known
 */
export function figureColumns<Row>(about: {
  key: string;
  /** Of the figure; nothing where the table has only one. */
  label?: string;
  title?: string;
  widthPx: number;
  direction: Direction;
  of: (row: Row) => number | null;
  words: (amount: number) => string;
  /** What is not in a list counts as nothing: load, calls, bytes. A mean does not. */
  absentIsZero: boolean;
  /** Smaller changes are none. */
  least?: number;
  /** Left out where there is no room: the highest figure first, of it what was, the change, what is. */
  spare?: number;
}): Column<Pair<Row>>[] {
  const { key, title, widthPx, direction, of, words, absentIsZero, least = 0, spare } = about;
  const value = (row: Row | null) => (row === null ? (absentIsZero ? 0 : null) : of(row));
  const change = ({ shown, compared }: Pair<Row>) => {
    const [now, then] = [value(shown), value(compared)];
    return now === null || then === null || Math.abs(now - then) < least ? null : now - then;
  };
  const amount = (row: Row | null) => (row === null || of(row) === null ? '' : words(of(row) ?? 0));
  const common = (of: string, place: number) => ({
    widthPx,
    right: true,
    ...(spare === undefined ? {} : { spare: spare * 3 + place }),
    title: [title ?? about.label, of].filter(Boolean).join(': '),
  });
  return [
    {
      key: `${key}Shown`,
      label: about.label ?? 'Shown',
      ...common('in the shown stretch', 0),
      value: ({ shown }) => value(shown),
      cell: ({ shown }) => amount(shown),
    },
    {
      key: `${key}Compared`,
      label: about.label ? 'was' : 'Compared',
      ...common('in the stretch it is compared with', 2),
      value: ({ compared }) => value(compared),
      cell: ({ compared }) => <span className="text-muted">{amount(compared)}</span>,
    },
    {
      key: `${key}Change`,
      label: 'Change',
      ...common('what it changed by', 1),
      // What changed most comes first, grown or shrunk.
      value: (pair) => Math.abs(change(pair) ?? 0),
      cell: (pair) => <Difference by={change(pair)} direction={direction} words={words} />,
    },
  ];
}
