/** Everything about one object: properties as pairs, the rest as tables, each from one question. */
import {
  type DetailTable,
  type ObjectDetail,
  type ObjectKind,
  type ObjectRef,
  objectKinds,
} from '../../../../shared/api/objects.ts';
import { FailureError, invalid } from '../../../../shared/failure.ts';
import type { Asker } from '../../../postgres/ddl/asker.ts';
import { type GrantRow, objectBasics, objectGrants } from '../../../postgres/ddl/basics.sql.ts';
import { catalogOf } from '../../../postgres/ddl/catalogs.ts';
import type { Query } from '../../../postgres/query.ts';
import * as anyObject from './any-object.sql.ts';
import * as database from './database-detail.sql.ts';
import * as relation from './relation-detail.sql.ts';
import * as routine from './routine-detail.sql.ts';

type TableQuestion = readonly [title: string, question: Query<anyObject.TableRow>];
interface KindDetail {
  readonly properties: readonly Query<relation.PropertyRow>[];
  readonly tables: readonly TableQuestion[];
}
const columns: TableQuestion = ['Columns', relation.columnsTable];
const constraints: TableQuestion = ['Constraints', relation.constraintsTable];
const triggers: TableQuestion = ['Triggers', relation.triggersTable];
const rules: TableQuestion = ['Rules', relation.rulesTable];
const table: KindDetail = {
  properties: [relation.relationProperties],
  tables: [
    columns,
    constraints,
    ['Indexes', relation.indexesTable],
    triggers,
    rules,
    ['Policies', relation.policiesTable],
    ['Partitions', relation.partitionsTable],
    ['Referenced by', relation.referencedByTable],
    ['Activity', relation.activityTable],
    ['Column statistics', relation.columnStatisticsTable],
  ],
};
const view: KindDetail = { properties: [relation.relationProperties], tables: [columns, triggers, rules] };
const routineDetail: KindDetail = {
  properties: [routine.routineProperties],
  tables: [
    ['Arguments', routine.argumentsTable],
    ['Activity', routine.routineActivity],
  ],
};
const only = (question: Query<relation.PropertyRow>, ...tables: readonly TableQuestion[]): KindDetail => ({
  properties: [question],
  tables,
});

const detailOf: Readonly<Record<ObjectKind, KindDetail>> = {
  table,
  partitionedTable: table,
  foreignTable: table,
  materializedView: table,
  view,
  sequence: { properties: [relation.sequenceProperties, relation.relationProperties], tables: [] },
  index: {
    properties: [relation.indexProperties, relation.relationProperties],
    tables: [
      ['Columns', relation.indexColumnsTable],
      ['Partitions', relation.partitionsTable],
    ],
  },
  function: routineDetail,
  procedure: routineDetail,
  aggregate: routineDetail,
  type: only(routine.typeProperties, ['Labels', routine.labelsTable], ['Attributes', relation.columnsTable]),
  domain: only(routine.typeProperties, constraints),
  collation: only(routine.collationProperties),
  operator: only(routine.operatorProperties),
  operatorClass: only(routine.operatorClassProperties, ['Members', routine.operatorClassMembers]),
  operatorFamily: only(routine.operatorFamilyProperties, ['Members', routine.operatorFamilyMembers]),
  conversion: only(routine.conversionProperties),
  textSearchConfiguration: only(routine.textSearchConfigurationProperties, ['Mappings', routine.textSearchMappings]),
  textSearchDictionary: only(routine.textSearchDictionaryProperties),
  textSearchParser: only(routine.textSearchParserProperties),
  textSearchTemplate: only(routine.textSearchTemplateProperties),
  statistics: only(routine.statisticsProperties),
  column: { properties: [], tables: [] }, // asked for with its number, see below
  constraint: only(database.constraintProperties),
  trigger: only(database.triggerProperties),
  rule: only(database.ruleProperties),
  policy: only(database.policyProperties),
  database: only(database.databaseProperties, ['Settings', database.settingsTable]),
  schema: only(database.schemaProperties),
  extension: only(database.extensionProperties),
  language: only(database.languageProperties),
  cast: only(database.castProperties),
  transform: only(database.transformProperties),
  accessMethod: only(database.accessMethodProperties),
  foreignDataWrapper: only(database.foreignDataWrapperProperties),
  foreignServer: only(database.foreignServerProperties),
  userMapping: only(database.userMappingProperties),
  eventTrigger: only(database.eventTriggerProperties),
  publication: only(database.publicationProperties, ['Tables', database.publicationTables]),
  subscription: only(database.subscriptionProperties),
  defaultPrivileges: only(database.defaultPrivilegesProperties, ['Privileges', database.defaultPrivilegesTable]),
  role: only(
    database.roleProperties,
    ['Member of', database.roleMemberOf],
    ['Members', database.roleMembers],
    ['Settings', database.settingsTable],
  ),
  tablespace: only(database.tablespaceProperties),
};

/** Properties and tables of an object. Throws invalid where it is not there (any more). */
export async function detailOfObject(asker: Asker, object: ObjectRef, signal?: AbortSignal): Promise<ObjectDetail> {
  const { kind, oid, subId = 0 } = object;
  const identity = [catalogOf[kind].catalog, oid, subId];
  const { properties, tables } = detailOf[kind];
  const ask = <Row>(question: Query<Row>, values: readonly unknown[]) => asker.ask(question, values, { signal });
  // Asked together: the source has two connections for its own questions, and each question is its own transaction.
  const [[basics], columnPairs, kindPairs, definition, sizePairs, answers, grants, dependencies, dependents] =
    await Promise.all([
      ask(objectBasics, identity),
      kind === 'column' ? ask(database.columnProperties, [oid, subId]) : [],
      Promise.all(properties.map((question) => ask(question, [oid]))),
      kind === 'view' || kind === 'materializedView' ? ask(relation.viewDefinition, [oid]) : null,
      catalogOf[kind].catalog === 'pg_class' && kind !== 'column' ? sizes(asker, oid, signal) : [],
      Promise.all(
        tables.map(async ([title, question]) => {
          const asked = asker.ask(question, [oid], { signal, timeoutMs: patienceMs });
          return [title, await unlessLocked(asked, signal)] as const;
        }),
      ),
      ask(objectGrants, identity.slice(0, 2)),
      ask(anyObject.objectDependencies, identity),
      ask(anyObject.objectDependents, identity),
    ]);
  const pairs: relation.PropertyRow[] = [...columnPairs, ...kindPairs.flat()];
  if (pairs.length === 0) throw invalid('object', `The ${kind} “${object.name}” is not there any more.`);
  if (definition) pairs.push({ name: 'Definition', value: definition[0]?.definition ?? null });
  pairs.push(...sizePairs);
  const found: DetailTable[] = [];
  for (const [title, rows] of answers) {
    if (rows) found.push(...detailTable(title, rows));
    else pairs.push({ name: title, value: lockedText });
  }
  found.push(...detailTable('Grants', grantRows(grants)));
  found.push(...detailTable('Dependencies', dependencies));
  found.push(...detailTable('Dependents', dependents));
  const first: relation.PropertyRow[] = [
    { name: 'Owner', value: basics?.owner ?? null },
    { name: 'Extension', value: basics?.extension ?? null },
    { name: 'Oid', value: String(oid) },
  ];
  return {
    object,
    comment: basics?.comment ?? null,
    properties: [...first, ...pairs].filter((pair) => pair.value !== null && pair.value !== ''),
    tables: found,
  };
}

/** A table that is being altered must not keep its page from opening: what needs its lock is said to be unknown. */
const patienceMs = 2_000;
const lockedText = 'not known: it is locked, or the answer took too long';

async function sizes(asker: Asker, oid: number, signal?: AbortSignal): Promise<readonly relation.PropertyRow[]> {
  const asked = asker.ask(relation.relationSizes, [oid], { signal, timeoutMs: patienceMs });
  return (await unlessLocked(asked, signal)) ?? [{ name: 'Size', value: lockedText }];
}

/** Null where the answer would have had to wait for a lock, or took too long. */
async function unlessLocked<Row>(asked: Promise<Row[]>, signal?: AbortSignal): Promise<Row[] | null> {
  try {
    return await asked;
  } catch (error) {
    // lock_timeout, statement_timeout
    const waited =
      error instanceof FailureError &&
      error.failure.kind === 'postgres' &&
      ['55P03', '57014'].includes(error.failure.sqlstate);
    if (!waited || signal?.aborted) throw error;
    return null;
  }
}

/** One line for each who was granted something by one grantor, privileges joined. */
function grantRows(grants: readonly GrantRow[]): anyObject.TableRow[] {
  const lines = new Map<string, Record<string, unknown> & { Privileges: string }>();
  for (const grant of grants.filter((g) => g.held)) {
    const key = JSON.stringify([grant.grantee, grant.grantor, grant.grantable, grant.column]);
    const line = lines.get(key);
    if (line) line.Privileges += `, ${grant.privilege.toLowerCase()}`;
    else
      lines.set(key, {
        Grantee: grant.granteeIsPublic ? 'PUBLIC (everybody)' : grant.grantee,
        Privileges: grant.privilege.toLowerCase(),
        Column: grant.column,
        'May grant them on': grant.grantable ? 'yes' : 'no',
        'Granted by': grant.grantor,
      });
  }
  return [...lines.values()];
}

const kindNames: ReadonlySet<string> = new Set(objectKinds);
const isKind = (word: unknown): word is ObjectKind => typeof word === 'string' && kindNames.has(word);
const text = (value: unknown): string | null => (value === null || value === undefined ? null : String(value));

/** Rows as they came, headings from their aliases; columns named ref… say what can be opened. No rows, no table. */
function detailTable(title: string, rows: readonly anyObject.TableRow[]): DetailTable[] {
  const [first] = rows;
  if (!first) return [];
  const headings = Object.keys(first)
    .filter((name) => !name.startsWith('ref'))
    .filter((name) => rows.some((row) => row[name] !== null));
  const objects = 'refKind' in first ? rows.map(rowObject) : undefined;
  return [
    {
      title,
      columns: headings,
      rows: rows.map((row) => headings.map((name) => text(row[name]))),
      ...(objects ? { objects } : {}),
    },
  ];
}

function rowObject(row: anyObject.TableRow): ObjectRef | null {
  const { refKind, refOid, refSubId, refSchema, refName } = row;
  if (!isKind(refKind)) return null;
  const subId = Number(refSubId);
  return {
    kind: refKind,
    oid: Number(refOid),
    ...(subId ? { subId } : {}),
    schema: text(refSchema),
    name: text(refName) ?? '',
  };
}
