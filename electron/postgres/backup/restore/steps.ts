/** Items as they go to the server: with other roles and tablespaces where that was asked for. */

import type { ObjectKind } from '../../../../shared/api/objects.ts';
import { identifier } from '../../../../shared/sql/quote.ts';
import { catalogOf } from '../../ddl/catalogs.ts';
import type { ArchiveItem } from '../archive/manifest.ts';
import type { Existing, RestorePlan } from './plan-restore.ts';
import type { RestoreChoice } from './request.ts';
import { type RoleNames, withRoles } from './role-words.ts';

export class Steps {
  readonly #names: RoleNames;
  readonly #choice: RestoreChoice;
  readonly #tablespaces: ReadonlyMap<string, string>;

  constructor(plan: RestorePlan, choice: RestoreChoice) {
    this.#choice = choice;
    const names = new Map<string, string>();
    for (const { name } of plan.manifest.roles) {
      const wanted = choice.roles[name] ?? name;
      const taken = plan.missingRoles.includes(wanted) && choice.missingRoles === 'current' ? plan.currentRole : wanted;
      if (taken !== name) names.set(name, taken);
    }
    this.#names = names;
    const missing = new Set(plan.missingTablespaces);
    this.#tablespaces = new Map(
      plan.manifest.tablespaces.flatMap((name) =>
        missing.has(name) ? [] : [[name, choice.tablespaces[name] ?? name]],
      ),
    );
  }

  /** The item's statements, ready to be sent as one script. @param texts of the item; those before its rows */
  async script(item: ArchiveItem, of: readonly string[] = item.sql): Promise<string> {
    const texts = this.#choice.owners ? of : of.filter((sql) => !isOwnership(sql));
    const sql: string[] = [];
    for (const text of texts) sql.push(await withRoles(text, this.#names));
    if (item.kind === 'schema' || item.tablespace === undefined) return sql.join('\n');
    const space = this.#tablespaces.get(item.tablespace);
    const set = space === undefined ? "''" : identifier(space);
    return [`SET default_tablespace = ${set};`, ...sql, "SET default_tablespace = '';"].join('\n');
  }

  /** CREATE DATABASE first, then what is said about it. */
  async database(statements: readonly string[], from: string, to: string): Promise<string[]> {
    const renamed = statements
      .filter((sql) => this.#choice.owners || !isOwnership(sql))
      .filter((sql) => this.#choice.grants || !/^(GRANT|REVOKE|SET ROLE)/.test(sql))
      .map((sql) => sql.replace(`DATABASE ${identifier(from)}`, () => `DATABASE ${identifier(to)}`))
      .map((sql) => (sql.startsWith('CREATE DATABASE') ? ownPlace(sql) : sql));
    return Promise.all(renamed.map((sql) => withRoles(sql, this.#names)));
  }
}

/** What the new database is not to have of the old one: its place, and whether it may be connected to. */
const ownPlace = (sql: string): string =>
  `${sql
    .replace(/;$/, '')
    .split('\n  ')
    .filter((line) => !/^(TABLESPACE|ALLOW_CONNECTIONS|IS_TEMPLATE|CONNECTION LIMIT) = /.test(line))
    .join('\n  ')};`;

const isOwnership = (sql: string): boolean => /^ALTER [^;]* OWNER TO (?:"(?:[^"]|"")+"|[^\s";]+);$/s.test(sql);

/** In the order they have to be sent: what was made last goes first. */
export const dropsOf = (existing: readonly Existing[]): string[] =>
  existing
    .filter(({ kind }) => kind !== 'schema' && kind !== 'extension')
    .map(({ kind, identity }) => `DROP ${catalogOf[kind as ObjectKind].noun} IF EXISTS ${identity} CASCADE;`)
    .reverse();
