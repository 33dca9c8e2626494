/** The pools of a PgBouncer that stands between: only where one answered, and lets us ask. */
import { pool, poolStats } from '../../../../shared/metrics/families/pool.ts';
import { FamilyGrowth } from '../../../../shared/metrics/rate.ts';
import type { ConsoleRow } from '../../../postgres/monitor/pool-console.ts';
import type { Collector } from '../collector.ts';
import { readRow } from './read-family.ts';

export function poolCollector(): Collector {
  const pools = new FamilyGrowth(pool);
  const stats = new FamilyGrowth(poolStats);
  return {
    id: pool.id,
    label: pool.label,
    everyMs: pool.everyMs,
    since: 10,
    pooledOnly: true,
    sql: () => 'SHOW POOLS;\nSHOW STATS;',
    forget() {
      pools.forget();
      stats.forget();
    },
    async run(collecting) {
      const console = await collecting.console();
      const { atMs } = await collecting.link.moment();
      const common = { atMs: collecting.place(atMs), serverStart: '', scopes: [''], whole: true };
      const poolRows = (await console.show('pools')).map((row) => readRow(pool, withWait(row)));
      collecting.family({ family: pool.id, ...pools.read({ ...common, rows: poolRows }) });
      const statRows = (await console.show('stats')).map((row) => readRow(poolStats, row));
      collecting.family({ family: poolStats.id, ...stats.read({ ...common, rows: statRows }) });
      return poolRows.length + statRows.length;
    },
  };
}

/** It tells whole seconds, and what is left of them in microseconds. */
const withWait = (row: ConsoleRow): ConsoleRow => ({
  ...row,
  maxwait: String(Number(row.maxwait ?? 0) * 1000 + Number(row.maxwait_us ?? 0) / 1000),
});
