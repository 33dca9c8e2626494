import type { Statement } from '../../../../shared/api/monitor.ts';
import { shownAmount, type UnitOf } from '../../../../shared/metrics/units.ts';
import { shownInstant } from '../../../chart/time-axis.ts';
import { visibleText } from '../../../ui/visible-text.ts';
import type { Column } from '../parts/table/data-table.tsx';
import { oneLine, percent } from '../parts/words.ts';
import { changeWords, flagsWords, markOf } from './statement-words.ts';

const amount = (value: number, unit: UnitOf['unit']) => (value === 0 ? '' : shownAmount(value, { unit }));

/** A bar, and where the share is estimated, its 95 % interval as a whisker over it. */
function Share({ row: { share, totalMs, totalMsError } }: { row: Statement }) {
  const error = totalMsError === null || totalMs <= 0 ? null : (share * totalMsError) / totalMs;
  const low = Math.max(0, share - (error ?? 0));
  return (
    <span className="flex items-center gap-1.5">
      <span className="relative h-2 w-16 shrink-0 rounded-[2px] bg-sunken" aria-hidden>
        <span className="block h-full rounded-[2px] bg-accent" style={{ width: `${share * 100}%` }} />
        {error !== null && (
          <span
            className="absolute inset-y-0 my-auto h-2 border-x border-ink before:absolute before:inset-x-0 before:top-1/2 before:border-t before:border-ink"
            style={{ left: `${low * 100}%`, width: `${(Math.min(1, share + error) - low) * 100}%` }}
          />
        )}
      </span>
      {percent(share)}
    </span>
  );
}

const looks = {
  new: 'bg-accent-soft text-accent',
  slower: 'bg-danger-soft text-danger',
  faster: 'bg-success-soft text-success',
  gone: 'bg-sunken text-muted',
} as const;

/** What became of a statement, in one coloured word. */
export function MarkBadge({ mark, title }: { mark: keyof typeof looks | null; title: string }) {
  if (mark === null) return null;
  return (
    <span title={title} className={`rounded-sm px-1 text-2xs font-medium ${looks[mark]}`}>
      {mark}
    </span>
  );
}

/** Sessions that were at a statement at one instant. */
export interface RunningThen {
  readonly atMs: number;
  readonly sessions: (row: Statement) => number;
}

/** @param running of the instant all pages look at; null where none is pinned */
export const statementColumns = (running: RunningThen | null): readonly Column<Statement>[] =>
  running === null
    ? columns
    : columns.toSpliced(2, 0, {
        key: 'running',
        label: 'Then',
        title: `Sessions that were at it at ${shownInstant(running.atMs)}`,
        widthPx: 52,
        right: true,
        value: running.sessions,
        cell: (row) => <span className="font-medium">{running.sessions(row) || ''}</span>,
      });

/** Columns whose key is an order of the contract are sorted there, over all statements. */
const columns: readonly Column<Statement>[] = [
  {
    key: 'share',
    label: 'Share of time',
    title: 'Of the total time of all statements in the range',
    widthPx: 112,
    value: (row) => row.share,
    cell: (row) => <Share row={row} />,
  },
  {
    key: 'text',
    label: 'Statement',
    widthPx: 168,
    wantsPx: 260,
    grows: true,
    value: (row) => row.text,
    cell: (row) => (
      <span className="font-mono text-2xs" title={row.flags.length > 0 ? flagsWords(row.flags) : undefined}>
        {row.text === null ? `not known (query id ${row.queryId ?? '–'})` : oneLine(row.text)}
      </span>
    ),
  },
  {
    key: 'mark',
    label: 'Change',
    widthPx: 62,
    value: (row) => row.meanChange,
    cell: (row) => (
      <MarkBadge
        mark={markOf(row)}
        title={row.isNew ? 'First seen in this stretch of time' : changeWords(row.meanChange ?? 0)}
      />
    ),
  },
  {
    key: 'totalMs',
    label: 'Total',
    widthPx: 88,
    right: true,
    value: (row) => row.totalMs,
    cell: (row) => (
      <>
        {amount(row.totalMs, 'ms')}
        {row.totalMsError !== null && <span className="text-faint"> ± {amount(row.totalMsError, 'ms')}</span>}
      </>
    ),
  },
  {
    key: 'meanMs',
    label: 'Mean',
    widthPx: 70,
    right: true,
    value: (row) => row.meanMs,
    cell: (row) => amount(row.meanMs, 'ms'),
  },
  {
    key: 'calls',
    label: 'Calls',
    widthPx: 60,
    right: true,
    value: (row) => row.calls,
    cell: (row) => amount(row.calls, 'count'),
  },
  {
    key: 'rows',
    label: 'Rows',
    widthPx: 60,
    right: true,
    value: (row) => row.rows,
    cell: (row) => amount(row.rows, 'count'),
  },
  {
    key: 'sharedHit',
    label: 'Hit',
    title: 'Blocks that were found in shared buffers',
    widthPx: 66,
    spare: 2,
    right: true,
    value: (row) => row.sharedHit,
    cell: (row) => amount(row.sharedHit, 'blocks'),
  },
  {
    key: 'sharedRead',
    label: 'Read',
    title: 'Blocks that were not in shared buffers',
    widthPx: 72,
    spare: 1,
    right: true,
    value: (row) => row.sharedRead,
    cell: (row) => amount(row.sharedRead, 'blocks'),
  },
  {
    key: 'tempBlocks',
    label: 'Temp',
    title: 'Written to and read from temporary files',
    widthPx: 66,
    spare: 3,
    right: true,
    value: (row) => row.tempBlocks,
    cell: (row) => amount(row.tempBlocks, 'blocks'),
  },
  {
    key: 'walBytes',
    label: 'WAL',
    widthPx: 66,
    spare: 4,
    right: true,
    value: (row) => row.walBytes,
    cell: (row) => amount(row.walBytes, 'bytes'),
  },
  {
    key: 'ioMs',
    label: 'I/O',
    title: 'Reading and writing blocks; needs track_io_timing',
    widthPx: 66,
    spare: 5,
    right: true,
    value: (row) => row.ioMs,
    cell: (row) => amount(row.ioMs, 'ms'),
  },
  {
    key: 'database',
    label: 'Database',
    widthPx: 84,
    spare: 6,
    value: (row) => row.database,
    cell: (row) => visibleText(row.database),
  },
  { key: 'user', label: 'Role', widthPx: 80, spare: 7, value: (row) => row.user, cell: (row) => visibleText(row.user) },
];
