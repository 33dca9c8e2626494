import { ChevronDown, ChevronRight } from 'lucide-react';
import { useMemo, useState } from 'react';
import { type NamedRow, rowsOfTable, sumOf } from '../../../../shared/health/evidence.ts';
import { shownAmount } from '../../../../shared/metrics/units.ts';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import { cx } from '../../../ui/class-names.ts';
import { visibleText } from '../../../ui/visible-text.ts';
import type { MonitorView } from '../frame/monitor-view.ts';
import { type Column, DataTable } from '../parts/table/data-table.tsx';
import type { SortBy } from '../parts/table/sorted.ts';
import { counted } from '../parts/words.ts';

/** Pools are read every ten seconds. */
const everyMs = 10_000;
const lookBackMs = 60_000;

const count = (key: string, label: string): Column<NamedRow> => ({
  key,
  label,
  widthPx: 104,
  right: true,
  value: (row) => row.value(key),
});
const name = (key: string, label: string): Column<NamedRow> => ({
  key,
  label,
  widthPx: 120,
  value: (row) => row.name(key),
  cell: (row) => visibleText(row.name(key)),
});
const columns: readonly Column<NamedRow>[] = [
  name('database', 'Database'),
  name('user', 'Role'),
  name('pool_mode', 'Mode'),
  count('cl_active', 'Clients'),
  count('cl_waiting', 'Waiting'),
  count('sv_active', 'Servers'),
  count('sv_idle', 'Idle servers'),
  {
    ...count('maxwait', 'Longest wait'),
    cell: (row) => shownAmount(row.value('maxwait') ?? 0, { unit: 'ms' }),
  },
];

/** The pools of a PgBouncer that stands between, as one line that opens; nothing where there is none. */
export function Pools({ view }: { view: MonitorView }) {
  const [open, setOpen] = useState(false);
  const [sort, setSort] = useState<SortBy>({ key: 'cl_waiting', down: true });
  const toMs = Math.ceil(view.atMs / everyMs) * everyMs;
  const { data } = useCall(client.monitor.table, { id: view.id, fromMs: toMs - lookBackMs, toMs, family: 'pool' });
  const rows = useMemo(() => (data ? rowsOfTable(data) : []), [data]);
  if (rows.length === 0) return null;
  const waiting = sumOf(rows, 'cl_waiting') ?? 0;
  const longest = Math.max(...rows.map((row) => row.value('maxwait') ?? 0));
  const Arrow = open ? ChevronDown : ChevronRight;
  return (
    <section aria-label="PgBouncer pools" className="shrink-0 border-b border-line">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex h-7 w-full items-center gap-2 px-3 text-left text-xs hover:bg-hover"
      >
        <Arrow size={14} strokeWidth={1.75} className="text-faint" aria-hidden />
        <span className="font-medium">PgBouncer</span>
        <span className="text-muted">
          {counted(rows.length, 'pool')} · {counted(sumOf(rows, 'cl_active') ?? 0, 'client')} at work on{' '}
          {counted(sumOf(rows, 'sv_active') ?? 0, 'server connection')}
        </span>
        <span className={cx(waiting > 0 ? 'text-warning' : 'text-faint')}>
          {waiting > 0
            ? `${counted(waiting, 'client')} waiting, the longest ${shownAmount(longest, { unit: 'ms' })}`
            : 'nobody waits'}
        </span>
      </button>
      {open && (
        <div className="h-40 border-t border-line">
          <DataTable
            label="PgBouncer pools"
            rows={rows}
            columns={columns}
            rowKey={(row) => `${row.name('database')} ${row.name('user')}`}
            sort={sort}
            onSort={setSort}
            empty="No pool."
          />
        </div>
      )}
    </section>
  );
}
