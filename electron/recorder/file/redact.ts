/**
 * Takes out what may carry a person's data: texts of statements, definitions, defaults and commands. Equal texts become
 * equal fingerprints, so that two redacted recordings can still be compared. Names of databases, tables, roles and
 * programs stay: without them the recording would say nothing.
 */
import { createHash } from 'node:crypto';
import type { CatalogSnapshot, SettingsSnapshot } from '../../../shared/metrics/snapshots.ts';

const verbs =
  /^\s*(select|insert|update|delete|merge|with|values|copy|begin|start|commit|end|rollback|savepoint|release|declare|fetch|close|prepare|execute|deallocate|call|do|explain|analyze|vacuum|create|alter|drop|truncate|refresh|reindex|cluster|grant|revoke|set|reset|show|lock|listen|notify|checkpoint)\b/i;

/** `SELECT … 3f9a0c21d4b8e6f7`: what kind of statement, and which, but not a word of it. */
export function fingerprint(text: string): string {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const verb = verbs.exec(text)?.[1]?.toUpperCase();
  return verb ? `${verb} … ${hash}` : hash;
}

const hidden = (text: string | null): string | null => (text === null || text === '' ? text : fingerprint(text));

/** Settings that hold commands, connection strings or paths of keys; and those of programs (with a dot), which hold anything. */
const tellingSetting = /conninfo|command|passw|passphrase|_key|krb|\./;

export const hideSetting = (name: string, value: string | null): string | null =>
  tellingSetting.test(name) ? hidden(value) : value;

/** `name=value`, as pg_db_role_setting has it. */
function hideOverride(setting: string): string {
  const [name = '', ...value] = setting.split('=');
  return `${name}=${hideSetting(name, value.join('='))}`;
}

/** What a snapshot of that kind says without the texts. */
export function hideInSnapshot(kind: string, content: unknown): unknown {
  if (kind === 'settings') return settings(content as SettingsSnapshot);
  if (kind === 'catalog') return catalog(content as CatalogSnapshot);
  return content;
}

const settings = (content: SettingsSnapshot): SettingsSnapshot => ({
  settings: content.settings.map((one) => ({
    ...one,
    setting: hideSetting(one.name, one.setting) ?? '',
    bootValue: hideSetting(one.name, one.bootValue),
  })),
  overrides: content.overrides.map((one) => ({ ...one, setting: hideOverride(one.setting) })),
});

const catalog = (content: CatalogSnapshot): CatalogSnapshot => ({
  ...content,
  relations: content.relations.map((relation) => ({
    ...relation,
    comment: hidden(relation.comment),
    columns: relation.columns.map((column) => ({ ...column, default: hidden(column.default) })),
  })),
  indexes: content.indexes.map((index) => ({
    ...index,
    // An index over columns alone says no more than its list of columns does.
    definition:
      index.expressions === null && index.predicate === null ? index.definition : fingerprint(index.definition),
    expressions: hidden(index.expressions),
    predicate: hidden(index.predicate),
  })),
  constraints: content.constraints.map((constraint) => ({
    ...constraint,
    definition:
      constraint.type === 'c' || constraint.type === 'x' ? fingerprint(constraint.definition) : constraint.definition,
  })),
  // Defaults of arguments may hold values, comments anything.
  ...(content.types && { types: content.types.map((type) => ({ ...type, comment: hidden(type.comment) })) }),
  ...(content.functions && {
    functions: content.functions.map((one) => ({
      ...one,
      arguments: / (DEFAULT|default) /.test(one.arguments) ? fingerprint(one.arguments) : one.arguments,
      comment: hidden(one.comment),
    })),
  }),
});

/** Before and after of an event: definitions of DDL, values of settings, words of a note. */
export function hideInEvent(kind: string, subject: string, value: string | null): string | null {
  if (kind === 'setting') return hideSetting(subject, value);
  return kind === 'ddl' || kind === 'note' ? hidden(value) : value;
}
