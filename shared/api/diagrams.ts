/** Diagrams of a schema: what they show (a graph), how they were arranged (layouts), and keys that only we know of. */
import { z } from 'zod';
import { fileToken, id, instantMs, operator, viewer } from './base.ts';

export const diagramColumn = z.object({
  name: z.string(),
  /** As format_type writes it. */
  type: z.string(),
  notNull: z.boolean(),
  /** Part of the primary key. */
  primary: z.boolean(),
  /** Has a default, or the server makes its value. */
  hasDefault: z.boolean(),
  comment: z.string(),
});
export type DiagramColumn = z.infer<typeof diagramColumn>;

export const diagramKinds = ['table', 'partitionedTable', 'foreignTable', 'view', 'materializedView'] as const;

export const diagramTable = z.object({
  /** `schema.name`, parts in quotes where needed: it is the same after a refresh, and on another server. */
  id: z.string(),
  oid: z.number().int().nullable(),
  schema: z.string(),
  name: z.string(),
  kind: z.enum(diagramKinds),
  comment: z.string(),
  columns: z.array(diagramColumn),
  /** Names of the columns of each key, the primary one first where there is one. */
  uniques: z.array(z.array(z.string())),
  /** Null where it is not known. */
  rowEstimate: z.number().nullable(),
  sizeBytes: z.number().nullable(),
  /** The table that it is a partition of. */
  parent: z.string().nullable(),
});
export type DiagramTable = z.infer<typeof diagramTable>;

export const diagramKey = z.object({
  id: z.string(),
  name: z.string(),
  from: z.string(),
  to: z.string(),
  fromColumns: z.array(z.string()).min(1),
  toColumns: z.array(z.string()).min(1),
  /** Not declared in the database. */
  virtual: z.boolean(),
});
export type DiagramKey = z.infer<typeof diagramKey>;

export const diagramType = z.object({
  schema: z.string(),
  name: z.string(),
  /** Labels of an enum; empty for a domain. */
  labels: z.array(z.string()),
  /** What a domain stands on. */
  base: z.string().nullable(),
});

export const diagramGraph = z.object({
  tables: z.array(diagramTable),
  keys: z.array(diagramKey),
  types: z.array(diagramType),
});
export type DiagramGraph = z.infer<typeof diagramGraph>;

/** Where the graph comes from: a database of a connection, of a recording, or a file of SQL that was read. */
export const diagramSource = z.union([
  z.object({ connectionId: id, database: z.string().max(200) }),
  z.object({ recordingId: id, database: z.string().max(200) }),
  z.object({ scriptId: id }),
]);
export type DiagramSource = z.infer<typeof diagramSource>;

const tableId = z.string().min(1).max(300);
export const diagramChoice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.literal('schemas'), schemas: z.array(z.string().max(200)).max(5_000) }),
  z.object({ kind: z.literal('around'), table: tableId, hops: z.number().int().min(0).max(9) }),
]);
export type DiagramChoice = z.infer<typeof diagramChoice>;

export const diagramColors = ['red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'pink'] as const;
export const diagramColor = z.enum(diagramColors);
export type DiagramColor = z.infer<typeof diagramColor>;
export const diagramDetails = ['name', 'keys', 'all'] as const;

const box = { x: z.number(), y: z.number(), width: z.number().min(20), height: z.number().min(20) };
export const diagramNote = z.object({ id, text: z.string().max(4_000), color: diagramColor, ...box });
export const diagramArea = z.object({ id, name: z.string().max(200), color: diagramColor, ...box });
export type DiagramNote = z.infer<typeof diagramNote>;
export type DiagramArea = z.infer<typeof diagramArea>;

/** A layout: what is shown, where it stands, and what it looked like when that was last agreed to. */
export const diagramContent = z.object({
  choice: diagramChoice,
  detail: z.enum(diagramDetails),
  views: z.boolean(),
  partitions: z.boolean(),
  hidden: z.array(tableId).max(20_000),
  /** Something was moved by hand: then nothing is laid out anew unasked. */
  arranged: z.boolean(),
  positions: z.record(tableId, z.tuple([z.number(), z.number()])),
  colors: z.record(tableId, diagramColor),
  notes: z.array(diagramNote).max(500),
  areas: z.array(diagramArea).max(500),
  /** A digest of each table as it was: what differs from it has changed, what has none is new. */
  known: z.record(tableId, z.string().max(40)),
});
export type DiagramContent = z.infer<typeof diagramContent>;

export const diagramLayout = z.object({ id, name: z.string().min(1).max(120), savedAtMs: instantMs });
export type DiagramLayout = z.infer<typeof diagramLayout>;

const keyColumns = z.array(z.string().min(1).max(200)).min(1).max(32);

export const diagrams = {
  /** The layouts of a source, the one saved last first. */
  layouts: viewer.input(z.object({ source: diagramSource })).output(z.array(diagramLayout)),
  layout: viewer.input(z.object({ id })).output(diagramContent),
  /** Saves; a name that another layout of the source has fails `invalid` on `name`. */
  save: operator
    .input(
      z.object({
        id: id.nullable(),
        source: diagramSource,
        name: z.string().trim().min(1).max(120),
        content: diagramContent,
      }),
    )
    .output(diagramLayout),
  remove: operator.input(z.object({ id })).output(z.void()),
  /** Keys of the source that a person has drawn or agreed to: they are in every layout. */
  virtualKeys: viewer.input(z.object({ source: diagramSource })).output(z.array(diagramKey)),
  saveVirtualKeys: operator
    .input(z.object({ source: diagramSource, keys: z.array(diagramKey).max(5_000) }))
    .output(z.void()),
  /** How many rows refer to nothing by such a key; counted with a time limit, on the source's own connection. */
  checkKey: operator
    .input(
      z.object({
        connectionId: id,
        database: z.string().max(200),
        from: z.object({ schema: z.string(), name: z.string() }),
        fromColumns: keyColumns,
        to: z.object({ schema: z.string(), name: z.string() }),
        toColumns: keyColumns,
      }),
    )
    .output(
      z.object({
        /** Rows with a value, and those of them without a counterpart. */
        rows: z.number(),
        orphans: z.number(),
        /** Some of the values that have no counterpart. */
        examples: z.array(z.string()),
        /** The columns referred to are unique in the data. */
        unique: z.boolean(),
      }),
    ),
  /** Reads the structure out of a file of SQL (pg_dump's, migrations…), by PostgreSQL's own parser; nothing is run. */
  readSql: operator.input(z.object({ fileToken, name: z.string().min(1).max(200) })).output(
    z.object({
      scriptId: id,
      tables: z.number().int(),
      /** Statements that say nothing of tables. */
      passedOver: z.number().int(),
      /** Those that could not be read; the first fifty. */
      unread: z.array(z.object({ line: z.number().int(), message: z.string() })),
    }),
  ),
  /** What was read out of a file. Fails `invalid` where that was on another machine, or is gone. */
  file: viewer.input(z.object({ scriptId: id })).output(z.object({ name: z.string(), graph: diagramGraph })),
};
