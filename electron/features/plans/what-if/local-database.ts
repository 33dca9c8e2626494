/**
 * An empty database in the local PostgreSQL 18, with a role of its own that owns it and may do nothing else: what is
 * made in it are texts of somebody else's server. Both are dropped at the end.
 */
import { randomBytes } from 'node:crypto';
import { chown, open, stat } from 'node:fs/promises';
import path from 'node:path';
import { identifier, quoteLiteral } from '../../../../shared/sql/quote.ts';
import { connectPlain, type PlainClient, type PlainTarget } from '../../../postgres/plain-client.ts';

export type LocalServer = Omit<PlainTarget, 'applicationName'>;

export interface LocalDatabase {
  /** The role that owns it. */
  readonly owner: PlainClient;
  /** Makes files of relations so long, in blocks; never shorter. What it gives is by the relation's qualified name. */
  resize(wanted: ReadonlyMap<string, number>): Promise<void>;
  /** Indexes are there for the planner, or not. */
  showIndexes(oids: readonly string[], shown: boolean): Promise<void>;
}

const applicationName = 'howdah what-if';
const blockBytes = 8192;
const segmentBlocks = 131_072;
/** Functions of the other server may be called in planning. */
const longestMs = 30_000;

/** @param byBytes how text is sorted; null: as the local server has it */
export async function withLocalDatabase<T>(
  server: LocalServer,
  byBytes: boolean | null,
  work: (database: LocalDatabase) => Promise<T>,
): Promise<T> {
  const name = `howdah_what_if_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(24).toString('base64url');
  const main = await connectPlain({ ...server, applicationName });
  try {
    await dropLeftovers(main);
    await main.query(`create role ${identifier(name)} login password ${quoteLiteral(password)} connection limit 1`);
    try {
      await createDatabase(main, name, byBytes);
      return await connected(server, { database: name, user: name, password }, work);
    } finally {
      await dropBoth(main, name);
    }
  } finally {
    await main.close();
  }
}

async function dropBoth(main: PlainClient, name: string): Promise<void> {
  await main.query(`drop database if exists ${identifier(name)} with (force)`);
  await main.query(`drop role if exists ${identifier(name)}`);
}

/** Of programs that were killed in the middle: nothing is planned for an hour. */
async function dropLeftovers(main: PlainClient): Promise<void> {
  const left = await main.query<{ name: string }>(
    `select d.datname as name from pg_catalog.pg_database d where d.datname ~ '^howdah_what_if_[0-9a-f]{12}$'
      and (pg_catalog.pg_stat_file('base/' || d.oid || '/PG_VERSION', true)).modification < now() - interval '1 hour'`,
  );
  for (const { name } of left) await dropBoth(main, name);
}

async function createDatabase(main: PlainClient, name: string, byBytes: boolean | null): Promise<void> {
  const create = `create database ${identifier(name)} owner ${identifier(name)} template template0`;
  const sorted = byBytes ? "builtin builtin_locale 'C.UTF-8'" : "icu icu_locale 'und'";
  if (byBytes === null) await main.query(create);
  // The server may have been built without ICU.
  else await main.query(`${create} locale 'C' locale_provider ${sorted}`).catch(() => main.query(create));
}

async function connected<T>(
  server: LocalServer,
  own: Pick<PlainTarget, 'database' | 'user' | 'password'>,
  work: (database: LocalDatabase) => Promise<T>,
): Promise<T> {
  const chief = await connectPlain({ ...server, database: own.database, applicationName });
  try {
    const owner = await connectPlain({ ...server, ...own, applicationName });
    try {
      await owner.query(`set statement_timeout = ${longestMs}`);
      const resize = (wanted: ReadonlyMap<string, number>) => resizeFiles(chief, wanted);
      const showIndexes = async (oids: readonly string[], shown: boolean) => {
        await chief.query('update pg_catalog.pg_index set indisvalid = $2 where indexrelid = any ($1::oid[])', [
          oids,
          shown,
        ]);
      };
      return await work({ owner, resize, showIndexes });
    } finally {
      await owner.close();
    }
  } finally {
    await chief.close();
  }
}

async function resizeFiles(chief: PlainClient, wanted: ReadonlyMap<string, number>): Promise<void> {
  const rows = await chief.query<{ name: string; path: string | null }>(
    `select w.name, pg_catalog.current_setting('data_directory') || '/' || pg_catalog.pg_relation_filepath(pg_catalog.to_regclass(w.name)) as path
    from unnest($1::text[]) as w(name)`,
    [[...wanted.keys()]],
  );
  for (const { name, path: file } of rows)
    if (file !== null) await lengthen(path.normalize(file), wanted.get(name) ?? 0);
}

/** In segments of 1 GB, as PostgreSQL has them. */
async function lengthen(file: string, blocks: number): Promise<void> {
  const { uid, gid } = await stat(file);
  for (let segment = 0; segment * segmentBlocks < blocks; segment++) {
    const own = segment === 0 ? file : `${file}.${segment}`;
    const handle = await open(own, segment === 0 ? 'r+' : 'a+', 0o600);
    try {
      const length = Math.min(segmentBlocks, blocks - segment * segmentBlocks) * blockBytes;
      if ((await handle.stat()).size < length) await handle.truncate(length);
    } finally {
      await handle.close();
    }
    if (segment > 0 && process.platform !== 'win32') await chown(own, uid, gid);
  }
}
