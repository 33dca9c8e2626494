/** What a recording knows of one database at its end: structure, sizes, settings. No server is asked. */
import type {
  BuiltinsSnapshot,
  CatalogSnapshot,
  ColumnStatisticsSnapshot,
  ExtensionsSnapshot,
  RolesSnapshot,
  ServerSnapshot,
  SettingsSnapshot,
  SnapshotContent,
} from '../../../shared/metrics/snapshots.ts';
import type { OpenRecordings } from './open-recordings.ts';

/** Sizes change slowly: what the last hours said counts. */
const lookBackMs = 3 * 3_600_000;

export interface RelationSize {
  /** Null where it was never analysed. */
  readonly rows: number | null;
  readonly pages: number;
  readonly allVisible: number;
}

export interface RecordedDatabase {
  readonly atMs: number;
  readonly database: string;
  readonly versionNum: number;
  readonly blockSize: number;
  readonly user: string;
  /** Text is sorted by its bytes; null where the recording does not say. */
  readonly byBytes: boolean | null;
  readonly catalog: CatalogSnapshot;
  readonly builtins: BuiltinsSnapshot | null;
  readonly roles: RolesSnapshot;
  readonly settings: SettingsSnapshot;
  readonly extensions: ExtensionsSnapshot;
  readonly columnStatistics: ColumnStatisticsSnapshot;
  /** Of tables and indexes, by oid. */
  readonly sizes: ReadonlyMap<number, RelationSize>;
}

/**
 * Of the database that is asked for, else of the one that the recorder was connected to, else of any. Null where its
 * structure was not recorded.
 */
export async function recordedDatabase(
  recordings: OpenRecordings,
  recordingId: string,
  wanted: string | null,
): Promise<RecordedDatabase | null> {
  const { fromMs, toMs } = await recordings.ask(recordingId, 'span', {});
  const atMs = toMs ?? Date.now();
  const read = async <Kind extends keyof SnapshotContent>(
    kind: Kind,
    database: string | null,
  ): Promise<SnapshotContent[Kind] | undefined> =>
    (await recordings.ask(recordingId, 'snapshot', { kind, database, atMs }))?.content as
      | SnapshotContent[Kind]
      | undefined;
  const server: ServerSnapshot | undefined = await read('server', null);
  const others = (server?.databases ?? []).map(({ name }) => name);
  for (const database of wanted === null ? [server?.database, ...others] : [wanted]) {
    const catalog = database === undefined ? undefined : await read('catalog', database);
    if (!catalog || database === undefined) continue;
    const stretch = { fromMs: Math.max(fromMs ?? atMs, atMs - lookBackMs) - 1, toMs: atMs };
    const sizes = new Map([
      ...(await sizesIn(recordings, recordingId, 'index', database, stretch)),
      ...(await sizesIn(recordings, recordingId, 'table', database, stretch)),
    ]);
    const { versionNum = 0, user = '', blockSize = 8192 } = server ?? {};
    const byBytes = server?.databases.find(({ name }) => name === database)?.byBytes ?? null;
    return {
      ...{ atMs, database, versionNum, user, blockSize, byBytes, catalog, sizes },
      builtins: (await read('builtins', null)) ?? null,
      roles: (await read('roles', null)) ?? [],
      settings: (await read('settings', null)) ?? { settings: [], overrides: [] },
      extensions: (await read('extensions', database)) ?? [],
      columnStatistics: (await read('columnStatistics', database)) ?? [],
    };
  }
  return null;
}

async function sizesIn(
  recordings: OpenRecordings,
  recordingId: string,
  family: 'table' | 'index',
  database: string,
  stretch: { readonly fromMs: number; readonly toMs: number },
): Promise<(readonly [number, RelationSize])[]> {
  const { key, metrics, rows } = await recordings.ask(recordingId, 'table', { ...stretch, family });
  const [inDatabase, oid] = [key.indexOf('database'), key.indexOf(family === 'table' ? 'relid' : 'indexrelid')];
  const [tuples, pages, visible] = ['reltuples', 'relpages', 'relallvisible'].map((name) => metrics.indexOf(name));
  return rows
    .filter((row) => row.key[inDatabase] === database)
    .map(({ key: own, values }) => [
      Number(own[oid]),
      { rows: values[tuples ?? -1] ?? null, pages: values[pages ?? -1] ?? 0, allVisible: values[visible ?? -1] ?? 0 },
    ]);
}
