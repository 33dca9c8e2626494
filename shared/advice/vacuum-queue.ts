/**
 * Which tables autovacuum would take next, by its own rules (relation_needs_vacanalyze in autovacuum.c): what has changed
 * against the threshold that settings, or the table itself, give.
 */

import type { SettingsSnapshot } from '../metrics/snapshots.ts';
import { identifier } from '../sql/quote.ts';

export interface VacuumTable {
  readonly database: string;
  readonly schema: string;
  readonly table: string;
  readonly relid: string;
  readonly rows: number | null;
  readonly dead: number | null;
  readonly insertedSince: number | null;
  readonly changedSince: number | null;
  readonly lastVacuumMs: number | null;
  readonly lastAnalyzeMs: number | null;
  /** pg_class.reloptions. */
  readonly options: readonly string[];
}

export interface VacuumCandidate extends VacuumTable {
  /** Dead rows at which a vacuum begins. */
  readonly threshold: number;
  /** How far it is: 1 is due. By dead rows, by inserted ones, and for ANALYZE; null where not known. */
  readonly byDead: number | null;
  readonly byInserts: number | null;
  readonly forAnalyze: number | null;
  /** The largest of the three. */
  readonly due: number;
  /** The table, or the server, has autovacuum off. */
  readonly off: boolean;
  readonly sql: string;
}

interface Rules {
  readonly number: (name: string, fallback: number) => number;
  readonly on: boolean;
}

const truth: ReadonlySet<string> = new Set(['on', 'true', 'yes', '1']);

function rulesOf(settings: SettingsSnapshot | null): Rules {
  const values = new Map(settings?.settings.map(({ name, setting }) => [name, setting]));
  const number = (name: string, fallback: number) => {
    const value = values.get(name);
    return value === undefined || !Number.isFinite(Number(value)) ? fallback : Number(value);
  };
  return { number, on: truth.has(values.get('autovacuum') ?? 'on') };
}

const optionsOf = (options: readonly string[]) =>
  new Map(options.map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]));

function judge(table: VacuumTable, rules: Rules): VacuumCandidate {
  const own = optionsOf(table.options);
  // The options of a table are named as the settings, but for the maximum that came with 18 and the inserts' names.
  const value = (name: string, fallback: number) => {
    const text = own.get(name);
    return text === undefined ? rules.number(name, fallback) : Number(text);
  };
  const rows = Math.max(0, table.rows ?? 0);
  const most = value('autovacuum_vacuum_max_threshold', -1);
  const plain = value('autovacuum_vacuum_threshold', 50) + value('autovacuum_vacuum_scale_factor', 0.2) * rows;
  const threshold = most >= 0 ? Math.min(plain, most) : plain;
  const insertBase = value('autovacuum_vacuum_insert_threshold', 1000);
  const inserts = insertBase + value('autovacuum_vacuum_insert_scale_factor', 0.2) * rows;
  const analyze = value('autovacuum_analyze_threshold', 50) + value('autovacuum_analyze_scale_factor', 0.1) * rows;
  const share = (part: number | null, of: number) => (part === null ? null : part / Math.max(1, of));
  const byDead = share(table.dead, threshold);
  const byInserts = insertBase < 0 ? null : share(table.insertedSince, inserts);
  const forAnalyze = share(table.changedSince, analyze);
  const enabled = own.get('autovacuum_enabled');
  return {
    ...table,
    threshold,
    byDead,
    byInserts,
    forAnalyze,
    due: Math.max(byDead ?? 0, byInserts ?? 0, forAnalyze ?? 0),
    off: !rules.on || (enabled !== undefined && !truth.has(enabled)),
    sql: `VACUUM (ANALYZE, VERBOSE) ${[table.schema, table.table].map(identifier).join('.')};`,
  };
}

/** The most due first. */
export function vacuumQueue(tables: readonly VacuumTable[], settings: SettingsSnapshot | null): VacuumCandidate[] {
  const rules = rulesOf(settings);
  return tables.map((table) => judge(table, rules)).toSorted((a, b) => b.due - a.due);
}
