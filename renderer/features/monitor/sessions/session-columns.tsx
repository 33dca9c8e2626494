import type { SessionAt } from '../../../../shared/api/monitor.ts';
import { cx } from '../../../ui/class-names.ts';
import { visibleText } from '../../../ui/visible-text.ts';
import type { Column } from '../parts/table/data-table.tsx';
import { WaitBadge } from '../parts/wait-badge.tsx';
import { ageAt, oneLine } from '../parts/words.ts';
import { classOf } from './session-words.ts';

/** Older transactions are marked: they hold locks and keep VACUUM back. */
const longXactMs = 300_000;

const age = (since: number | null, atMs: number): number | null => (since === null ? null : Math.max(0, atMs - since));

/** @param atMs ages are to this instant @param blockers pids that others wait for */
export const sessionColumns = (atMs: number, blockers: ReadonlySet<number>): readonly Column<SessionAt>[] => [
  { key: 'pid', label: 'PID', widthPx: 58, right: true, value: (row) => row.pid },
  {
    key: 'database',
    label: 'Database',
    widthPx: 72,
    spare: 2,
    value: (row) => row.database,
    cell: (row) => visibleText(row.database ?? ''),
  },
  {
    key: 'user',
    label: 'Role',
    widthPx: 80,
    spare: 0,
    value: (row) => row.user,
    cell: (row) => visibleText(row.user ?? ''),
  },
  {
    key: 'application',
    label: 'Application',
    widthPx: 104,
    value: (row) => row.application || row.backendType,
    cell: (row) =>
      row.backendType === 'client backend' || row.backendType === '' ? (
        visibleText(row.application)
      ) : (
        <span className="text-muted">{visibleText(row.backendType)}</span>
      ),
  },
  {
    key: 'client',
    label: 'Client',
    widthPx: 78,
    spare: 3,
    value: (row) => row.client,
    cell: (row) => visibleText(row.client ?? ''),
  },
  {
    key: 'state',
    label: 'State',
    widthPx: 126,
    value: (row) => row.state,
    cell: (row) => (
      <span
        className={cx(
          row.state?.startsWith('idle in transaction') && 'text-warning',
          row.state === 'idle' && 'text-faint',
        )}
      >
        {visibleText(row.state ?? 'not visible')}
      </span>
    ),
  },
  {
    key: 'wait',
    label: 'Wait',
    title: 'What it waits for; CPU* is computing, or waiting for a processor',
    widthPx: 132,
    value: (row) => (classOf(row) === null ? null : `${classOf(row)} ${row.waitEvent ?? ''}`),
    cell: (row) => {
      const type = classOf(row);
      if (type === null) return null;
      return <WaitBadge type={type} event={type === 'CPU' ? null : row.waitEvent && visibleText(row.waitEvent)} />;
    },
  },
  {
    key: 'xact',
    label: 'Xact age',
    title: 'Since its transaction began',
    widthPx: 88,
    right: true,
    value: (row) => age(row.xactStartMs, atMs),
    cell: (row) => (
      <span className={cx((age(row.xactStartMs, atMs) ?? 0) >= longXactMs && 'font-medium text-danger')}>
        {ageAt(row.xactStartMs, atMs)}
      </span>
    ),
  },
  {
    key: 'query',
    label: 'Query age',
    title: 'Since its statement began (active), or since it ended',
    widthPx: 88,
    right: true,
    spare: 1,
    value: (row) => age(row.state === 'active' ? row.queryStartMs : row.stateChangeMs, atMs),
    cell: (row) => ageAt(row.state === 'active' ? row.queryStartMs : row.stateChangeMs, atMs),
  },
  {
    key: 'blocked',
    label: 'Blocked by',
    widthPx: 96,
    value: (row) => row.blockedBy[0] ?? null,
    cell: (row) =>
      row.blockedBy.length > 0 ? (
        <span className="font-medium text-danger">{row.blockedBy.join(', ')}</span>
      ) : blockers.has(row.pid) ? (
        <span className="text-warning">blocks others</span>
      ) : null,
  },
  {
    key: 'text',
    label: 'Query',
    widthPx: 88,
    wantsPx: 180,
    grows: true,
    value: (row) => row.query,
    cell: (row) => <span className="font-mono text-2xs">{oneLine(row.query)}</span>,
  },
];
