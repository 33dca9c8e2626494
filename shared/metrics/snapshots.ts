/** What the snapshots of a recording hold (`Snapshot.content`), by kind. Plain data: oids as numbers, instants in epoch ms. */

/** kind `server`, of the whole server. */
export interface ServerSnapshot {
  readonly version: string;
  readonly versionNum: number;
  /** Null where it may not be read. */
  readonly systemIdentifier: string | null;
  readonly timeline: number | null;
  readonly startedMs: number | null;
  readonly inRecovery: boolean;
  readonly clusterName: string;
  /** As the server itself sees the connection; null over a socket. */
  readonly address: string | null;
  readonly port: number | null;
  readonly dataDirectory: string | null;
  /** Who records, and the database it is connected to. */
  readonly user: string;
  readonly database: string;
  readonly maxConnections: number;
  /** superuser_reserved_connections and (16) reserved_connections. */
  readonly reservedConnections: number;
  readonly blockSize: number;
  readonly walSegmentSize: number;
  /** A pooler stands between. */
  readonly pooled: boolean;
  readonly statementsVersion: string | null;
  readonly databases: readonly {
    readonly oid: number;
    readonly name: string;
    readonly isTemplate: boolean;
    readonly allowsConnections: boolean;
    readonly encoding: string;
    readonly owner: string;
    /** Text is sorted by its bytes. Older recordings do not say. */
    readonly byBytes?: boolean;
  }[];
}

/** kind `roles`. */
export type RolesSnapshot = readonly {
  readonly oid: number;
  readonly name: string;
  readonly canLogin: boolean;
  readonly superuser: boolean;
  readonly replication: boolean;
  readonly connectionLimit: number;
  readonly memberOf: readonly string[];
}[];

/** kind `settings`. */
export interface SettingsSnapshot {
  readonly settings: readonly {
    readonly name: string;
    readonly setting: string;
    readonly unit: string | null;
    readonly category: string;
    readonly context: string;
    readonly source: string;
    readonly bootValue: string | null;
    readonly pendingRestart: boolean;
    readonly description: string;
  }[];
  /** pg_db_role_setting: for one database, one role, or both. */
  readonly overrides: readonly {
    readonly database: string | null;
    readonly role: string | null;
    readonly setting: string;
  }[];
}

/** kind `extensions`, by database. */
export type ExtensionsSnapshot = readonly {
  readonly name: string;
  readonly version: string;
  readonly schema: string;
  readonly defaultVersion: string | null;
}[];

export interface CatalogColumn {
  readonly num: number;
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly default: string | null;
}
export interface CatalogRelation {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** pg_class.relkind: r, p, v, m, f, S. */
  readonly kind: string;
  readonly owner: string;
  /** p, u or t. */
  readonly persistence: string;
  readonly options: readonly string[];
  /** Of a partition: its table. */
  readonly parent: number | null;
  readonly comment: string | null;
  readonly columns: readonly CatalogColumn[];
  /** Of a partitioned table: RANGE (placed_at). Older recordings have none of these four. */
  readonly partitionKey?: string | null;
  /** Of a partition: FOR VALUES …, or DEFAULT. */
  readonly bound?: string | null;
  /** What a plain table inherits from. */
  readonly inherits?: readonly number[];
  /** Of a view: its query; null where its tables were locked when it was to be read. */
  readonly definition?: string | null;
}
export interface CatalogIndex {
  readonly oid: number;
  readonly table: number;
  readonly schema: string;
  readonly name: string;
  readonly method: string;
  readonly definition: string;
  readonly unique: boolean;
  readonly primary: boolean;
  readonly exclusion: boolean;
  readonly valid: boolean;
  readonly ready: boolean;
  readonly replicaIdentity: boolean;
  /** A constraint stands on it. */
  readonly constraint: boolean;
  /** Attribute numbers of the key (0: an expression), and of INCLUDE. */
  readonly keys: readonly number[];
  readonly included: readonly number[];
  readonly operatorClasses: readonly number[];
  readonly collations: readonly number[];
  readonly options: readonly number[];
  readonly expressions: string | null;
  readonly predicate: string | null;
}
export interface CatalogConstraint {
  readonly oid: number;
  readonly table: number;
  readonly name: string;
  /** pg_constraint.contype: p, u, f, c, x, n. */
  readonly type: string;
  readonly definition: string;
  readonly columns: readonly number[];
  readonly foreignTable: number | null;
  readonly foreignColumns: readonly number[];
  readonly validated: boolean;
}
export interface CatalogType {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** pg_type.typtype: b, c, d, e, r, m. */
  readonly kind: string;
  /** As it is written in columns, with its schema. */
  readonly written: string;
  /** Of a domain. */
  readonly base: string | null;
  /** Of an enum, in its order. */
  readonly labels: readonly string[];
  /** Of a composite type. */
  readonly relation: number | null;
  readonly comment: string | null;
}
export interface CatalogFunction {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** pg_proc.prokind: f, p, a, w. */
  readonly kind: string;
  readonly set: boolean;
  readonly arguments: string;
  readonly result: string;
  readonly comment: string | null;
}
/** kind `catalog`, by database. */
export interface CatalogSnapshot {
  readonly relations: readonly CatalogRelation[];
  readonly indexes: readonly CatalogIndex[];
  readonly constraints: readonly CatalogConstraint[];
  /** Older recordings have neither of these two. */
  readonly types?: readonly CatalogType[];
  readonly functions?: readonly CatalogFunction[];
}

/** kind `builtins`, of the whole server: what is in pg_catalog. */
export interface BuiltinsSnapshot {
  readonly types: readonly CatalogType[];
  readonly functions: readonly CatalogFunction[];
}

/** kind `columnStatistics`, by database: what the planner knows of each column, without any value of the data. */
export type ColumnStatisticsSnapshot = readonly {
  readonly relid: number;
  readonly column: string;
  readonly nullFraction: number;
  readonly averageWidth: number;
  readonly distinct: number;
  readonly correlation: number | null;
}[];

/** kind `indexAdvice`, by database: what can be said of indexes without history. Usage is in the family `index`. */
export interface IndexAdviceSnapshot {
  /** An index that another one covers. */
  readonly redundant: readonly { readonly index: number; readonly coveredBy: number; readonly identical: boolean }[];
  /** Not valid, and not being built. */
  readonly invalid: readonly number[];
  /** Foreign keys whose columns no index of their table begins with. */
  readonly foreignKeysWithoutIndex: readonly { readonly constraint: number; readonly table: number }[];
  /** Counted since statistics were reset, before the recording began: `[indexrelid, idx_scan]`. */
  readonly scansBefore: readonly (readonly [number, number])[];
  readonly statisticsResetMs: number | null;
}

export interface SnapshotContent {
  readonly server: ServerSnapshot;
  readonly roles: RolesSnapshot;
  readonly settings: SettingsSnapshot;
  readonly extensions: ExtensionsSnapshot;
  readonly catalog: CatalogSnapshot;
  readonly builtins: BuiltinsSnapshot;
  readonly columnStatistics: ColumnStatisticsSnapshot;
  readonly indexAdvice: IndexAdviceSnapshot;
}
