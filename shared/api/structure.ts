/** Structure: what an object is made of, as a model to be changed; the DDL that leads there; and running it safely. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { failure, id, operator, viewer } from './base.ts';
import { guardQuestion } from './guard.ts';
import { kindWords, objectRef } from './objects.ts';

const name = z.string().max(500);
const text = z.string().max(1_000_000);
const inDatabase = z.object({ connectionId: id, database: z.string().max(200) });

/** A column. `key` stands for it over renames: the attribute number of one that is there, anything else of a new one. */
export const columnModel = z.object({
  key: z.string(),
  name,
  /** As format_type writes it: `numeric(10,2)`, `shop.mood[]`. */
  type: z.string().max(500),
  /** Of another than the type's own; as SQL. */
  collation: z.string().max(500).nullable(),
  notNull: z.boolean(),
  /** Default, or what a generated column is generated from. */
  expression: text.nullable(),
  identity: z.enum(['', 'always', 'byDefault']),
  generated: z.enum(['', 'stored', 'virtual']),
  /** Null: as the type has it. */
  storage: z.string().max(20).nullable(),
  compression: z.string().max(20).nullable(),
  statistics: z.number().int().nullable(),
  /** What ANALYZE is told of it: `n_distinct=-0.5` */
  options: z.array(z.string().max(2000)),
  /** Of a foreign table's column: `column_name=id`. */
  foreignOptions: z.array(z.string().max(2000)),
  comment: text.nullable(),
  /** It comes from a parent and is changed there. */
  inherited: z.boolean(),
  /** Only while its type is being changed: how a value becomes one of the new type. */
  using: text.optional(),
});
export type ColumnModel = z.infer<typeof columnModel>;

export const constraintKinds = ['primaryKey', 'unique', 'exclude', 'check', 'foreignKey'] as const;
export const constraintModel = z.object({
  key: z.string(),
  name,
  kind: z.enum(constraintKinds),
  /** What stands behind `CONSTRAINT name`. */
  definition: text,
  comment: text.nullable(),
  inherited: z.boolean(),
});
export type ConstraintModel = z.infer<typeof constraintModel>;

/** An index that no constraint made. */
export const indexModel = z.object({
  key: z.string(),
  name,
  unique: z.boolean(),
  /** What stands behind the table's name, without WITH and TABLESPACE: `USING btree (a, lower(b)) WHERE …`. */
  definition: text,
  /** `fillfactor=70` */
  options: z.array(z.string().max(2000)),
  /** Null: the database's. */
  tablespace: name.nullable(),
  valid: z.boolean(),
  comment: text.nullable(),
  /** Only while that is wanted: built anew as it is (bloated, or left invalid). */
  rebuild: z.boolean().optional(),
});
export type IndexModel = z.infer<typeof indexModel>;

/** A partition of a partitioned table. */
export const partitionModel = z.object({
  key: z.string(),
  schema: name,
  name,
  /** `FOR VALUES …`, or DEFAULT. */
  bound: text,
  /** there: it is one already. new: it is made. attached: a table of that name is there and becomes one. */
  state: z.enum(['there', 'new', 'attached']),
  /** Its DETACH CONCURRENTLY was broken off: it has to be finished. */
  detachPending: z.boolean(),
  /** Only of one that is made: `HASH (id)`, where it is partitioned itself. */
  partitionBy: text.nullable(),
  /** Of its rows, without indexes. */
  heapBytes: z.number(),
});
export type PartitionModel = z.infer<typeof partitionModel>;

export const tableModel = z.object({
  kind: z.enum(['table', 'partitionedTable', 'foreignTable']),
  schema: name,
  name,
  /** Empty: whoever makes it. */
  owner: name,
  comment: text.nullable(),
  unlogged: z.boolean(),
  tablespace: name.nullable(),
  /** `fillfactor=70` */
  options: z.array(z.string().max(2000)),
  rowSecurity: z.boolean(),
  forceRowSecurity: z.boolean(),
  /** `RANGE (at)`; only when it is made. */
  partitionBy: text.nullable(),
  /** The parent as SQL, and `FOR VALUES …` or DEFAULT; only when it is made. */
  partitionOf: z.object({ parent: text, bound: text }).nullable(),
  server: name.nullable(),
  /** Of a foreign table: `column_name=id`. */
  foreignOptions: z.array(z.string().max(2000)),
  columns: z.array(columnModel).max(1700),
  constraints: z.array(constraintModel).max(2000),
  indexes: z.array(indexModel).max(2000),
  /** Of a partitioned table: those directly under it. */
  partitions: z.array(partitionModel).max(50_000),
});
export type TableModel = z.infer<typeof tableModel>;

/** What is known of a relation's size: what a step will have to read or write. */
export const relationSize = z.object({
  heapBytes: z.number(),
  totalBytes: z.number(),
  /** The planner's estimate; null before the first ANALYZE. */
  rows: z.number().nullable(),
});
export type RelationSize = z.infer<typeof relationSize>;

/** Work whose duration follows the bytes; `indexAside`: an index that is built while others write. */
export const paceKinds = ['scan', 'index', 'indexAside', 'rewrite'] as const;
export type PaceKind = (typeof paceKinds)[number];
/** How fast that kind of work went on this server. */
export const pace = z.object({
  kind: z.enum(paceKinds),
  bytesASecond: z.number(),
  runs: z.number().int(),
  lastAtMs: z.number(),
  /** Of the largest of these runs. */
  mostBytes: z.number(),
});
export type Pace = z.infer<typeof pace>;

/** Kinds that have a form, beside tables. */
export const formKinds = [
  'schema',
  'view',
  'materializedView',
  'function',
  'procedure',
  'trigger',
  'enum',
  'composite',
  'range',
  'domain',
  'sequence',
  'extension',
  'policy',
  'rule',
  'database',
  'publication',
  'eventTrigger',
  'foreignDataWrapper',
  'foreignServer',
  'userMapping',
  'statistics',
  'subscription',
] as const;
export type FormKind = (typeof formKinds)[number];

/** The fields of a form; which there are is in shared/ddl/forms. */
export const formValues = z.record(z.string(), z.union([text, z.boolean(), z.array(text)]));
export type FormValues = z.infer<typeof formValues>;

const whatIsThere = z.object({ versionNum: z.number().int(), size: relationSize.nullable() });

export const dependent = z.object({
  kind: z.string(),
  /** As the server identifies it. */
  identity: z.string(),
  /** Where it can be opened. */
  object: objectRef.nullable(),
  /** Goes with the object in any case (an index with its table); others only by CASCADE. */
  automatic: z.boolean(),
});
export type Dependent = z.infer<typeof dependent>;

/** One statement to be run. */
export const runStep = z.object({
  sql: z.string().min(1).max(1_000_000),
  /** It refuses to run in a transaction (CONCURRENTLY, CREATE DATABASE). */
  alone: z.boolean(),
  /** The index it builds: where it fails, an invalid one of this name that was not there before is dropped again. */
  builds: z.object({ schema: name, name }).optional(),
  /** What it reads or writes: how long it took is kept for the next estimate. */
  load: z.object({ kind: z.enum(paceKinds), bytes: z.number().min(0) }).optional(),
});
export type RunStep = z.infer<typeof runStep>;

export const structureEvent = z.discriminatedUnion('kind', [
  /** The guard rails want a yes first; nothing was run. */
  z.object({ kind: z.literal('question'), question: guardQuestion }),
  z.object({ kind: z.literal('refused'), why: z.string() }),
  z.object({ kind: z.literal('began'), step: z.number().int() }),
  z.object({ kind: z.literal('ended'), step: z.number().int(), tookMs: z.number() }),
  /** A lock was not to be had: what the transaction did was undone, and it begins again at `step` after `waitMs`. */
  z.object({
    kind: z.literal('again'),
    step: z.number().int(),
    attempt: z.number().int(),
    of: z.number().int(),
    waitMs: z.number(),
  }),
  /** Everything up to here is there for good. */
  z.object({ kind: z.literal('committed'), upTo: z.number().int() }),
  z.object({
    kind: z.literal('failed'),
    step: z.number().int(),
    failure,
    /** Steps from 0 on that stay done, because they could not share a transaction with this one. */
    kept: z.number().int(),
    /** What was cleaned up, or could not be. */
    note: z.string().nullable(),
  }),
  z.object({ kind: z.literal('done') }),
]);
export type StructureEvent = z.infer<typeof structureEvent>;

const steps = z.array(runStep).min(1).max(5000);

export const structure = {
  /** A table; asked for a column, constraint or index, the one that it is of. Throws invalid where it is gone. */
  table: viewer.input(inDatabase.extend({ object: objectRef })).output(
    whatIsThere.extend({
      model: tableModel,
      /** The table itself: a part that was asked for may be another after a change. */
      table: objectRef,
      /** Of all levels. */
      partitions: z.number().int(),
      /** What it is a partition of. */
      parent: objectRef.nullable(),
    }),
  ),
  /** An object of a kind that has a form, as the form's values. Throws unsupported for other kinds. */
  form: viewer
    .input(inDatabase.extend({ object: objectRef }))
    .output(whatIsThere.extend({ kind: z.enum(formKinds), values: formValues })),
  /** What a column, constraint or index is changed with: its table, view, type or domain. Throws invalid where it is gone. */
  whole: viewer.input(inDatabase.extend({ object: objectRef })).output(objectRef),
  /** How fast earlier changes went here; nothing of kinds that were never run. */
  paces: viewer.input(z.object({ connectionId: id })).output(z.array(pace)),
  /** How large a table is, `schema.table` as SQL; null where there is none of that name. */
  size: viewer.input(inDatabase.extend({ table: z.string().min(1).max(500) })).output(relationSize.nullable()),
  /** Names to choose from. */
  choices: viewer.input(inDatabase).output(
    z.object({
      versionNum: z.number().int(),
      schemas: z.array(z.string()),
      roles: z.array(z.string()),
      tablespaces: z.array(z.string()),
      databases: z.array(z.string()),
      /** As SQL, the usual ones first. */
      types: z.array(z.string()),
      collations: z.array(z.string()),
      /** As SQL. */
      tables: z.array(z.string()),
      /** Tables, views and foreign tables, as SQL. */
      relations: z.array(z.string()),
      /** Trigger functions, and event trigger functions, as SQL. */
      triggerFunctions: z.array(z.string()),
      eventFunctions: z.array(z.string()),
      /** Not yet installed. */
      extensions: z.array(z.string()),
      languages: z.array(z.string()),
      indexMethods: z.array(z.string()),
      wrappers: z.array(z.string()),
      servers: z.array(z.string()),
    }),
  ),
  /** How it would be dropped, and what else would go or stands in the way. */
  drop: viewer.input(inDatabase.extend({ object: objectRef })).output(
    z.object({
      /** Without CASCADE and semicolon. */
      statement: z.string(),
      mayCascade: z.boolean(),
      /** It refuses to run in a transaction. */
      alone: z.boolean(),
      /** A database: sessions that are connected to it now. */
      sessions: z.number().int(),
      size: relationSize.nullable(),
      dependents: z.array(dependent),
      /** There are more than were listed. */
      more: z.boolean(),
    }),
  ),
  /**
   * Runs the steps, those that may share a transaction in one. Stops at the first that fails; its transaction is undone.
   * Waits for no lock longer than `lockTimeoutMs`, and then begins the transaction again, `attempts` times in all.
   */
  run: operator
    .input(
      inDatabase.extend({
        steps,
        lockTimeoutMs: z.number().int().min(0).max(3_600_000),
        attempts: z.number().int().min(1).max(100),
        permit: id.optional(),
      }),
    )
    .output(eventIterator(structureEvent)),
  /** What a role sees of a table when the steps have been run: they are, and all of it is rolled back. */
  actAs: operator
    .input(
      inDatabase.extend({
        steps: z.array(runStep).max(100),
        role: name,
        /** As SQL: `schema.table`. */
        table: z.string().min(1).max(500),
        permit: id.optional(),
      }),
    )
    .output(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('question'), question: guardQuestion }),
        z.object({ kind: z.literal('refused'), why: z.string() }),
        z.object({
          kind: z.literal('seen'),
          /** Rows in sight of the role, and of whoever asks; both counted up to 10,000. */
          visible: z.number(),
          all: z.number(),
          columns: z.array(z.string()),
          rows: z.array(z.array(z.string().nullable())),
        }),
      ]),
    ),
};
export const structureModes = ['create', 'alter', 'drop'] as const;
export const createKinds = ['table', 'partitionedTable', 'foreignTable', ...formKinds] as const;
export type CreateKind = (typeof createKinds)[number];
const ownWords: Partial<Record<CreateKind, string>> = {
  enum: 'Enum',
  composite: 'Composite type',
  range: 'Range type',
};
/** "Partitioned table" */
export const createWord = (kind: CreateKind): string =>
  ownWords[kind] ?? kindWords[kind as keyof typeof kindWords]?.[0] ?? kind;
