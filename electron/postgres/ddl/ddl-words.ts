/** The pieces DDL is put together from. Names go through quote.ts; types and expressions come quoted from the server. */
import { identifier, qualified, quoteLiteral } from '../../../shared/sql/quote.ts';
import type { GrantRow } from './basics.sql.ts';

/** One or more statements of an object. */
export interface DdlPart {
  /** `after`: what may need other objects that need this one first (foreign keys, policies, triggers, rules). */
  readonly phase: 'create' | 'after';
  readonly sql: string;
  /** The part of a table this makes (index, trigger, column …), by kind and oid, so that it can be shown alone. */
  readonly of?: string;
  /** Where a backup puts it: once the rows are in, in this order. Absent: with its object. */
  readonly stage?: 'index' | 'refresh' | 'attach' | 'state' | 'grants';
  /** Of what it makes, where it is not the usual one; only in the style `backup`, which does not write it into the SQL. */
  readonly tablespace?: string;
}
/**
 * whole: for people, and complete in itself. backup: rows are loaded between the parts, so keys are made apart from
 * their table, and materialized views empty; tablespaces are told apart, so that others can be taken.
 */
export type DdlStyle = 'whole' | 'backup';
export const staged = (part: DdlPart, stage: NonNullable<DdlPart['stage']>): DdlPart => ({ ...part, stage });
export const placed = (part: DdlPart, tablespace: string | null): DdlPart =>
  tablespace === null ? part : { ...part, tablespace };
export const create = (sql: string, of?: string): DdlPart => ({ phase: 'create', sql, ...(of ? { of } : {}) });
export const after = (sql: string, of?: string): DdlPart => ({ phase: 'after', sql, ...(of ? { of } : {}) });

/** `schema.name`, or the name alone where the object has no schema. */
export const nameOf = (schema: string | null, name: string): string =>
  schema === null ? identifier(name) : qualified(schema, name);

/** `COMMENT ON …;`, or nothing. */
export const commentOn = (target: string, comment: string | null): string[] =>
  comment === null ? [] : [`COMMENT ON ${target} IS ${quoteLiteral(comment)};`];

/** Settings of a relation as stored (`fillfactor=70`), as a WITH list takes them. */
export function storageOptions(options: readonly string[] | null, prefix = ''): string[] {
  return (options ?? []).map((option) => {
    const equals = option.indexOf('=');
    const value = option.slice(equals + 1);
    const plain = /^-?\d+(\.\d+)?$/.test(value) ? value : quoteLiteral(value);
    return `${prefix}${identifier(option.slice(0, equals))} = ${plain}`;
  });
}

/** Options of foreign objects, whose names are identifiers and values always strings; secrets are left out and said so. */
export function foreignOptions(options: readonly string[] | null): { clause: string; note: string } {
  const pairs = (options ?? []).map((option) => {
    const equals = option.indexOf('=');
    return { name: option.slice(0, equals), value: option.slice(equals + 1) };
  });
  const shown = pairs.filter(({ name }) => !isSecretOption(name));
  const hidden = pairs.filter(({ name }) => isSecretOption(name)).map(({ name }) => identifier(name));
  return {
    clause:
      shown.length === 0
        ? ''
        : ` OPTIONS (${shown.map(({ name, value }) => `${identifier(name)} ${quoteLiteral(value)}`).join(', ')})`,
    note: hidden.length === 0 ? '' : `-- Not shown: ${hidden.map(oneLine).join(', ')}\n`,
  };
}
const isSecretOption = (name: string): boolean =>
  /password|passphrase|passcode|secret|token|sslkey|private|credential/i.test(name);

/** A name inside a `--` comment must not end it. */
export const oneLine = (text: string): string => text.replace(/[\r\n]+/g, ' ');

/** `ALTER … SET name TO value` needs values of list settings as lists of literals. */
export function setting(text: string): string {
  const equals = text.indexOf('=');
  const name = text.slice(0, equals);
  const value = text.slice(equals + 1);
  const isList = /^(search_path|.*_preload_libraries|temp_tablespaces|unix_socket_directories|datestyle)$/i.test(name);
  const written = name
    .split('.')
    .map((part) => identifier(part))
    .join('.');
  return `${written} TO ${isList ? settingList(value) : quoteLiteral(value)}`;
}
/** Stored lists look like `"$user", public`. */
function settingList(value: string): string {
  const parts = value.match(/"(?:[^"]|"")*"|[^,\s]+/g) ?? [];
  const words = parts.map((part) => (part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part));
  return words.length === 0 ? "''" : words.map((word) => quoteLiteral(word)).join(', ');
}

const holder = (grant: GrantRow): string => (grant.granteeIsPublic ? 'PUBLIC' : identifier(grant.grantee));

/**
 * GRANTs and REVOKEs that lead from what every new object has to what this one has. Grants that someone else than the
 * owner made are made under that role, because that is whom the server will note.
 */
export function grantsOn(target: string, owner: string, grants: readonly GrantRow[]): string[] {
  const revoked = new Map<string, string[]>();
  const lines: string[] = [];
  for (const grant of grants.filter((g) => !g.held)) {
    revoked.set(holder(grant), [...(revoked.get(holder(grant)) ?? []), grant.privilege]);
  }
  for (const [grantee, privileges] of revoked)
    lines.push(`REVOKE ${privileges.join(', ')} ON ${target} FROM ${grantee};`);
  const given = new Map<string, { grant: GrantRow; privileges: string[] }>();
  for (const grant of grants.filter((g) => g.held && !g.initial)) {
    const key = JSON.stringify([grant.grantee, grant.granteeIsPublic, grant.grantor, grant.grantable, grant.column]);
    const group = given.get(key);
    if (group) group.privileges.push(grant.privilege);
    else given.set(key, { grant, privileges: [grant.privilege] });
  }
  for (const { grant, privileges } of given.values()) {
    const column = grant.column === null ? '' : ` (${identifier(grant.column)})`;
    const what = privileges.map((privilege) => `${privilege}${column}`).join(', ');
    const line = `GRANT ${what} ON ${target} TO ${holder(grant)}${grant.grantable ? ' WITH GRANT OPTION' : ''};`;
    lines.push(grant.grantor === owner ? line : `SET ROLE ${identifier(grant.grantor)};\n${line}\nRESET ROLE;`);
  }
  return lines;
}
