/** The figures of a stretch that tell at once how it differs from another one. */
import { rowsOfTable, sumOf } from '../../../../shared/health/evidence.ts';
import type { UnitOf } from '../../../../shared/metrics/units.ts';
import { client } from '../../../client/connect.ts';
import type { Direction } from './change.tsx';

export interface Figure {
  readonly key: string;
  readonly label: string;
  readonly unit: UnitOf;
  readonly direction: Direction;
  readonly value: number | null;
}

type Table = Awaited<ReturnType<typeof client.monitor.table>>;

/** What a counter grew by a second, over all rows; null where nothing is known. */
function rate(table: Table | null, metrics: readonly string[], coveredMs = table?.coveredMs ?? 0): number | null {
  if (!table || coveredMs <= 0) return null;
  const rows = rowsOfTable(table);
  const sums = metrics.map((metric) => sumOf(rows, metric)).filter((sum) => sum !== null);
  return sums.length === 0 ? null : sums.reduce((all, each) => all + each, 0) / (coveredMs / 1000);
}

/** Pure: from what the pages of a single stretch are given. */
export function figuresOf(tables: { database: Table | null; wal: Table | null; connections: Table | null }): Figure[] {
  const { database, wal, connections } = tables;
  const hit = rate(database, ['blks_hit']);
  const read = rate(database, ['blks_read']);
  const perSecond = (unit: UnitOf['unit']): UnitOf => ({ unit, perSecond: true });
  const figure = (key: string, label: string, unit: UnitOf, direction: Direction, value: number | null): Figure => ({
    key,
    label,
    unit,
    direction,
    value,
  });
  const ratio = hit === null || read === null || hit + read === 0 ? null : hit / (hit + read);
  const total = connections ? sumOf(rowsOfTable(connections), 'total') : null;
  return [
    figure(
      'transactions',
      'Transactions',
      perSecond('count'),
      'neither',
      rate(database, ['xact_commit', 'xact_rollback']),
    ),
    figure('connections', 'Connections', { unit: 'count' }, 'neither', total),
    figure('hit', 'Cache hits', { unit: 'ratio' }, 'good', ratio),
    figure('read', 'Read', perSecond('blocks'), 'bad', read),
    figure('temp', 'Temp files', perSecond('bytes'), 'bad', rate(database, ['temp_bytes'])),
    figure('wal', 'WAL', perSecond('bytes'), 'neither', rate(wal, ['lsn'])),
  ];
}

/** Of one stretch; a family that was not recorded leaves its figures unknown. */
export async function readFigures(
  stretch: { id: string; fromMs: number; toMs: number },
  options: { signal: AbortSignal },
): Promise<Figure[]> {
  const read = async (family: string) => {
    const table = await client.monitor.table({ ...stretch, family }, options);
    return table.atMs === null ? null : table;
  };
  const [database, wal, connections] = await Promise.all([read('database'), read('wal'), read('connections')]);
  return figuresOf({ database, wal, connections });
}
