/**
 * Counters to growth: the one place that knows resets, restarts, crashes and evictions.
 *
 * No single marker tells that counters began anew. A clean restart changes pg_postmaster_start_time and keeps every
 * counter; a crash of one process zeroes them all and changes no start time; pg_stat_database.stats_reset stays null
 * through both, and changes when a single table is reset. So markers only arm a check, and each row decides for
 * itself: what went backwards began anew, and its growth is what it shows now.
 */
import type { Metric, MetricFamily } from './metric.ts';

/** Why growth is not simply the difference of two readings; see `DeltaFlag` of the recorder's samples. */
export type GrowthFlag = 'first' | 'reset' | 'restart' | 'partial' | 'reentered' | 'lowerBound';

/** How far a row's own reset instant can be trusted. */
export type RowMarkerMeaning =
  /** When it changes the row's counters were zeroed (pg_stat_slru, pg_stat_subscription_stats). */
  | 'certain'
  /** It changes for other reasons as well (pg_stat_database.stats_reset: also when one table is reset). */
  | 'hint'
  /** It is the birth of the entry (pg_stat_statements.stats_since), epoch milliseconds as text. */
  | 'birth';

export interface ReadRow {
  readonly key: readonly string[];
  /** In the order of the family's metrics, as the server wrote them; null: not known. */
  readonly values: readonly (string | null)[];
  /** Reset instant of the row's own, where there is one. */
  readonly marker?: string | null;
  /** What was read as a whole: a database's name; rows of one that was not read stay as they were. */
  readonly scope?: string;
}

/** A crash that the server recovered from: another epoch after each. Suspected only, unless it is certain. */
export interface Crash {
  readonly epoch: number;
  readonly certain: boolean;
}

export interface Reading {
  /** The server's clock, epoch ms. */
  readonly atMs: number;
  readonly rows: readonly ReadRow[];
  /** Scopes that were read completely; rows of theirs that are missing do not exist any more. */
  readonly scopes: readonly string[];
  /** True where every scope there is was read. */
  readonly whole: boolean;
  /** pg_postmaster_start_time. */
  readonly serverStart: string;
  /** stats_reset of the family as a whole: a change means that it was zeroed. */
  readonly familyReset?: string | null;
  /** Whether the server zeroed all statistics by itself. */
  readonly crash?: Crash;
  /** pg_stat_statements_info.dealloc. */
  readonly evictions?: string | null;
}

export interface GrowthRow {
  readonly key: readonly string[];
  readonly values: readonly (number | null)[];
  readonly flags?: readonly GrowthFlag[];
}
export interface Growth {
  readonly atMs: number;
  /** Since the reading before; 0 for the first. */
  readonly coveredMs: number;
  readonly flags: readonly GrowthFlag[];
  /** Rows that are not listed do not exist, rather than being unchanged. */
  readonly complete: boolean;
  readonly rows: readonly GrowthRow[];
}

/** Beyond what a double holds exactly, a bigint. */
type Exact = number | bigint | null;
interface Kept {
  readonly key: readonly string[];
  readonly values: readonly Exact[];
  readonly marker: string | null;
  readonly scope: string;
}

export interface GrowthRules {
  readonly rowMarker?: RowMarkerMeaning;
  /** All rows are given at least so often, changed or not; an hour where not said. */
  readonly allEveryMs?: number;
}

const hourMs = 3_600_000;

export class FamilyGrowth {
  readonly #family: MetricFamily;
  readonly #rules: GrowthRules;
  #before: Reading | null = null;
  #kept = new Map<string, Kept>();
  #allAtMs = Number.NEGATIVE_INFINITY;

  constructor(family: MetricFamily, rules: GrowthRules = {}) {
    this.#family = family;
    this.#rules = rules;
  }

  /** Another server answers now: what was read before is of no use. */
  forget(): void {
    this.#before = null;
    this.#kept.clear();
    this.#allAtMs = Number.NEGATIVE_INFINITY;
  }

  /** What was added since the reading before. Readings come in the order of time. */
  read(reading: Reading): Growth {
    const before = this.#before;
    const now = new Map(reading.rows.map((row) => [keyText(row.key), exactRow(row)]));
    const all =
      !this.#family.changedOnly || reading.atMs - this.#allAtMs >= (this.#rules.allEveryMs ?? hourMs) || !before;
    const flags = before ? this.#pollFlags(before, reading, now) : (['first'] as const);
    const judge: Judge = { flags, zeroed: before ? this.#allZeroed(before, reading, now) : false };

    const rows: GrowthRow[] = [];
    for (const [id, row] of now) {
      const kept = this.#kept.get(id);
      const grown = this.#grow(kept, row, reading, judge);
      if (all || !kept || grown.flags || this.#changed(kept, row, grown)) rows.push(grown);
    }
    this.#keep(now, reading);
    if (all && reading.whole) this.#allAtMs = reading.atMs;
    this.#before = reading;
    const coveredMs = before ? Math.max(0, reading.atMs - before.atMs) : 0;
    return { atMs: reading.atMs, coveredMs, flags: [...flags], complete: all && reading.whole, rows };
  }

  #pollFlags(before: Reading, reading: Reading, now: ReadonlyMap<string, Kept>): GrowthFlag[] {
    const flags: GrowthFlag[] = [];
    if (before.serverStart !== reading.serverStart) flags.push('restart');
    if (changed(before.familyReset, reading.familyReset)) flags.push('reset');
    if (Number(reading.evictions ?? 0) > Number(before.evictions ?? 0)) flags.push('partial');
    const crashed = changed(before.crash?.epoch, reading.crash?.epoch);
    if (crashed && !this.#allZeroed(before, reading, now)) flags.push('lowerBound');
    return flags;
  }

  /** The family's own word, or a crash that is certain or that at least one row bears out. */
  #allZeroed(before: Reading, reading: Reading, now: ReadonlyMap<string, Kept>): boolean {
    if (changed(before.familyReset, reading.familyReset)) return true;
    if (!changed(before.crash?.epoch, reading.crash?.epoch)) return false;
    return reading.crash?.certain === true || this.#anyBackwards(now);
  }

  #anyBackwards(now: ReadonlyMap<string, Kept>): boolean {
    for (const [id, row] of now) {
      const kept = this.#kept.get(id);
      if (kept && this.#backwards(kept, row)) return true;
    }
    return false;
  }

  #backwards(kept: Kept, row: Kept): boolean {
    return this.#family.metrics.some((metric, at) => {
      if (metric.kind !== 'counter' || metric.position) return false;
      const [old, value] = [kept.values[at] ?? null, row.values[at] ?? null];
      return old !== null && value !== null && value < old;
    });
  }

  #grow(kept: Kept | undefined, row: Kept, reading: Reading, judge: Judge): GrowthRow {
    if (!kept) return this.#newRow(row, reading, judge);
    const { rowMarker } = this.#rules;
    const marked = changed(kept.marker, row.marker);
    if (marked && rowMarker === 'birth') return this.#anew(row, ['reentered', 'partial']);
    if (judge.zeroed || (marked && rowMarker === 'certain') || this.#backwards(kept, row))
      return this.#anew(row, ['reset', 'partial']);
    const values = this.#family.metrics.map((metric, at) => difference(metric, kept.values[at], row.values[at]));
    return { key: row.key, values, ...(marked && rowMarker === 'hint' ? { flags: ['lowerBound'] } : {}) };
  }

  /**
   * Not there at the last reading. Where that reading was complete, all that it counts came since; what only became
   * visible now has a past of unknown length, and no growth.
   */
  #newRow(row: Kept, reading: Reading, { flags }: Judge): GrowthRow {
    const before = this.#before;
    if (!before?.scopes.includes(row.scope)) return this.#unknown(row);
    if (this.#rules.rowMarker === 'birth' && row.marker !== null && Number(row.marker) < before.atMs)
      return this.#unknown(row);
    const evicted = flags.includes('partial') && reading.evictions !== undefined;
    return this.#anew(row, evicted ? ['reentered'] : undefined);
  }

  /** A log position did not begin at zero: its growth since is not known. */
  #anew(row: Kept, flags: GrowthFlag[] | undefined): GrowthRow {
    const values = this.#family.metrics.map((metric, at) =>
      metric.position ? null : toNumber(row.values[at] ?? null),
    );
    return { key: row.key, values, ...(flags ? { flags } : {}) };
  }

  #unknown(row: Kept): GrowthRow {
    const values = this.#family.metrics.map((metric, at) =>
      metric.kind === 'counter' ? null : toNumber(row.values[at] ?? null),
    );
    return { key: row.key, values, flags: ['first'] };
  }

  #changed(kept: Kept, row: Kept, grown: GrowthRow): boolean {
    return this.#family.metrics.some((metric, at) =>
      metric.kind === 'counter' ? (grown.values[at] ?? 0) !== 0 : kept.values[at] !== row.values[at],
    );
  }

  #keep(now: Map<string, Kept>, reading: Reading): void {
    for (const [id, kept] of this.#kept) if (!now.has(id) && !reading.scopes.includes(kept.scope)) now.set(id, kept);
    this.#kept = now;
  }
}

interface Judge {
  readonly flags: readonly GrowthFlag[];
  readonly zeroed: boolean;
}

/** From null to an instant is a reset as well; where a reading tells nothing (undefined), nothing is concluded. */
const changed = <T>(before: T | undefined, now: T | undefined): boolean =>
  before !== undefined && now !== undefined && before !== now;

const keyText = (key: readonly string[]): string => key.join('\u0001');

const exactRow = ({ key, values, marker, scope }: ReadRow): Kept => ({
  key,
  values: values.map(exact),
  marker: marker ?? null,
  scope: scope ?? '',
});

/** Fifteen digits always fit a double. NaN and infinities are not known. */
function exact(text: string | null): Exact {
  if (text === null) return null;
  if (text.length > 15 && /^-?\d+$/.test(text)) return BigInt(text);
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

const toNumber = (value: Exact): number | null => (value === null ? null : Number(value));

function difference(metric: Metric, before: Exact | undefined, now: Exact | undefined): number | null {
  const value = now ?? null;
  if (metric.kind === 'gauge') return toNumber(value);
  if (value === null || before === undefined || before === null) return null;
  const growth =
    typeof value === 'number' && typeof before === 'number' ? value - before : Number(BigInt(value) - BigInt(before));
  return metric.position && growth < 0 ? null : growth;
}

/** Growth a second; null where nothing was covered. */
export const ratePerSecond = (growth: number | null, coveredMs: number): number | null =>
  growth === null || coveredMs <= 0 ? null : (growth * 1000) / coveredMs;
