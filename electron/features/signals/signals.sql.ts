import { query } from '../../postgres/query.ts';

/** A later session with the same pid is not meant. The start of another role's session may be hidden: the server then refuses. */
const session = `a.pid = $1
  and coalesce(floor(extract(epoch from a.backend_start) * 1000) = $2::numeric, true)`;

export interface PreviewRow {
  readonly backendType: string;
  readonly state: string | null;
  readonly query: string;
  readonly xactAgeMs: string | null;
  readonly hasWritten: boolean;
  readonly blocks: string;
  readonly antiWraparound: boolean;
}
/** How the session of that pid and start (epoch milliseconds) fares; no row where it has ended. */
export const sessionPreview = query<PreviewRow>(
  'signals.preview',
  `select a.backend_type as "backendType", a.state, coalesce(a.query, '') as query,
    (extract(epoch from pg_catalog.clock_timestamp() - a.xact_start) * 1000)::text as "xactAgeMs",
    a.backend_xid is not null as "hasWritten",
    (select count(*) from pg_catalog.pg_stat_activity w
      where w.wait_event_type = 'Lock' and a.pid = any (pg_catalog.pg_blocking_pids(w.pid)))::text as blocks,
    a.query like 'autovacuum: % (to prevent wraparound)' is true as "antiWraparound"
  from pg_catalog.pg_stat_activity a
  where ${session}`,
);

export interface SignalRow {
  /** The server could reach the process. */
  readonly sent: boolean;
  /** Of its statement, to see whether it is still the same: its start and state. */
  readonly statement: string | null;
}
const found = `pg_catalog.pg_stat_activity a where ${session}`;
const statement = `a.query_start || ' ' || (a.state = 'active')::text as statement`;

export const cancelSession = query<SignalRow>(
  'signals.cancel',
  `select ${statement}, pg_catalog.pg_cancel_backend(a.pid) as sent from ${found}`,
);
export const terminateSession = query<SignalRow>(
  'signals.terminate',
  `select ${statement}, pg_catalog.pg_terminate_backend(a.pid) as sent from ${found}`,
);
/** The statement the session is at now; no row where it has ended. */
export const sessionStatement = query<{ readonly statement: string | null }>(
  'signals.statement',
  `select ${statement} from ${found}`,
);
