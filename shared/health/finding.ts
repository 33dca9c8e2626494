/** What a rule says: why, by which numbers, what it costs the score, and what to do next. */

export const categories = [
  { id: 'connections', label: 'Connections', weight: 1 },
  { id: 'waits', label: 'Load and waits', weight: 0.9 },
  { id: 'cache', label: 'Cache', weight: 0.5 },
  { id: 'vacuum', label: 'Vacuum, wraparound', weight: 1 },
  { id: 'bloat', label: 'Dead rows', weight: 0.5 },
  { id: 'checkpoints', label: 'Checkpoints and WAL', weight: 0.6 },
  { id: 'replication', label: 'Replication', weight: 0.9 },
  { id: 'errors', label: 'Errors', weight: 0.8 },
  { id: 'sizes', label: 'Sizes and sequences', weight: 0.9 },
  { id: 'settings', label: 'Settings', weight: 0.7 },
] as const;
export type CategoryId = (typeof categories)[number]['id'];

export type Severity = 'critical' | 'warning' | 'notice';

/** Where the matter can be looked at. */
export type FindingPage = 'activity' | 'sessions' | 'locks' | 'statements' | 'objects' | 'replication' | 'settings';

export interface FindingNumber {
  readonly label: string;
  readonly value: string;
}

export interface Finding {
  /** The same matter keeps its id: `connections.near-limit`. */
  readonly id: string;
  readonly category: CategoryId;
  readonly severity: Severity;
  readonly title: string;
  /** Why it matters. */
  readonly reason: string;
  readonly numbers: readonly FindingNumber[];
  readonly nextStep: string;
  /** A statement that shows or mends it; never run by itself. */
  readonly sql?: string;
  readonly page?: FindingPage;
  /** The instant at which to look. */
  readonly atMs?: number;
  /** Points taken from the category's 100. */
  readonly deduction: number;
  /** The whole score is at most this while it holds. */
  readonly cap?: number;
}

/** What a category's rules found, and whether they could see what they need. */
export interface Judgement {
  readonly known: 'known' | 'partly' | 'unknown';
  /** What could not be seen, and why; empty where all could. */
  readonly missing: readonly string[];
  readonly findings: readonly Finding[];
  /** What was looked at, for those who want to see that all is well. */
  readonly numbers: readonly FindingNumber[];
}

export const unknown = (missing: string): Judgement => ({
  known: 'unknown',
  missing: [missing],
  findings: [],
  numbers: [],
});
