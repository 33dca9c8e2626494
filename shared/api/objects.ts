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
  'transform',
  'accessMethod',
  'foreignDataWrapper',
  'foreignServer',
  'userMapping',
  'eventTrigger',
  'publication',
  'subscription',
  'defaultPrivileges',
  'role',
  'tablespace',
] as const;
export type ObjectKind = (typeof objectKinds)[number];

/** What a folder of the tree may hold: a kind, the partitions of a table, or the tables that inherit from it. */
export const folderKinds = [...objectKinds, 'partition', 'inheritedBy'] as const;
export type FolderKind = (typeof folderKinds)[number];

/** PostgreSQL's own words for each kind: one of them, and many. */
export const kindWords: Readonly<Record<FolderKind, readonly [one: string, many: string]>> = {
  database: ['Database', 'Databases'],
  schema: ['Schema', 'Schemas'],
  table: ['Table', 'Tables'],
  partitionedTable: ['Partitioned table', 'Partitioned tables'],
  foreignTable: ['Foreign table', 'Foreign tables'],
  view: ['View', 'Views'],
  materializedView: ['Materialized view', 'Materialized views'],
  sequence: ['Sequence', 'Sequences'],
  function: ['Function', 'Functions'],
  procedure: ['Procedure', 'Procedures'],
  aggregate: ['Aggregate', 'Aggregates'],
  type: ['Type', 'Types'],
  domain: ['Domain', 'Domains'],
  collation: ['Collation', 'Collations'],
  operator: ['Operator', 'Operators'],
  operatorClass: ['Operator class', 'Operator classes'],
  operatorFamily: ['Operator family', 'Operator families'],
  conversion: ['Conversion', 'Conversions'],
  textSearchConfiguration: ['Text search configuration', 'Text search configurations'],
  textSearchDictionary: ['Text search dictionary', 'Text search dictionaries'],
  textSearchParser: ['Text search parser', 'Text search parsers'],
  textSearchTemplate: ['Text search template', 'Text search templates'],
  statistics: ['Statistics object', 'Statistics objects'],
  column: ['Column', 'Columns'],
  constraint: ['Constraint', 'Constraints'],
  index: ['Index', 'Indexes'],
  trigger: ['Trigger', 'Triggers'],
  rule: ['Rule', 'Rules'],
  policy: ['Policy', 'Policies'],
  extension: ['Extension', 'Extensions'],
  language: ['Language', 'Languages'],
  cast: ['Cast', 'Casts'],
  transform: ['Transform', 'Transforms'],
  accessMethod: ['Access method', 'Access methods'],
  foreignDataWrapper: ['Foreign data wrapper', 'Foreign data wrappers'],
  foreignServer: ['Foreign server', 'Foreign servers'],
  userMapping: ['User mapping', 'User mappings'],
  eventTrigger: ['Event trigger', 'Event triggers'],
  publication: ['Publication', 'Publications'],
  subscription: ['Subscription', 'Subscriptions'],
  defaultPrivileges: ['Default privileges', 'Default privileges'],
  role: ['Role', 'Roles'],
  tablespace: ['Tablespace', 'Tablespaces'],
  partition: ['Partition', 'Partitions'],
  inheritedBy: ['Inherited by', 'Inherited by'],
};

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
  folder: z.enum(folderKinds).optional(),
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
  /** What each row stands for, where it is an object that can be opened; as long as `rows`. */
  objects: z.array(objectRef.nullable()).optional(),
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
  /** Sizes are asked for separately: on a big server they cost seconds. Null where the role may not connect. */
  databases: viewer.input(z.object({ connectionId: id, withSizes: z.boolean().optional() })).output(
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
  /**
   * Children of a node; of the database itself where `key` is absent. A page at a time (1,000 where no limit is given),
   * in the order shown: pass `next` as `after` until it is null.
   */
  children: viewer
    .input(
      inDatabase.extend({
        key: z.string().max(2000).optional(),
        includeSystem: z.boolean().optional(),
        after: z.string().max(1000).optional(),
        limit: z.number().int().min(1).max(5000).optional(),
      }),
    )
    .output(z.object({ nodes: z.array(treeNode), next: z.string().nullable() })),
  /**
   * Names and comments, best first: exact, prefix, word, substring, letters in order, then comments. `schema.name`
   * narrows by schema. Each hit comes with the labels of its ancestors and the keys to open down to it.
   */
  search: viewer
    .input(
      inDatabase.extend({
        text: z.string().min(1).max(200),
        limit: z.number().int().min(1).max(500),
        kinds: z.array(z.enum(objectKinds)).optional(),
        includeSystem: z.boolean().optional(),
      }),
    )
    .output(z.array(z.object({ node: treeNode, path: z.array(z.object({ key: z.string(), label: z.string() })) }))),
  /** Forgets what `search` knows of the database, so that the next one reads it afresh. */
  refresh: viewer.input(inDatabase).output(z.void()),
  detail: viewer.input(inDatabase.extend({ object: objectRef })).output(objectDetail),
  /** SQL that recreates the object, with comments, grants and what belongs to it. */
  ddl: viewer.input(inDatabase.extend({ object: objectRef })).output(z.object({ sql: z.string() })),
};
