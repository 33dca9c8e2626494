/** What a server's health is judged by: plain data over one stretch of time, each part missing where it is not known. */
import type { SettingsSnapshot } from '../metrics/snapshots.ts';

/** As `monitor.table` answers: gauges as last known, counters as what was added in the range. */
export interface FamilyTable {
  readonly coveredMs: number;
  readonly key: readonly string[];
  readonly metrics: readonly string[];
  readonly rows: readonly { readonly key: readonly string[]; readonly values: readonly (number | null)[] }[];
}

export interface HealthEvidence {
  readonly fromMs: number;
  /** Gauges and ages are to this instant. */
  readonly toMs: number;
  /** How much of the range samples of sessions stand for, 0 to 1. */
  readonly covered: number;
  /** Processors of the server; null where nobody has said. */
  readonly vcpus: number | null;
  /** Average active sessions by wait class; null where nothing is known. */
  readonly activity: Readonly<Record<string, number>> | null;
  /** Sessions that waited for a lock: at most at once, and the instant of that; null where nothing is known. */
  readonly blocked: { readonly most: number; readonly atMs: number } | null;
  /** By the family's id. */
  readonly families: Readonly<Record<string, FamilyTable | null>>;
  readonly settings: SettingsSnapshot | null;
}

/** One row with its names: `value('n_dead_tup')`, `name('table')`. */
export interface NamedRow {
  readonly value: (metric: string) => number | null;
  readonly name: (part: string) => string;
}

/** The rows of a family; null where it was not recorded. */
export function rowsOf(evidence: HealthEvidence, family: string): readonly NamedRow[] | null {
  const table = evidence.families[family];
  return table ? rowsOfTable(table) : null;
}

export const rowsOfTable = (table: FamilyTable): readonly NamedRow[] =>
  table.rows.map((row) => ({
    value: (metric) => row.values[table.metrics.indexOf(metric)] ?? null,
    name: (part) => row.key[table.key.indexOf(part)] ?? '',
  }));

/** The sum of a metric over all rows; null where no row knows it. */
export function sumOf(rows: readonly NamedRow[], metric: string): number | null {
  const known = rows.map((row) => row.value(metric)).filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, each) => sum + each, 0);
}
