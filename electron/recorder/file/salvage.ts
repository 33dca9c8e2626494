/**
 * Saves what can be read of a recording whose file is damaged in SQLite's own pages (cut, or bits flipped there) into
 * a new file: every row that is reached by its number is copied, what lies on damaged pages is left out. What is inside
 * the rows has checksums of its own, and is judged when it is read.
 */
import Database from 'better-sqlite3';
import { applicationId, migrateRecording, refuseNewer, versionOf } from './schema.ts';

const tables = [
  'word',
  'query',
  'query_text',
  'family',
  'family_key',
  'ash_chunk',
  'ash_tail',
  'block',
  'part',
  'gap',
  'event',
  'snapshot_body',
  'snapshot',
] as const;
const texts = ['meta', 'run_failure'] as const;

type Row = Record<string, string | number | Uint8Array | null>;

export const isCorrupt = (thrown: unknown): boolean =>
  thrown instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB|ERROR|IOERR_SHORT_READ)/.test(thrown.code);

/** @throws SqliteError where not even the list of tables can be read */
export function salvage(file: string, target: string): void {
  const from = new Database(file, { readonly: true, fileMustExist: true });
  const to = new Database(target);
  try {
    // SQLite refuses a file that was cut as a whole, unless it is told to take what is there.
    from.unsafeMode(true);
    from.pragma('writable_schema = ON');
    refuseNewer(versionOf(from));
    from.prepare('SELECT name FROM sqlite_master').all();
    to.pragma(`application_id = ${applicationId}`);
    to.pragma('synchronous = OFF');
    migrateRecording(to);
    to.transaction(() => {
      for (const table of texts) copyRows(from, to, table, 'rowid');
      for (const table of tables) copyRows(from, to, table, keyOf[table] ?? 'id');
    })();
  } finally {
    to.close();
    from.close();
  }
}

const keyOf: Partial<Record<(typeof tables)[number], string>> = { ash_chunk: 't0', query_text: 'query' };
/** Numbers of minutes lie this far apart; all others follow each other. */
const stride = (table: string): number => (table === 'ash_chunk' ? 60_000 : 1);
/** So many numbers behind a damaged row nothing was found: the table ends there. */
const furthest = 2 ** 30;

function copyRows(from: Database.Database, to: Database.Database, table: string, key: string): void {
  const insert = (row: Row): void => {
    const { salvaged_key: _key, ...own } = row;
    const names = Object.keys(own);
    to.prepare(`INSERT OR IGNORE INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`).run(
      ...Object.values(own),
    );
  };
  const onward = from.prepare<[number], Row>(
    `SELECT ${key} AS salvaged_key, * FROM ${table} WHERE ${key} >= ? ORDER BY ${key}`,
  );
  const single = from.prepare<[number], Row>(`SELECT ${key} AS salvaged_key, * FROM ${table} WHERE ${key} = ?`);
  const step = stride(table);
  let next = 0;
  let skip = step;
  let tried = 0;
  for (;;) {
    try {
      for (const row of onward.iterate(next)) {
        insert(row);
        next = Number(row.salvaged_key) + step;
        skip = step;
        tried = 0;
      }
      return;
    } catch (thrown) {
      if (!isCorrupt(thrown)) throw thrown;
    }
    // Over the damage: first one by one, since its neighbours may be whole, then in growing steps.
    const found = tried < 64 ? reached(single, next) : null;
    if (found) insert(found);
    next += skip;
    tried++;
    if (tried > 64) skip *= 2;
    if (skip > furthest * step) return;
  }
}

function reached(single: Database.Statement<[number], Row>, key: number): Row | null {
  try {
    return single.get(key) ?? null;
  } catch (thrown) {
    if (!isCorrupt(thrown)) throw thrown;
    return null;
  }
}
