/** What a poll of counters tells happened in its time: deadlocks, vacuums, resets. */
import type { MetricFamily } from '../../../../shared/metrics/metric.ts';
import type { Growth, GrowthRow } from '../../../../shared/metrics/rate.ts';
import type { RecordedEvent } from '../../samples.ts';

/** Autovacuum is told of tables from so many pages on (100 MB); others it visits all day. */
const largePages = 12_800;
const mostEvents = 50;

export function eventsOf(family: MetricFamily, growth: Growth): RecordedEvent[] {
  const { atMs, flags, rows } = growth;
  const places = new Map(family.metrics.map(({ name }, place) => [name, place]));
  const value = (row: GrowthRow, metric: string) => row.values[places.get(metric) ?? -1] ?? 0;
  const event = (kind: RecordedEvent['kind'], database: string | null, subject: string): RecordedEvent => ({
    atMs,
    kind,
    database,
    subject,
    before: null,
    after: null,
  });
  const events = flags.includes('reset') ? [event('reset', null, `Counters of: ${family.label}`)] : [];
  for (const row of rows) {
    const [database = null, schema, name] = row.key;
    if (family.id === 'database') {
      const deadlocks = value(row, 'deadlocks');
      if (deadlocks > 0)
        events.push(event('deadlock', database, deadlocks === 1 ? 'A deadlock' : `${deadlocks} deadlocks`));
      if (row.flags?.includes('reset')) events.push(event('reset', database, 'Counters of the database'));
    }
    if (family.id === 'table') {
      const large = value(row, 'relpages') >= largePages;
      const table = `${schema}.${name}`;
      if (value(row, 'vacuum_count') > 0) events.push(event('vacuum', database, table));
      if (value(row, 'analyze_count') > 0) events.push(event('analyze', database, table));
      if (large && value(row, 'autovacuum_count') > 0) events.push(event('vacuum', database, `${table} (autovacuum)`));
      if (large && value(row, 'autoanalyze_count') > 0)
        events.push(event('analyze', database, `${table} (autovacuum)`));
    }
  }
  return events.slice(0, mostEvents);
}
