/**
 * Monitoring as data: what is measured, in which unit, and how to draw it. The recorder reads what and when to ask,
 * a recording keeps its rows by the order given here, and a chart reads unit and meaning.
 */

/** A counter only grows until it is reset, and is kept as what was added since the last poll; a gauge is kept as read. */
export type MetricKind = 'counter' | 'gauge';

export type MetricUnit = 'count' | 'bytes' | 'ms' | 'us' | 'ratio' | 'xids' | 'lsn' | 'epochMs' | 'blocks';

export interface Metric {
  /** The server's own column name where there is one: `blks_hit`. Unique within its family. */
  readonly name: string;
  readonly label: string;
  /** One sentence a newcomer understands. */
  readonly meaning: string;
  readonly unit: MetricUnit;
  readonly kind: MetricKind;
  /** The first major version that has it; absent: all of 13 and later. */
  readonly since?: number;
  /** The last major version that has it. */
  readonly until?: number;
  /**
   * A counter that may step back without a reset (a log position, or a sum over indexes that can be dropped): a step
   * back is no growth at all.
   */
  readonly position?: true;
  /** How to draw it, where a line is not the best: values that add up to a whole, steps, or single columns. */
  readonly draw?: 'stack' | 'step' | 'bars';
}

/** Which things one row of a family is about. */
export type MetricScope =
  | 'server'
  | 'database'
  | 'relation'
  | 'index'
  | 'statement'
  | 'replica'
  | 'slot'
  | 'backend'
  | 'io'
  | 'sequence'
  | 'pool';

export interface MetricFamily {
  /** `database`, `table`, `index`, `statement`, `io`, `wal`, `checkpointer`, … */
  readonly id: string;
  readonly scope: MetricScope;
  readonly label: string;
  /** Names of the key's parts, in order: `['dbid', 'userid', 'queryid', 'toplevel']`. Empty: one row a server. */
  readonly key: readonly string[];
  /** In the order in which a recording keeps them. New ones are appended; none is ever removed or moved. */
  readonly metrics: readonly Metric[];
  /** How often it is read, in milliseconds, unless the person chose otherwise. */
  readonly everyMs: number;
  /** True where only rows that changed are kept (and all of them once an hour); else each poll keeps every row. */
  readonly changedOnly?: true;
  /** The first major version that has it. */
  readonly since?: number;
  /** The least privilege that sees all of it: `pg_monitor`, `pg_read_all_stats`, …; absent: anybody. */
  readonly privilege?: string;
}
