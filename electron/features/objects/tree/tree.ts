/** The children of a node: which folders an object has, and what is in a folder, a page at a time. */
import {
  type FolderKind,
  folderKinds,
  kindWords,
  type ObjectKind,
  type TreeNode,
} from '../../../../shared/api/objects.ts';
import { invalid } from '../../../../shared/failure.ts';
import type { Asker } from '../../../postgres/ddl/asker.ts';
import type { Query } from '../../../postgres/query.ts';
import * as database from './database-lists.sql.ts';
import type { ListRow } from './list-query.sql.ts';
import * as part from './part-lists.sql.ts';
import * as schema from './schema-lists.sql.ts';
import {
  type CountRow,
  countInDatabase,
  countInForeignServer,
  countInRelation,
  countInSchema,
  countInType,
} from './tree-counts.sql.ts';
import { folderKey, objectKey, parseTreeKey } from './tree-key.ts';

const listOf: Partial<Record<FolderKind, Query<ListRow>>> = {
  schema: schema.listSchemas,
  table: schema.listTables,
  foreignTable: schema.listForeignTables,
  view: schema.listViews,
  materializedView: schema.listMaterializedViews,
  sequence: schema.listSequences,
  partition: schema.listPartitions,
  inheritedBy: schema.listInheritedBy,
  function: schema.listFunctions,
  procedure: schema.listProcedures,
  aggregate: schema.listAggregates,
  type: schema.listTypes,
  domain: schema.listDomains,
  collation: schema.listCollations,
  operator: schema.listOperators,
  operatorClass: schema.listOperatorClasses,
  operatorFamily: schema.listOperatorFamilies,
  conversion: schema.listConversions,
  textSearchConfiguration: schema.listTextSearchConfigurations,
  textSearchDictionary: schema.listTextSearchDictionaries,
  textSearchParser: schema.listTextSearchParsers,
  textSearchTemplate: schema.listTextSearchTemplates,
  statistics: schema.listStatistics,
  defaultPrivileges: schema.listDefaultPrivileges,
  column: part.listColumns,
  constraint: part.listConstraints,
  index: part.listIndexes,
  trigger: part.listTriggers,
  rule: part.listRules,
  policy: part.listPolicies,
  extension: database.listExtensions,
  language: database.listLanguages,
  cast: database.listCasts,
  transform: database.listTransforms,
  accessMethod: database.listAccessMethods,
  foreignDataWrapper: database.listForeignDataWrappers,
  foreignServer: database.listForeignServers,
  userMapping: database.listUserMappings,
  eventTrigger: database.listEventTriggers,
  publication: database.listPublications,
  subscription: database.listSubscriptions,
  role: database.listRoles,
  tablespace: database.listTablespaces,
};
const countsOf: Partial<Record<ObjectKind, Query<CountRow>>> = {
  schema: countInSchema,
  table: countInRelation,
  partitionedTable: countInRelation,
  foreignTable: countInRelation,
  view: countInRelation,
  materializedView: countInRelation,
  type: countInType,
  domain: countInType,
  foreignServer: countInForeignServer,
};

export interface ChildrenInput {
  readonly key?: string;
  readonly includeSystem?: boolean;
  readonly after?: string;
  readonly limit?: number;
}
export interface ChildrenPage {
  readonly nodes: TreeNode[];
  /** What to pass as `after` for the next page; null at the end. */
  readonly next: string | null;
}

/** One page of the children of a node, in the order shown. Throws invalid for a key or cursor that is not ours. */
export async function childrenOf(asker: Asker, input: ChildrenInput, signal?: AbortSignal): Promise<ChildrenPage> {
  if (input.key === undefined) return childrenOfDatabase(asker, input, signal);
  const place = parseTreeKey(input.key);
  if (place.at === 'folder') return listFolder(asker, input, place.folder, place.ownerOid, input.key, signal);
  const counts = countsOf[place.kind];
  if (!counts) return { nodes: [], next: null };
  const rows = await asker.ask(counts, [place.oid], { signal });
  return { nodes: rows.flatMap((row) => folderNode(input.key ?? null, row)), next: null };
}

/** Schemas first, then what belongs to the database or the whole server. */
async function childrenOfDatabase(asker: Asker, input: ChildrenInput, signal?: AbortSignal): Promise<ChildrenPage> {
  const [schemas, counts] = await Promise.all([
    listFolder(asker, input, 'schema', 0, null, signal),
    asker.ask(countInDatabase, [input.includeSystem ?? false], { signal }),
  ]);
  if (schemas.next !== null) return schemas;
  return { nodes: [...schemas.nodes, ...counts.flatMap((row) => folderNode(null, row))], next: null };
}

async function listFolder(
  asker: Asker,
  input: ChildrenInput,
  folder: FolderKind,
  ownerOid: number,
  parentKey: string | null,
  signal?: AbortSignal,
): Promise<ChildrenPage> {
  const question = listOf[folder];
  if (!question) throw invalid('key', 'This folder has no children.');
  const limit = input.limit ?? 1000;
  const [sort, oid] = readCursor(input.after);
  // Inside a schema everything is shown; what PostgreSQL ships with is hidden only among the database's own objects.
  const includeSystem = ownerOid !== 0 || (input.includeSystem ?? false);
  const rows = await asker.ask(question, [ownerOid, sort, oid, limit + 1, includeSystem], { signal });
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const nodes = shown.map((row) => objectNode(parentKey, row));
  return { nodes, next: rows.length > limit && last ? JSON.stringify([last.sort, last.oid]) : null };
}

function readCursor(after: string | undefined): readonly [string | null, number | null] {
  if (after === undefined) return [null, null];
  try {
    const parsed: unknown = JSON.parse(after);
    if (Array.isArray(parsed) && typeof parsed[0] === 'string' && Number.isInteger(parsed[1]))
      return [parsed[0], Number(parsed[1])];
  } catch {}
  throw invalid('after', 'This is not a place to go on from.');
}

function objectNode(parentKey: string | null, row: ListRow): TreeNode {
  const { kind, oid, schema, name } = row;
  return {
    key: objectKey(parentKey, kind, oid, row.subId),
    label: name,
    ...(row.detail ? { detail: row.detail } : {}),
    ...(row.comment ? { comment: row.comment } : {}),
    object: { kind, oid, ...(row.subId === null ? {} : { subId: row.subId }), schema, name },
    hasChildren: row.hasChildren,
    ...(row.system ? { system: true } : {}),
  };
}

function folderNode(parentKey: string | null, row: CountRow): TreeNode[] {
  const folder = folderKinds.find((kind) => kind === row.folder);
  if (!folder) return [];
  const key = folderKey(parentKey, folder);
  return [{ key, label: kindWords[folder][1], folder, count: row.count, hasChildren: true }];
}
