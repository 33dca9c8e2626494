import { type FamilyTable, type HealthEvidence, rowsOf, sumOf } from '../../../../shared/health/evidence.ts';
import { shownAmount } from '../../../../shared/metrics/units.ts';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import type { MonitorView } from '../frame/monitor-view.ts';
import { slowInstant } from '../parts/stretch.ts';
import { counted } from '../parts/words.ts';
import { nextBackup } from './next-backup.ts';

const rowsIn = (table: FamilyTable | null | undefined): string =>
  table ? table.rows.length.toLocaleString('en') : '–';

const kindWords: readonly (readonly [kinds: readonly string[], one: string])[] = [
  [['r', 'p'], 'table'],
  [['i'], 'index'],
  [['v'], 'view'],
  [['m'], 'materialized view'],
  [['S'], 'sequence'],
  [['f'], 'foreign table'],
];

/** All objects of the recorded structure; before that is read, the tables that statistics tell of. */
function Objects({ view, fallback }: { view: MonitorView; fallback: FamilyTable | null | undefined }) {
  const { data } = useCall(client.monitor.objects, { id: view.id, atMs: slowInstant(view) });
  if (!data || data.databases === 0) return <Tile label="Tables" value={rowsIn(fallback)} note="with statistics" />;
  const count = (kinds: readonly string[]) =>
    data.kinds.reduce((sum, each) => sum + (kinds.includes(each.kind) ? each.count : 0), 0);
  const words = kindWords.flatMap(([kinds, one]) => {
    const found = count(kinds);
    return found === 0 ? [] : [counted(found, one, one === 'index' ? 'indexes' : `${one}s`)];
  });
  const all = data.kinds.reduce((sum, each) => sum + each.count, 0);
  return (
    <Tile
      label="Objects"
      value={all.toLocaleString('en')}
      note={words.slice(0, 2).join(', ')}
      title={`${words.join(', ')} in ${counted(data.databases, 'database')}`}
    />
  );
}

/** Asked for as often as the server is judged. */
const askSchedules = (_: { atMs: number }, options: { signal: AbortSignal }) =>
  client.backups.schedules(undefined, options);

function NextBackup({ connectionId, atMs }: { connectionId: string | null; atMs: number }) {
  const { data } = useCall(askSchedules, connectionId === null ? null : { atMs });
  return <Tile label="Next backup" {...nextBackup(data ?? [], connectionId, Date.now())} />;
}

/** What one asks first of a server, in figures. */
export function Tiles({ evidence, view }: { evidence: HealthEvidence; view: MonitorView }) {
  const [connections] = rowsOf(evidence, 'connections') ?? [];
  const databases = rowsOf(evidence, 'database') ?? [];
  const total = connections?.value('total') ?? null;
  const max = connections?.value('max_connections') ?? null;
  const covered = evidence.families.database?.coveredMs ?? 0;
  const transactions = (sumOf(databases, 'xact_commit') ?? 0) + (sumOf(databases, 'xact_rollback') ?? 0);
  const bytes = sumOf(rowsOf(evidence, 'database_size') ?? [], 'bytes');
  const oldest = connections?.value('oldest_xact_age') ?? null;
  return (
    <dl className="flex flex-wrap items-stretch gap-x-4 gap-y-2">
      <Tile label="Connections" value={total === null ? '–' : String(total)} note={max === null ? '' : `of ${max}`} />
      <Tile
        label="Transactions"
        value={covered === 0 ? '–' : shownAmount(transactions / (covered / 1000), { unit: 'count', perSecond: true })}
      />
      <Tile label="Oldest transaction" value={oldest === null ? 'none' : shownAmount(oldest, { unit: 'ms' })} />
      <Tile
        label="Databases"
        value={bytes === null ? '–' : shownAmount(bytes, { unit: 'bytes' })}
        note={`${databases.filter((row) => row.name('datid') !== '0').length} in number`}
      />
      <Objects view={view} fallback={evidence.families.table} />
      <NextBackup connectionId={view.source.connectionId} atMs={evidence.toMs} />
    </dl>
  );
}

function Tile({ label, value, note, title }: { label: string; value: string; note?: string; title?: string }) {
  return (
    <div title={title} className="flex min-w-20 flex-col justify-center">
      <dt className="text-2xs text-faint">{label}</dt>
      <dd className="text-lg leading-5 font-semibold tabular-nums">{value}</dd>
      <dd className="h-4 text-2xs text-muted">{note}</dd>
    </div>
  );
}
