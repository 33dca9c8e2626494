/**
 * A copy of some tables without their rows. The planner takes a table's size from its files, so these are made as long
 * as the real ones, as holes: nothing is written, and nothing reads them, for statements are planned there and never run.
 */
import { FailureError, failureOf } from '../../../../shared/failure.ts';
import { identifier } from '../../../../shared/sql/quote.ts';
import { postgresParser } from '../../../postgres/parser/postgres-parser.ts';
import type { PlainClient } from '../../../postgres/plain-client.ts';
import {
  type Blueprint,
  collationsOf,
  familiesOf,
  foreignKeysOf,
  functionsOf,
  keysOf,
  type Made,
  qualified,
  relationsOf,
  schemasOf,
  typesOf,
} from './blueprint.ts';
import { type LocalDatabase, type LocalServer, withLocalDatabase } from './local-database.ts';
import { restoreStatistics } from './restore-statistics.ts';

export interface LocalCopy extends LocalDatabase {
  /**
   * Gives it sizes and statistics, once everything is there that is to be planned with. Before, all is empty, so that
   * indexes are made and partitions are checked in no time.
   */
  fill(): Promise<void>;
  /** What could not be taken over. */
  readonly notes: readonly string[];
}

/** @throws FailureError unsupported where a table cannot be made here */
export const withLocalCopy = <T>(
  server: LocalServer,
  blueprint: Blueprint,
  work: (copy: LocalCopy) => Promise<T>,
): Promise<T> =>
  withLocalDatabase(server, blueprint.byBytes, async (database) => {
    const notes = [...blueprint.notes];
    await build(database.owner, blueprint, notes);
    const fill = async () => {
      await restoreStatistics(database.owner, blueprint, notes);
      const sizes = [...blueprint.relations, ...blueprint.indexes].map(
        (each) => [qualified(each), each.blocks] as const,
      );
      await database.resize(new Map([...sizes.filter(([, blocks]) => blocks > 0), ...ofKeys(blueprint)]));
    };
    return work({ ...database, fill, notes });
  });

/** A key's index has its name. */
function ofKeys({ relations, constraints }: Blueprint): (readonly [string, number])[] {
  const schemas = new Map(relations.map(({ oid, schema }) => [oid, schema]));
  return constraints
    .filter(({ blocks }) => blocks > 0)
    .map(({ table, name, blocks }) => [qualified({ schema: schemas.get(table) ?? 'public', name }), blocks] as const);
}

async function build(client: PlainClient, blueprint: Blueprint, notes: string[]): Promise<void> {
  // Of a newer or older server, or of one with extensions: what is not known here does not count here.
  for (const { name, value } of blueprint.settings)
    await client.query('select set_config($1, $2, false)', [name, value]).catch(() => undefined);
  await client.query("set check_function_bodies = off; set search_path = ''; set client_min_messages = error");
  for (const schema of schemasOf(blueprint)) await client.query(`create schema ${schema}`);
  const extensions = await makeExtensions(client, blueprint);
  const builder = new Builder(client, notes);
  const absent = ({ extension = null }: Made) => extension === null || !extensions.has(extension);
  await builder.make(collationsOf(blueprint));
  await builder.standIns('collation');
  await builder.make(typesOf(blueprint).filter(absent));
  await builder.standIns('type');
  // Of these two each may need the other.
  await builder.make(functionsOf(blueprint));
  await builder.make(relationsOf(blueprint));
  await builder.standIns('function');
  await builder.standIns('relation');
  for (const left of builder.leave()) if (left.kind === 'relation') throw cannotBeMade(left);
  await builder.make(keysOf(blueprint));
  notes.push(...builder.leave().map(withoutIt));
  await builder.make(familiesOf(blueprint));
  for (const left of builder.leave()) throw cannotBeMade(left);
  await builder.make(foreignKeysOf(blueprint));
  notes.push(...builder.leave().map(withoutIt));
}

const withoutIt = ({ what, why }: Left): string => `Planned without ${what}: ${why}.`;

/** Only what PostgreSQL trusts its plain users with, as far as it is here. */
async function makeExtensions(client: PlainClient, { extensions }: Blueprint): Promise<ReadonlySet<string>> {
  const known = await client.query<{ name: string }>(
    'select distinct v.name from pg_catalog.pg_available_extension_versions v where v.trusted and v.name = any ($1::text[])',
    [extensions.map(({ name }) => name)],
  );
  const made = new Set<string>();
  for (const { name, schema } of extensions) {
    if (!known.some((each) => each.name === name)) continue;
    const sql = `create extension ${identifier(name)} schema ${identifier(schema)}`;
    await client.query(sql).then(
      () => made.add(name),
      () => undefined,
    );
  }
  return made;
}

interface Left extends Made {
  readonly why: string;
}

const cannotBeMade = ({ what, why }: Left): FailureError =>
  new FailureError({
    kind: 'unsupported',
    needs: 'HypoPG',
    message: `The local PostgreSQL 18 cannot make ${what}, so nothing can be planned there: ${why}. With the extension HypoPG on the server itself it can be asked about.`,
  });

/** duplicate_object, duplicate_function, duplicate_table */
const alreadyThere: ReadonlySet<string> = new Set(['42710', '42723', '42P07']);

/** Makes things in whatever order they can be made: what fails is tried again once others are there. */
class Builder {
  readonly #client: PlainClient;
  readonly #notes: string[];
  #left: Left[] = [];
  constructor(client: PlainClient, notes: string[]) {
    this.#client = client;
    this.#notes = notes;
  }

  async make(things: readonly Made[]): Promise<void> {
    const texts = things.flatMap(({ sql }) => sql ?? []);
    for (const sql of texts) await checkMade(sql);
    this.#left.push(...things.filter(({ sql }) => sql === null).map((thing) => ({ ...thing, why: '' })));
    const known = things.filter(({ sql }) => sql !== null);
    try {
      if (texts.length > 0) await this.#client.query(texts.join(';\n'));
    } catch {
      // All or nothing: one at a time tells which.
      this.#left.push(...known.map((thing) => ({ ...thing, why: '' })));
    }
    await this.#again();
  }

  async #again(): Promise<void> {
    for (let before = Number.POSITIVE_INFINITY; this.#left.length > 0 && this.#left.length < before; ) {
      before = this.#left.length;
      const failed: Left[] = [];
      for (const thing of this.#left) {
        const why = await this.#try(thing);
        if (why !== null) failed.push({ ...thing, why });
      }
      this.#left = failed;
    }
  }

  /** Why it could not be made; null once it is there. */
  async #try({ sql }: Made): Promise<string | null> {
    if (sql === null) return '';
    try {
      await this.#client.query(sql);
      return null;
    } catch (thrown) {
      const failure = failureOf(thrown);
      // Came with an extension, or with its parent.
      return failure.kind === 'postgres' && alreadyThere.has(failure.sqlstate) ? null : failure.message;
    }
  }

  /** What is left of a kind gets what stands for it; then what waited for that is tried again. */
  async standIns(kind: Made['kind']): Promise<void> {
    const replaced = this.#left.filter((thing) => thing.kind === kind && thing.instead);
    this.#left = this.#left.filter((thing) => !replaced.includes(thing));
    for (const { what, instead, why } of replaced)
      this.#notes.push(
        `${what.replace(/^t/, 'T')} is not to be had here: ${instead?.means}${why === '' ? '' : ` (${why})`}.`,
      );
    await this.make(replaced.map(({ instead, ...thing }) => ({ ...thing, sql: instead?.sql ?? null })));
  }

  leave(): Left[] {
    const left = this.#left;
    this.#left = [];
    return left;
  }
}

const kinds = [
  ...['CreateStmt', 'IndexStmt', 'ViewStmt', 'AlterTableStmt', 'CreateFunctionStmt', 'CreateDomainStmt'],
  ...['CreateEnumStmt', 'CompositeTypeStmt', 'CreateRangeStmt', 'DefineStmt'],
];

/** Texts of somebody else's server: only what is one statement that makes something empty goes through. */
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
