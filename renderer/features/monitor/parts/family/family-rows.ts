import { type NamedRow, rowsOfTable } from '../../../../../shared/health/evidence.ts';
import { client } from '../../../../client/connect.ts';

export interface FamilyRows {
  /** When it was last read; null where it never was up to then. */
  readonly atMs: number | null;
  readonly coveredMs: number;
  readonly rows: readonly NamedRow[];
  readonly metrics: readonly string[];
}

/** A family's rows by name: gauges as they were at the end of the stretch, counters as what was added in it. */
export async function readFamily(
  question: { id: string; fromMs: number; toMs: number; family: string },
  options: { signal: AbortSignal },
): Promise<FamilyRows> {
  const table = await client.monitor.table(question, options);
  return { atMs: table.atMs, coveredMs: table.coveredMs, rows: rowsOfTable(table), metrics: table.metrics };
}
