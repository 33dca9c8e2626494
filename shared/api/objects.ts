/** The object tree: every kind of object of PostgreSQL 13 to 18, lazily, and everything about one of them. */
import { z } from 'zod';
import { id, viewer } from './base.ts';

export const objectKinds = [
  'database',
  'schema',
  'table',
  'partitionedTable',
  'foreignTable',
  'view',
  'materializedView',
  'sequence',
  'function',
  'procedure',
  'aggregate',
  'type',
  'domain',
  'collation',
  'operator',
  'operatorClass',
  'operatorFamily',
  'conversion',
  'textSearchConfiguration',
  'textSearchDictionary',
  'textSearchParser',
  'textSearchTemplate',
  'statistics',
  'column',
  'constraint',
  'index',
  'trigger',
  'rule',
  'policy',
  'extension',
  'language',
  'cast',
  'accessMethod',
  'foreignDataWrapper',
  'foreignServer',
  'userMapping',
  'eventTrigger',
  'publication',
  'subscription',
  'role',
  'tablespace',
] as const;
export type ObjectKind = (typeof objectKinds)[number];

/** One object. Names are for showing; the oid (with the sub-id, for columns) is the identity. */
export const objectRef = z.object({
  kind: z.enum(objectKinds),
  oid: z.number().int(),
  subId: z.number().int().optional(),
  schema: z.string().nullable(),
  name: z.string(),
});
export type ObjectRef = z.infer<typeof objectRef>;

/** A row of the tree: an object, or a folder that counts the objects of a kind. */
export const treeNode = z.object({
  /** Stable over refreshes; unique in its database. */
  key: z.string(),
  label: z.string(),
  /** Shown dimmed behind the label: type, arguments, row estimate. */
  detail: z.string().optional(),
  comment: z.string().optional(),
  object: objectRef.optional(),
  /** For folders. */
  folder: z.enum(objectKinds).optional(),
  count: z.number().int().optional(),
  hasChildren: z.boolean(),
  /** Shipped with PostgreSQL (pg_catalog, …) or owned by an extension. */
  system: z.boolean().optional(),
});
export type TreeNode = z.infer<typeof treeNode>;

const inDatabase = z.object({ connectionId: id, database: z.string().max(200) });
const table = z.object({
  title: z.string(),
  columns: z.array(z.string()),
  rows: z.array(z.array(z.string().nullable())),
});
export type DetailTable = z.infer<typeof table>;

export const objectDetail = z.object({
  object: objectRef,
  comment: z.string().nullable(),
  properties: z.array(z.object({ name: z.string(), value: z.string().nullable() })),
  /** Columns, constraints, indexes, triggers, grants, dependencies, dependents…: as far as the kind has them. */
  tables: z.array(table),
});
export type ObjectDetail = z.infer<typeof objectDetail>;

export const objects = {
  databases: viewer.input(z.object({ connectionId: id })).output(
    z.array(
      z.object({
        name: z.string(),
        comment: z.string().nullable(),
        allowConnections: z.boolean(),
        isTemplate: z.boolean(),
        sizeBytes: z.number().nullable(),
        current: z.boolean(),
      }),
    ),
  ),
  /** Children of a node; of the database itself where `key` is absent. */
  children: viewer
    .input(inDatabase.extend({ key: z.string().max(500).optional(), includeSystem: z.boolean().optional() }))
    .output(z.array(treeNode)),
  /** Names and comments; each hit with the labels of its ancestors and the keys to open down to it. */
  search: viewer
    .input(
      inDatabase.extend({
        text: z.string().min(1).max(200),
        limit: z.number().int().min(1).max(500),
        kinds: z.array(z.enum(objectKinds)).optional(),
      }),
    )
    .output(z.array(z.object({ node: treeNode, path: z.array(z.object({ key: z.string(), label: z.string() })) }))),
  detail: viewer.input(inDatabase.extend({ object: objectRef })).output(objectDetail),
  /** SQL that recreates the object, with comments, grants and what belongs to it. */
  ddl: viewer.input(inDatabase.extend({ object: objectRef })).output(z.object({ sql: z.string() })),
};
