/** What a collector is: something asked again and again, on one of the two connections that a recorder may have. */
import type { Crash } from '../../../shared/metrics/rate.ts';
import type { MonitorLink } from '../../postgres/monitor/monitor-link.ts';
import type { PoolConsole } from '../../postgres/monitor/pool-console.ts';
import type { FamilySample, RecordedEvent, Snapshot, StatementText } from '../samples.ts';
import type { BulkAllowance } from './allowance.ts';

/** What a collector learns with, and whom it tells. */
export interface Collecting {
  /** The collector's own id. */
  readonly id: string;
  /** It has not run to its end yet on this server. */
  readonly isFirst: boolean;
  /** The recorder's own connection. */
  readonly link: MonitorLink;
  /**
   * Runs the work on a second connection that is opened for it and given back: to another database, or for what may
   * take long. One at a time.
   */
  aside<T>(database: string | null, work: (link: MonitorLink) => Promise<T>): Promise<T>;
  /** For what is short: on the recorder's own connection where it leads to that database, else as `aside`. */
  near<T>(database: string | null, work: (link: MonitorLink) => Promise<T>): Promise<T>;
  /** Databases that can be connected to, the recorder's own first. */
  databases(): Promise<readonly string[]>;
  /** Where a server's instant stands in the recording's time, which never goes back. */
  place(serverMs: number): number;
  /** Whether the server zeroed its statistics by itself. */
  crash(): Promise<Crash>;
  /** The pooler's admin console; throws where there is none, or it lets us not in. */
  console(): Promise<PoolConsole>;
  /** Of pg_stat_statements: its texts that the recording lacks. */
  missingTexts(queryIds: readonly string[]): Promise<readonly string[]>;
  readonly signal: AbortSignal;
  /** Shared by all that read in bulk. */
  readonly allowance: BulkAllowance;
  /** So long the run did nothing, out of consideration: no cost of the server. */
  rested(ms: number): void;
  /** So many of a database's relations have been passed, of so many where that is known: more will follow. */
  reading(database: string, read: number, of: number | null): void;
  family(sample: FamilySample): void;
  snapshot(snapshot: Snapshot): void;
  event(event: RecordedEvent): void;
  text(text: StatementText): void;
}

export interface Collector {
  readonly id: string;
  /** In words, for the ledger of own costs. */
  readonly label: string;
  readonly everyMs: number;
  /** While it answers with nothing, where that is less often. */
  readonly idleEveryMs?: number;
  /** First major version that it works on; 13 where not said. */
  readonly since?: number;
  /** What it read still holds after the connection was lost: it is asked again when it would have been. */
  readonly outlivesLink?: true;
  /** Only behind a pooler, or where one is named. */
  readonly pooledOnly?: true;
  /** What it asks, for "show SQL". */
  sql(major: number): string;
  /** One run; answers with the number of rows read. Throws what went wrong: the others go on. */
  run(collecting: Collecting): Promise<number>;
  /** Another server answers now. */
  forget?(): void;
}
