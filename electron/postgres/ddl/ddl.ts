/** SQL that recreates an object: its CREATE, owner, comment, grants, and whatever belongs to it, in an order that runs. */
import type { ObjectKind, ObjectRef } from '../../../shared/api/objects.ts';
import { invalid } from '../../../shared/failure.ts';
import { identifier } from '../../../shared/sql/quote.ts';
import type { Query } from '../query.ts';
import type { Asker } from './asker.ts';
import { ddlAttached } from './attached-ddl.sql.ts';
import { objectBasics, objectGrants } from './basics.sql.ts';
import { catalogOf } from './catalogs.ts';
import * as database from './database-object-ddl.sql.ts';
import {
  after,
  commentOn,
  create,
  type DdlPart,
  type DdlStyle,
  foreignOptions,
  grantsOn,
  setting,
} from './ddl-words.ts';
import * as schema from './schema-object-ddl.sql.ts';
import { sequenceParts } from './sequence-ddl.ts';
import { ddlStatistics } from './table-ddl.sql.ts';
import { statisticsPart, tableDdl } from './table-ddl.ts';
import { viewDdl } from './view-ddl.ts';

/** Kinds whose CREATE is one question; the rest of the statement list is the same for all of them. */
const statementsOf: Partial<Record<ObjectKind, Query<schema.StatementRow>>> = {
  schema: database.ddlSchema,
  function: schema.ddlRoutine,
  procedure: schema.ddlRoutine,
  aggregate: schema.ddlAggregate,
  type: schema.ddlType,
  domain: schema.ddlDomain,
  collation: schema.ddlCollation,
  operator: schema.ddlOperator,
  operatorClass: schema.ddlOperatorClass,
  operatorFamily: schema.ddlOperatorFamily,
  conversion: schema.ddlConversion,
  textSearchConfiguration: schema.ddlTextSearchConfiguration,
  textSearchDictionary: schema.ddlTextSearchDictionary,
  textSearchParser: schema.ddlTextSearchParser,
  textSearchTemplate: schema.ddlTextSearchTemplate,
  extension: database.ddlExtension,
  language: database.ddlLanguage,
  cast: database.ddlCast,
  transform: database.ddlTransform,
  accessMethod: database.ddlAccessMethod,
  eventTrigger: database.ddlEventTrigger,
  publication: database.ddlPublication,
  subscription: database.ddlSubscription,
  role: database.ddlRole,
  tablespace: database.ddlTablespace,
  database: database.ddlDatabase,
};
/** An extension's owner is who made it; it cannot be changed. */
const withoutOwner: ReadonlySet<ObjectKind> = new Set(['extension']);

/** Every part of the DDL of an object; throws invalid where it is not there (any more). */
export async function ddlParts(asker: Asker, object: ObjectRef, style: DdlStyle = 'whole'): Promise<DdlPart[]> {
  const parts = await partsOf(asker, object, style);
  if (!parts) throw invalid('object', `The ${object.kind} “${object.name}” is not there any more.`);
  const attached = await asker.ask(ddlAttached, [catalogOf[object.kind].catalog, object.oid, object.subId ?? 0]);
  return [...parts, ...attached.map(({ statement }) => after(`${statement};`))];
}

/** The whole as one script. */
export async function ddlOfObject(asker: Asker, object: ObjectRef, signal?: AbortSignal): Promise<string> {
  signal?.throwIfAborted();
  const parts = await ddlParts(asker, object);
  return `${scriptOf(parts.map((part) => part.sql))}\n`;
}

/** Statements of one line stand together, longer ones apart. */
function scriptOf(statements: readonly string[]): string {
  const isLong = (sql: string | undefined) => sql?.includes('\n') ?? false;
  return statements
    .map((sql, at) => (at === 0 ? '' : isLong(sql) || isLong(statements[at - 1]) ? '\n\n' : '\n') + sql)
    .join('');
}

async function partsOf(asker: Asker, object: ObjectRef, style: DdlStyle): Promise<DdlPart[] | null> {
  const { kind, oid } = object;
  switch (kind) {
    case 'table':
    case 'partitionedTable':
    case 'foreignTable':
      return tableDdl(asker, oid, style);
    case 'view':
    case 'materializedView':
      return viewDdl(asker, oid, style);
    case 'sequence':
      return sequenceParts(asker, oid, 'itself');
    case 'statistics': {
      const rows = await asker.ask(ddlStatistics, [oid]);
      return rows.length === 0 ? null : rows.map(statisticsPart);
    }
    case 'foreignDataWrapper':
      return foreignParts(asker, object, database.ddlForeignDataWrapper);
    case 'foreignServer':
      return foreignParts(asker, object, database.ddlForeignServer);
    case 'userMapping':
      return foreignParts(asker, object, database.ddlUserMapping);
    case 'defaultPrivileges':
      return defaultPrivileges(asker, oid);
    case 'column':
    case 'constraint':
    case 'index':
    case 'trigger':
    case 'rule':
    case 'policy':
      return partOfRelation(asker, object);
    default:
      return statementParts(asker, object);
  }
}

async function statementParts(asker: Asker, object: ObjectRef): Promise<DdlPart[] | null> {
  const question = statementsOf[object.kind];
  const [row] = question ? await asker.ask(question, [object.oid]) : [];
  if (!row) return null;
  const [first, ...more] = row.statements;
  const settings = object.kind === 'role' || object.kind === 'database' ? await settingLines(asker, object.oid) : [];
  const parts = [
    create(`${first};`),
    ...more.map((sql) => create(`${sql};`)),
    ...(await ownership(asker, object, row.name)),
    ...settings.map((sql) => create(sql)),
  ];
  // It must not watch the rest being made.
  return object.kind === 'eventTrigger' ? parts.map(({ sql }) => after(sql)) : parts;
}

/** Owner, comment and grants, as far as the kind has them. */
async function ownership(asker: Asker, { kind, oid }: ObjectRef, name: string): Promise<DdlPart[]> {
  const { catalog, noun } = catalogOf[kind];
  const [basics] = await asker.ask(objectBasics, [catalog, oid, 0]);
  const owner = basics?.owner ?? null;
  const target = `${noun} ${name}`;
  const lines: string[] = [];
  if (owner !== null && !withoutOwner.has(kind)) lines.push(`ALTER ${target} OWNER TO ${identifier(owner)};`);
  lines.push(...commentOn(target, basics?.comment ?? null));
  // A domain's USAGE is granted as a type's, an aggregate's EXECUTE as a function's, a wrapper's and server's with FOREIGN.
  const grantable: Partial<Record<ObjectKind, string>> = {
    domain: 'TYPE',
    aggregate: 'FUNCTION',
    foreignServer: 'FOREIGN SERVER',
  };
  if (owner !== null) {
    const grants = await asker.ask(objectGrants, [catalog, oid]);
    const grantName = kind === 'aggregate' ? name.replace(/\(\*\)$/, '()') : name;
    lines.push(...grantsOn(`${grantable[kind] ?? noun} ${grantName}`, owner, grants));
  }
  return lines.map((sql) => create(sql));
}

async function settingLines(asker: Asker, oid: number): Promise<string[]> {
  const rows = await asker.ask(database.ddlSettings, [oid]);
  return rows.flatMap(({ database: name, role, settings }) => {
    const target = role === null ? `DATABASE ${name}` : `ROLE ${role}${name === null ? '' : ` IN DATABASE ${name}`}`;
    return settings.map((text) => `ALTER ${target} SET ${setting(text)};`);
  });
}

async function foreignParts(
  asker: Asker,
  object: ObjectRef,
  question: Query<database.ForeignRow>,
): Promise<DdlPart[] | null> {
  const [row] = await asker.ask(question, [object.oid]);
  if (!row) return null;
  const { clause, note } = foreignOptions(row.options);
  const sql = `${note}CREATE ${catalogOf[object.kind].noun} ${row.name}${row.words}${clause};`;
  return [create(sql), ...(object.kind === 'userMapping' ? [] : await ownership(asker, object, row.name))];
}

async function defaultPrivileges(asker: Asker, oid: number): Promise<DdlPart[]> {
  const rows = await asker.ask(database.ddlDefaultPrivileges, [oid]);
  return rows.map((row) => {
    const where = `ALTER DEFAULT PRIVILEGES FOR ROLE ${row.role}${row.schema === null ? '' : ` IN SCHEMA ${row.schema}`}`;
    const grant = row.held
      ? `GRANT ${row.privilege} ON ${row.objects} TO ${row.grantee}${row.grantable ? ' WITH GRANT OPTION' : ''}`
      : `REVOKE ${row.privilege} ON ${row.objects} FROM ${row.grantee}`;
    // Last, or what is made after it would have more rights than its own DDL says.
    return after(`${where} ${grant};`);
  });
}

/** A part alone: its own statements out of its table's; what stands inside CREATE TABLE is written as an ALTER. */
async function partOfRelation(asker: Asker, object: ObjectRef): Promise<DdlPart[] | null> {
  const { catalog } = catalogOf[object.kind];
  const piece = `${object.kind}:${object.oid}${object.kind === 'column' ? `.${object.subId}` : ''}`;
  const [written] = await asker.ask(database.ddlPart, [catalog, object.oid, object.subId ?? 0]);
  const [owner] =
    object.kind === 'column'
      ? [{ oid: object.oid, relkind: null }]
      : await asker.ask(database.ddlOwnerOfPart, [catalog, object.oid]);
  if (!owner) return null;
  const isView = owner.relkind === 'v' || owner.relkind === 'm';
  const whole = (isView ? await viewDdl(asker, owner.oid) : await tableDdl(asker, owner.oid)) ?? [];
  const own = whole.filter((part) => part.of === piece);
  const inFull = own.some((part) => part.sql.includes('ADD CONSTRAINT'));
  if (own.length > 0 || written) return written && !inFull ? [create(written.sql), ...own] : own;
  return indexOfConstraint(asker, object.oid);
}
/** The index of a primary key is made by its constraint; alone it is shown as the index it is. */
async function indexOfConstraint(asker: Asker, oid: number): Promise<DdlPart[] | null> {
  const [index] = await asker.ask(database.ddlIndexDefinition, [oid]);
  return index ? [create(`-- Made by its constraint.\n${index.definition};`)] : null;
}
