/**
 * A copy of some tables without their rows, in the local PostgreSQL 18: a database of its own that is dropped at the
 * end. The planner takes a table's size from its files, so these are made as long as the real ones, as holes: nothing
 * is written, and nothing reads them, for statements are planned there and never run.
 */
import { randomBytes } from 'node:crypto';
import { chown, open, stat } from 'node:fs/promises';
import path from 'node:path';
import { FailureError, failureOf } from '../../../../shared/failure.ts';
import { identifier } from '../../../../shared/sql/quote.ts';
import { postgresParser } from '../../../postgres/parser/postgres-parser.ts';
import { connectPlain, type PlainClient, type PlainTarget } from '../../../postgres/plain-client.ts';
import { type Blueprint, blueprintScript, qualified } from './blueprint.ts';

export type LocalServer = Omit<PlainTarget, 'applicationName'>;

const applicationName = 'howdah what-if';
const blockBytes = 8192;
const segmentBlocks = 131_072;

export interface LocalCopy {
  readonly client: PlainClient;
  /** Makes the files of a relation so long. */
  resize(relation: string, blocks: number): Promise<void>;
  /** What could not be taken over. */
  readonly notes: readonly string[];
}

/** @throws what the local server refuses, as in `create table` of a type that it has not */
export async function withLocalCopy<T>(
  server: LocalServer,
  blueprint: Blueprint,
  work: (copy: LocalCopy) => Promise<T>,
): Promise<T> {
  const database = `howdah_what_if_${randomBytes(6).toString('hex')}`;
  const main = await connectPlain({ ...server, applicationName });
  try {
    await main.query(`create database ${identifier(database)} template template0`);
    try {
      const client = await connectPlain({ ...server, database, applicationName });
      try {
        return await work(await build(client, blueprint));
      } finally {
        await client.close();
      }
    } finally {
      await main.query(`drop database if exists ${identifier(database)} with (force)`);
    }
  } finally {
    await main.close();
  }
}

async function build(client: PlainClient, blueprint: Blueprint): Promise<LocalCopy> {
  const notes: string[] = [];
  const [folder] = await client.query<{ path: string }>("select current_setting('data_directory') as path");
  const resize = async (relation: string, blocks: number) => {
    const [file] = await client.query<{ path: string }>(
      'select pg_catalog.pg_relation_filepath($1::regclass) as path',
      [relation],
    );
    if (file && folder) await lengthen(path.join(folder.path, file.path), blocks);
  };
  for (const { name, value } of blueprint.settings) {
    // Of a newer or older server, or of one with extensions: what is not known here does not count here.
    await client.query('select set_config($1, $2, false)', [name, value]).catch(() => undefined);
  }
  for (const statement of blueprintScript(blueprint)) {
    await checkMade(statement);
    await client.query(statement);
  }
  for (const relation of blueprint.relations) await resize(qualified(relation), relation.relpages);
  for (const index of blueprint.indexes) {
    try {
      await checkMade(index.definition);
      await client.query(index.definition);
      await resize(qualified(index), index.relpages);
    } catch (thrown) {
      // Of an extension, or over a function that is not here: the rest can be planned without it.
      notes.push(`Planned without the index ${index.name}: ${failureOf(thrown).message}`);
    }
  }
  await restoreStatistics(client, blueprint, notes);
  return { client, resize, notes };
}

const kinds = ['CreateSchemaStmt', 'CreateDomainStmt', 'CreateStmt', 'IndexStmt'];

/**
 * Types and index definitions are texts of somebody else's server, and what runs here may do everything: only what is
 * one statement that makes something empty goes through. Nothing is evaluated in making it, for there are no rows.
 */
async function checkMade(statement: string): Promise<void> {
  const outcome = (await postgresParser()).parse(statement);
  const [first, ...others] = outcome.kind === 'parsed' ? outcome.statements : [];
  if (first && others.length === 0 && kinds.includes(Object.keys(first.node)[0] ?? '')) return;
  throw new FailureError({
    kind: 'unsupported',
    needs: 'HypoPG',
    message: 'The server describes its tables in words that cannot be planned with here.',
  });
}

async function restoreStatistics(client: PlainClient, blueprint: Blueprint, notes: string[]): Promise<void> {
  for (const { schema, name, relpages, reltuples, relallvisible } of blueprint.relations) {
    await client.query(
      "select pg_catalog.pg_restore_relation_stats('schemaname', $1::text, 'relname', $2::text, 'relpages', $3::int4, 'reltuples', $4::real, 'relallvisible', $5::int4)",
      [schema, name, relpages, reltuples, Math.min(relallvisible, relpages)],
    );
  }
  for (const one of blueprint.statistics) {
    const { schema, name, column, nullFraction, averageWidth, distinct, values, frequencies, bounds, correlation } =
      one;
    await client
      .query(
        `select pg_catalog.pg_restore_attribute_stats('schemaname', $1::text, 'relname', $2::text, 'attname', $3::text,
          'inherited', false, 'null_frac', $4::text::real, 'avg_width', $5::int4, 'n_distinct', $6::text::real,
          'most_common_vals', $7::text, 'most_common_freqs', $8::text::real[], 'histogram_bounds', $9::text,
          'correlation', $10::text::real)`,
        [schema, name, column, nullFraction, averageWidth, distinct, values, frequencies, bounds, correlation],
      )
      .catch((thrown) => notes.push(`No statistics of ${name}.${column}: ${failureOf(thrown).message}`));
  }
  const known = new Set(blueprint.statistics.map(({ schema, name }) => qualified({ schema, name })));
  for (const relation of blueprint.relations)
    if (!known.has(qualified(relation)))
      notes.push(
        `${relation.schema}.${relation.name} has no statistics that your role may read: estimates are guesses.`,
      );
}

/** In segments of 1 GB, as PostgreSQL has them. Never shortens. */
async function lengthen(file: string, blocks: number): Promise<void> {
  const { uid, gid } = await stat(file);
  for (let segment = 0; segment * segmentBlocks < blocks; segment++) {
    const own = segment === 0 ? file : `${file}.${segment}`;
    const handle = await open(own, segment === 0 ? 'r+' : 'a+', 0o600);
    try {
      const wanted = Math.min(segmentBlocks, blocks - segment * segmentBlocks) * blockBytes;
      if ((await handle.stat()).size < wanted) await handle.truncate(wanted);
    } finally {
      await handle.close();
    }
    if (segment > 0 && process.platform !== 'win32') await chown(own, uid, gid);
  }
}
