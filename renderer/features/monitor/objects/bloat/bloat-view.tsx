import type { NamedRow } from '../../../../../shared/health/evidence.ts';
import { shownAmount } from '../../../../../shared/metrics/units.ts';
import { identifier } from '../../../../../shared/sql/quote.ts';
import { shownInstant } from '../../../../chart/time-axis.ts';
import { client } from '../../../../client/connect.ts';
import { useCall } from '../../../../client/use-call.ts';
import { FailureView } from '../../../../ui/failure-view.tsx';
import { EmptyState, Pending } from '../../../../ui/states.tsx';
import { visibleText } from '../../../../ui/visible-text.ts';
import type { MonitorView } from '../../frame/monitor-view.ts';
import { readFamily } from '../../parts/family/family-rows.ts';
import { NoTables } from '../../parts/first-reading.tsx';
import { SqlOffer } from '../../parts/sql-offer.tsx';
import { allUpToNow, type Stretch } from '../../parts/stretch.ts';
import { type Column, DataTable } from '../../parts/table/data-table.tsx';
import { useTable } from '../../parts/table/use-table.ts';
import { counted, percent } from '../../parts/words.ts';
import { type Bloat, bloatOf, fewestPages, readingsOf } from './bloat.ts';

/** The largest of each kind: a small one cannot waste much. */
const most = 50;
const buckets = 240;
const bytes = (value: number) => shownAmount(value, { unit: 'bytes' });

interface Line {
  readonly key: string;
  readonly kind: 'table' | 'index';
  readonly database: string;
  readonly schema: string;
  readonly name: string;
  /** Of a table: dead rows among all; null where not known. */
  readonly dead: number | null;
  /** Null: not known. */
  readonly bloat: Bloat | null;
}

const families = [
  { family: 'table', kind: 'table', name: 'table', key: ['database', 'schema', 'table', 'relid'] },
  { family: 'index', kind: 'index', name: 'index', key: ['database', 'schema', 'index', 'indexrelid', 'table'] },
] as const;

function deadShare(row: NamedRow): number | null {
  const [live, dead] = [row.value('n_live_tup'), row.value('n_dead_tup')];
  return live === null || dead === null || live + dead === 0 ? null : dead / (live + dead);
}

async function linesOf(
  about: (typeof families)[number],
  stretch: Stretch,
  options: { signal: AbortSignal },
): Promise<{ lines: Line[]; known: number }> {
  const { rows } = await readFamily({ ...stretch, family: about.family }, options);
  const largest = rows
    .filter((row) => (row.value('relpages') ?? 0) >= fewestPages)
    .toSorted((a, b) => (b.value('relpages') ?? 0) - (a.value('relpages') ?? 0))
    .slice(0, most)
    .map((row) => ({ row, key: about.key.map((part) => row.name(part)) }));
  if (largest.length === 0) return { lines: [], known: rows.length };
  const keys = largest.map(({ key }) => key);
  const question = { ...stretch, family: about.family, metrics: ['relpages', 'reltuples'], keys, buckets };
  const series = await client.monitor.series(question, options);
  const lines = largest.map(({ row, key }) => ({
    key: key.join('\0'),
    kind: about.kind,
    database: row.name('database'),
    schema: row.name('schema'),
    name: row.name(about.name),
    dead: about.kind === 'table' ? deadShare(row) : null,
    bloat: bloatOf(readingsOf(series, key)),
  }));
  return { lines, known: rows.length };
}

async function gatherBloat(stretch: Stretch, options: { signal: AbortSignal }) {
  const all = await Promise.all(families.map((about) => linesOf(about, stretch, options)));
  return { lines: all.flatMap(({ lines }) => lines), isAnyKnown: all.some(({ known }) => known > 0) };
}

const columns: readonly Column<Line>[] = [
  {
    key: 'name',
    label: 'Table or index',
    widthPx: 200,
    grows: true,
    value: (row) => `${row.schema}.${row.name}`,
    cell: (row) => (
      <>
        {visibleText(`${row.schema}.${row.name}`)}
        {row.kind === 'index' && <span className="text-faint"> index</span>}
      </>
    ),
  },
  {
    key: 'empty',
    label: 'Empty',
    title: 'What it would shrink by if it were as dense as it has been',
    widthPx: 84,
    right: true,
    value: (row) => row.bloat?.emptyBytes ?? null,
    cell: (row) => (row.bloat ? bytes(row.bloat.emptyBytes) : <span className="text-faint">not known</span>),
  },
  {
    key: 'share',
    label: 'Of it',
    widthPx: 64,
    right: true,
    value: (row) => (row.bloat ? row.bloat.emptyBytes / row.bloat.bytes : null),
    cell: (row) => {
      if (!row.bloat) return '';
      const share = row.bloat.emptyBytes / row.bloat.bytes;
      return <span className={share >= 0.3 ? 'font-semibold text-warning' : ''}>{percent(share)}</span>;
    },
  },
  {
    key: 'bytes',
    label: 'Size',
    title: 'At the last VACUUM or ANALYZE',
    widthPx: 80,
    right: true,
    value: (row) => row.bloat?.bytes ?? null,
    cell: (row) => (row.bloat ? bytes(row.bloat.bytes) : ''),
  },
  {
    key: 'perRow',
    label: 'A row now',
    widthPx: 84,
    right: true,
    value: (row) => row.bloat?.perRow ?? null,
    cell: (row) => (row.bloat ? bytes(row.bloat.perRow) : ''),
  },
  {
    key: 'least',
    label: 'At least',
    title: 'The fewest bytes a row in this recording',
    widthPx: 84,
    right: true,
    value: (row) => row.bloat?.leastPerRow ?? null,
    cell: (row) => (row.bloat ? bytes(row.bloat.leastPerRow) : ''),
  },
  {
    key: 'leastAt',
    label: 'That was',
    widthPx: 116,
    value: (row) => row.bloat?.leastAtMs ?? null,
    cell: (row) => (row.bloat ? shownInstant(row.bloat.leastAtMs, Date.now(), false) : ''),
  },
  {
    key: 'dead',
    label: 'Dead rows',
    title: 'Among all: VACUUM makes their room free for new rows, but does not shrink the file',
    widthPx: 84,
    right: true,
    value: (row) => row.dead,
    cell: (row) => (row.dead === null ? '' : percent(row.dead)),
  },
  {
    key: 'database',
    label: 'Database',
    widthPx: 96,
    value: (row) => row.database,
    cell: (row) => visibleText(row.database),
  },
];

/** To be sure of it before anything is rewritten; needs the extension pgstattuple, and reads the whole relation. */
const proofOf = ({ kind, schema, name }: Line): string => {
  const relation = `'${[schema, name].map(identifier).join('.').replaceAll("'", "''")}'`;
  return kind === 'table'
    ? `SELECT approx_free_percent, dead_tuple_percent FROM pgstattuple_approx(${relation});`
    : `SELECT avg_leaf_density, leaf_pages, empty_pages, deleted_pages FROM pgstatindex(${relation});`;
};

/** What is empty of the largest tables and indexes, as far as the recording's own history can tell. */
export function BloatView({ view }: { view: MonitorView }) {
  const lines = useTable('empty', true);
  const answer = useCall(gatherBloat, allUpToNow(view));
  if (!answer.data && answer.state === 'failed') return <FailureView failure={answer.failure} className="m-4" />;
  if (!answer.data) return <Pending label="Reading the history of tables and indexes" />;
  const { lines: found, isAnyKnown } = answer.data;
  if (!isAnyKnown) return <NoTables view={view} />;
  if (found.length === 0) {
    return (
      <EmptyState title="No table is large enough to tell">
        Of tables and indexes below {bytes(fewestPages * 8192)}, and of those that were never analysed, nothing can be
        said.
      </EmptyState>
    );
  }
  const known = found.filter(({ bloat }) => bloat !== null).length;
  const chosen = found.find(({ key }) => key === lines.selectedKey);
  return (
    <div className="flex h-full flex-col">
      <p className="shrink-0 border-b border-line px-3 py-2 text-xs text-muted">
        Known of <b className="text-ink">{known}</b> of the {counted(found.length, 'largest', 'largest')}: those that
        VACUUM or ANALYZE has counted at least twice in this recording. Measured against the densest they have been in
        it; rows that have become wider look like empty room.
      </p>
      <div className="min-h-0 flex-1">
        <DataTable label="Bloat" rows={found} columns={columns} rowKey={({ key }) => key} {...lines} empty="" />
      </div>
      {chosen && (
        <section aria-label="How to be sure" className="flex shrink-0 flex-col gap-2 border-t border-line p-3">
          <p className="text-xs">
            {chosen.bloat
              ? `Counted ${counted(chosen.bloat.readings, 'time')}. To be sure, read it itself (extension pgstattuple). `
              : 'Counted only once in this recording. Its own pages tell (extension pgstattuple). '}
            {chosen.kind === 'table'
              ? 'Room is given back by VACUUM FULL, which locks the table while it is rewritten, or by pg_repack.'
              : 'Room is given back by REINDEX CONCURRENTLY.'}
          </p>
          <SqlOffer view={view} sql={proofOf(chosen)} database={chosen.database} />
        </section>
      )}
    </div>
  );
}
