/** How hot each table is: by its size, or by what a recording has seen of it up to an instant. */
import type { DiagramGraph } from '../../../../shared/api/diagrams.ts';
import type { Blame } from '../../../../shared/api/monitor.ts';
import { type NamedRow, rowsOfTable } from '../../../../shared/health/evidence.ts';
import { qualified } from '../../../../shared/sql/quote.ts';
import { client } from '../../../client/connect.ts';
import { shownBytes, shownCount, shownDuration } from '../../../ui/amounts.ts';

export const heatKinds = ['size', 'growth', 'reads', 'writes', 'dead', 'locks'] as const;
export type HeatKind = (typeof heatKinds)[number];
export const heatLabels: Readonly<Record<HeatKind, string>> = {
  size: 'Size',
  growth: 'Growth in a day',
  reads: 'Rows read in an hour',
  writes: 'Rows written in an hour',
  dead: 'Dead rows',
  locks: 'Lock waits in an hour, rows too',
};

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export type Heat = ReadonlyMap<string, { readonly share: number; readonly text: string }>;

/** Amounts by table as shares of the hottest, on a scale on which the middle ones can be told apart. */
export function heatOf(amounts: ReadonlyMap<string, number>, text: (amount: number) => string): Heat {
  const most = Math.max(0, ...amounts.values());
  const scale = (amount: number): number =>
    most === 0 ? 0 : Math.log1p((1_000 * Math.max(0, amount)) / most) / Math.log1p(1_000);
  return new Map([...amounts].map(([id, amount]) => [id, { share: scale(amount), text: text(amount) }]));
}

/** With partitions added to the table they belong to, down to the roots. */
export function withPartitions(amounts: ReadonlyMap<string, number>, graph: DiagramGraph): Map<string, number> {
  const parents = new Map(graph.tables.map(({ id, parent }) => [id, parent]));
  const sums = new Map(amounts);
  for (const [id, amount] of amounts)
    for (let at = parents.get(id) ?? null; at !== null; at = parents.get(at) ?? null)
      sums.set(at, (sums.get(at) ?? 0) + amount);
  return sums;
}

/** By the sizes that the catalog tells of the last VACUUM or ANALYZE. */
export function sizesOfCatalog(graph: DiagramGraph): Map<string, number> {
  return new Map(graph.tables.flatMap(({ id, sizeBytes }) => (sizeBytes === null ? [] : [[id, sizeBytes]])));
}

export interface HeatAt {
  readonly recordingId: string;
  readonly database: string;
  readonly atMs: number;
  /** Where the recording begins. */
  readonly fromMs: number;
}

/** What the recording knows at that instant, by table; empty where it knows nothing. */
export async function recordedHeat(kind: HeatKind, at: HeatAt, signal: AbortSignal): Promise<Map<string, number>> {
  switch (kind) {
    case 'size':
      return sizesAt(at, at.atMs, signal);
    case 'growth': {
      // Where less than a day is recorded, what grew since the first sizes were read.
      const sinceMs = Math.min(at.atMs, Math.max(at.atMs - dayMs, at.fromMs + hourMs));
      const [now, before] = await Promise.all([sizesAt(at, at.atMs, signal), sizesAt(at, sinceMs, signal)]);
      return new Map([...now].map(([id, bytes]) => [id, bytes - (before.get(id) ?? 0)]));
    }
    case 'reads':
      return fromTables(at, ['seq_tup_read', 'idx_tup_fetch'], signal);
    case 'writes':
      return fromTables(at, ['n_tup_ins', 'n_tup_upd', 'n_tup_del'], signal);
    case 'dead':
      return fromTables(at, ['n_dead_tup'], signal);
    case 'locks': {
      const { recordingId: id, atMs } = at;
      return lockWaits(await client.monitor.blame({ id, fromMs: atMs - hourMs, toMs: atMs }, { signal }));
    }
  }
}

/** Seconds by table: of waits for its own lock and for its rows'. */
export function lockWaits(costs: readonly Pick<Blame, 'relation' | 'blockedSeconds'>[]): Map<string, number> {
  const amounts = new Map<string, number>();
  for (const { relation, blockedSeconds } of costs)
    if (relation !== null) amounts.set(relation, (amounts.get(relation) ?? 0) + blockedSeconds);
  return amounts;
}

export function heatText(kind: HeatKind, amount: number): string {
  if (kind === 'size') return shownBytes(amount);
  if (kind === 'growth') return amount < 0 ? `−${shownBytes(-amount)}` : `+${shownBytes(amount)}`;
  return kind === 'locks' ? shownDuration(amount * 1_000) : shownCount(Math.round(amount));
}

async function family(
  { recordingId, database }: HeatAt,
  name: string,
  fromMs: number,
  toMs: number,
  signal: AbortSignal,
): Promise<NamedRow[]> {
  const table = await client.monitor.table({ id: recordingId, family: name, fromMs, toMs }, { signal });
  return rowsOfTable(table).filter((row) => row.name('database') === database);
}

/** Tables with their indexes and TOAST. */
async function sizesAt(at: HeatAt, toMs: number, signal: AbortSignal): Promise<Map<string, number>> {
  const amounts = new Map<string, number>();
  for (const row of await family(at, 'relation_size', toMs - hourMs, toMs, signal)) {
    const id = qualified(row.name('schema'), row.name('table') || row.name('name'));
    amounts.set(id, (amounts.get(id) ?? 0) + (row.value('bytes') ?? 0));
  }
  return amounts;
}

async function fromTables(at: HeatAt, metrics: readonly string[], signal: AbortSignal): Promise<Map<string, number>> {
  const rows = await family(at, 'table', at.atMs - hourMs, at.atMs, signal);
  return new Map(
    rows.map((row) => [
      qualified(row.name('schema'), row.name('table')),
      metrics.reduce((sum, metric) => sum + (row.value(metric) ?? 0), 0),
    ]),
  );
}
