/** Reads from a recording what autovacuum would go by. */
import { type VacuumCandidate, vacuumQueue } from '../../../../shared/advice/vacuum-queue.ts';
import type { NamedRow } from '../../../../shared/health/evidence.ts';
import type { CatalogSnapshot, SettingsSnapshot } from '../../../../shared/metrics/snapshots.ts';
import { readFamily } from '../parts/family/family-rows.ts';
import type { Stretch } from '../parts/stretch.ts';
import { contentOf } from './gather-indexes.ts';

export interface VacuumState {
  readonly queue: readonly VacuumCandidate[];
  /** Who keeps vacuum from removing dead rows, the oldest first. */
  readonly holders: readonly NamedRow[];
  /** `database schema.table` of vacuums that run. */
  readonly running: readonly NamedRow[];
}

const latest = (row: NamedRow, ...metrics: readonly string[]): number | null => {
  const known = metrics.map((metric) => row.value(metric)).filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
};

export async function gatherVacuum(stretch: Stretch, options: { signal: AbortSignal }): Promise<VacuumState> {
  const [tables, holders, progress, settings] = await Promise.all([
    readFamily({ ...stretch, family: 'table' }, options),
    readFamily({ ...stretch, family: 'xmin_horizon' }, options),
    readFamily({ ...stretch, family: 'progress' }, options),
    contentOf<SettingsSnapshot>(stretch, 'settings', null, ['settings', 'overrides'], options),
  ]);
  const optionsOf = new Map<string, readonly string[]>();
  for (const database of new Set(tables.rows.map((row) => row.name('database')))) {
    const catalog = await contentOf<CatalogSnapshot>(stretch, 'catalog', database, ['relations'], options);
    for (const relation of catalog?.relations ?? [])
      if (relation.options.length > 0) optionsOf.set(`${database} ${relation.oid}`, relation.options);
  }
  const candidates = tables.rows.map((row) => ({
    database: row.name('database'),
    schema: row.name('schema'),
    table: row.name('table'),
    relid: row.name('relid'),
    rows: row.value('reltuples') ?? row.value('n_live_tup'),
    dead: row.value('n_dead_tup'),
    insertedSince: row.value('n_ins_since_vacuum'),
    changedSince: row.value('n_mod_since_analyze'),
    lastVacuumMs: latest(row, 'last_vacuum', 'last_autovacuum'),
    lastAnalyzeMs: latest(row, 'last_analyze', 'last_autoanalyze'),
    options: optionsOf.get(`${row.name('database')} ${row.name('relid')}`) ?? [],
  }));
  return {
    queue: vacuumQueue(candidates, settings),
    holders: holders.rows.toSorted((a, b) => (b.value('age') ?? 0) - (a.value('age') ?? 0)),
    running: progress.rows.filter((row) => row.name('command') === 'VACUUM'),
  };
}
