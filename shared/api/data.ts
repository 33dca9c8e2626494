/** Rows of tables and views: looked at by windows, found by value, changed in one transaction. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { failure, id, operator, viewer } from './base.ts';
import { cell } from './results.ts';

export const relationKinds = ['table', 'partitionedTable', 'foreignTable', 'view', 'materializedView'] as const;
export type RelationKind = (typeof relationKinds)[number];

/** A relation by its oid: names may change, and two may look alike. */
const relation = z.object({ connectionId: id, database: z.string().max(200), oid: z.number().int() });

export const dataColumn = z.object({
  /** pg_attribute.attnum. */
  number: z.number().int(),
  name: z.string(),
  typeOid: z.number().int(),
  /** With its modifier: "numeric(10,2)". */
  typeName: z.string(),
  category: z.string(),
  /** pg_type.typtype of the type under all domains: b, c, e, r, m. */
  typeKind: z.string(),
  /** The type under all domains. */
  baseTypeOid: z.number().int(),
  baseTypeName: z.string(),
  /** Fixed length in bytes, or negative. */
  typeLength: z.number().int(),
  notNull: z.boolean(),
  /** The default's expression; null where there is none. */
  defaultText: z.string().nullable(),
  generated: z.enum(['no', 'stored', 'virtual']),
  identity: z.enum(['no', 'always', 'byDefault']),
  comment: z.string().nullable(),
  /** Of an enum, or of the elements of an array of one. */
  labels: z.array(z.string()),
  /** Fields of a composite type: name and type. */
  fields: z.array(z.object({ name: z.string(), typeName: z.string() })),
  /** Type name of an array's elements, of a range's bounds. */
  elementTypeName: z.string().nullable(),
  /** There is an order of its values (a default btree operator class). */
  sortable: z.boolean(),
  /** A cast function to text exists, so that `::text` is not the text form. */
  castsToText: z.boolean(),
  /** Compares bytes: its collation tells apart what differs. */
  deterministic: z.boolean(),
  maySelect: z.boolean(),
  mayUpdate: z.boolean(),
  mayInsert: z.boolean(),
});
export type DataColumn = z.infer<typeof dataColumn>;

/** What proves which row is meant: unique, not null, valid, immediate, whole (no condition, no expression). */
export const rowKey = z.object({
  name: z.string(),
  primary: z.boolean(),
  columns: z.array(z.number().int()),
  /** The equality operator of the index for each column: `=`, or `operator(schema.=)`. */
  equals: z.array(z.string()),
});
export type RowKey = z.infer<typeof rowKey>;

export const reference = z.object({
  constraint: z.string(),
  /** In this relation. */
  columns: z.array(z.number().int()),
  /** The relation at the other end, and its columns that stand for `columns`, in the same order. */
  other: z.object({ oid: z.number().int(), kind: z.enum(relationKinds), schema: z.string(), name: z.string() }),
  otherColumns: z.array(z.string()),
  /** Columns of the other relation that could stand for a row in words, the best first. */
  labelColumns: z.array(z.string()),
});
export type Reference = z.infer<typeof reference>;

export const relationModel = z.object({
  oid: z.number().int(),
  kind: z.enum(relationKinds),
  schema: z.string(),
  name: z.string(),
  comment: z.string().nullable(),
  columns: z.array(dataColumn),
  key: rowKey.nullable(),
  /** Rows as the planner knows them; null where it was never told. */
  estimatedRows: z.number().nullable(),
  pages: z.number(),
  /** How rows are reached without counting them: by key, by place in the file, or by windows of a bounded fetch. */
  paging: z.enum(['key', 'place', 'window']),
  mayInsert: z.boolean(),
  mayUpdate: z.boolean(),
  mayDelete: z.boolean(),
  /** Why rows cannot be changed here, and what would help; null where they can. */
  readOnly: z.object({ reason: z.string(), wayOut: z.string() }).nullable(),
  rowSecurity: z.boolean(),
  /** Foreign keys of this relation, and those that point at it. */
  references: z.array(reference),
  referencedBy: z.array(reference),
});
export type RelationModel = z.infer<typeof relationModel>;

/** What of a query's result can be edited. */
export const resultOrigins = z.object({
  /** Tables whose rows can be, with where their key stands among the result's columns. */
  tables: z.array(
    z.object({
      model: relationModel,
      /** `iso`: it proves a row only where it is written as ISO 8601 has it. */
      key: z.array(z.object({ at: z.number().int(), form: z.enum(['plain', 'iso']) })),
    }),
  ),
  /** For each column its table, as a position in `tables`, and why it cannot be edited; null where it can. */
  columns: z.array(z.object({ table: z.number().int().nullable(), reason: z.string().nullable() })),
});
export type ResultOrigins = z.infer<typeof resultOrigins>;

export const dataSort = z.object({
  column: z.number().int(),
  descending: z.boolean(),
  nullsFirst: z.boolean(),
});
export type DataSort = z.infer<typeof dataSort>;

/** Which rows, in which order. */
export const dataQuery = z.object({
  /** A condition as one writes it after WHERE; empty for all rows. */
  where: z.string().max(100_000),
  /** What one writes after ORDER BY; empty for the order of the key. */
  orderBy: z.string().max(10_000),
  /** Any column's text form contains this, whatever the case. */
  search: z.string().max(1_000),
});
export type DataQuery = z.infer<typeof dataQuery>;

/** Where a row stands in the order: the values that the order compares, as text. Nothing of it is to be understood. */
export const place = z.array(cell).max(80);
export type Place = z.infer<typeof place>;

export const pageFrom = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('start') }),
  z.object({ kind: z.literal('end') }),
  z.object({ kind: z.literal('after'), place }),
  z.object({ kind: z.literal('before'), place }),
  /** The same rows again, beginning with this one. */
  z.object({ kind: z.literal('at'), place }),
  /** About so far into all rows, 0 to 1; found without walking there. */
  z.object({ kind: z.literal('about'), fraction: z.number().min(0).max(1) }),
  /** Windows: at most 10,000 rows deep. */
  z.object({ kind: z.literal('offset'), offset: z.number().int().min(0) }),
]);
export type PageFrom = z.infer<typeof pageFrom>;

export const dataPage = z.object({
  rows: z.array(z.array(cell)),
  /** Cut cells: [row offset, column position, size in bytes]. */
  cut: z.array(z.tuple([z.number().int(), z.number().int(), z.number()])),
  /** One for each row; empty where rows have no place that can be returned to. */
  places: z.array(place),
  /** The values of the proven key, one list for each row; empty where there is no key. */
  keys: z.array(z.array(z.string())),
  /** There are further rows in the direction that was asked for. */
  more: z.boolean(),
  tookMs: z.number(),
});
export type DataPage = z.infer<typeof dataPage>;

const keyValues = z.array(z.string()).min(1).max(32);

/** A value to be stored: a text that the server reads by the column's type, NULL, or the column's default. */
export const newValue = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string().max(64_000_000) }),
  z.object({ kind: z.literal('null') }),
  z.object({ kind: z.literal('default') }),
]);
export type NewValue = z.infer<typeof newValue>;

const changes = z.array(z.object({ column: z.number().int(), value: newValue })).max(1_664);

/** One row that is to be changed. Columns are numbers as in pg_attribute; `old` is what the person saw. */
export const rowEdit = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('update'),
    id: z.string().max(10_000),
    key: keyValues,
    old: z.array(z.object({ column: z.number().int(), value: cell })).max(1_664),
    changes,
  }),
  z.object({ kind: z.literal('insert'), id: z.string().max(10_000), changes }),
  z.object({
    kind: z.literal('delete'),
    id: z.string().max(10_000),
    key: keyValues,
    old: z.array(z.object({ column: z.number().int(), value: cell })).max(1_664),
  }),
]);
export type RowEdit = z.infer<typeof rowEdit>;

const ofRows = relation.extend({ query: dataQuery });

/** What looking for a value in all tables tells on its way. */
export const findEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), done: z.number(), of: z.number(), table: z.string() }),
  z.object({
    kind: z.literal('hit'),
    oid: z.number().int(),
    relationKind: z.enum(relationKinds),
    schema: z.string(),
    name: z.string(),
    column: z.string(),
    /** Counted up to a bound; `more` where it was reached. */
    rows: z.number(),
    more: z.boolean(),
    sample: z.string(),
    /** The condition that finds them. */
    where: z.string(),
  }),
  z.object({ kind: z.literal('skipped'), schema: z.string(), name: z.string(), failure }),
]);
export type FindEvent = z.infer<typeof findEvent>;

export const data = {
  /** What the relation is: columns, proven key, references, and whether its rows can be changed. */
  describe: viewer.input(relation).output(relationModel),
  /**
   * A page of rows, without OFFSET. Fails `invalid` on field `where`, `orderBy` with the place (`at`) of what the server
   * or its parser refused.
   */
  rows: operator.input(ofRows.extend({ from: pageFrom, count: z.number().int().min(1).max(5_000) })).output(dataPage),
  /** How many rows there are: counted up to a bound at once, else the planner's estimate; `exact` counts them all. */
  count: operator
    .input(ofRows.extend({ exact: z.boolean() }))
    .output(z.object({ rows: z.number(), exact: z.boolean(), tookMs: z.number() })),
  /** A piece of one value as it is, for the value viewer and for editing what was shown cut. */
  value: operator
    .input(
      relation.extend({
        key: keyValues,
        column: z.number().int(),
        offsetBytes: z.number().int().min(0),
        lengthBytes: z.number().int().min(1).max(8_000_000),
        base64: z.boolean().optional(),
      }),
    )
    .output(
      z.object({
        isNull: z.boolean(),
        sizeBytes: z.number(),
        text: z.string(),
        nextOffsetBytes: z.number().nullable(),
      }),
    ),
  /** The most frequent values of a column: from the statistics where nothing filters, else by counting a bounded part. */
  values: operator
    .input(
      ofRows.extend({
        column: z.number().int(),
        contains: z.string().max(1_000),
        /** A foreign key of the column alone: its rows' words come with the values, and are looked through as well. */
        reference: z.object({ constraint: z.string().max(200), label: z.string().max(200) }).optional(),
      }),
    )
    .output(
      z.object({
        values: z.array(
          z.object({
            value: cell,
            share: z.number().nullable(),
            rows: z.number().nullable(),
            /** Words for the row that the value points at; null where there are none. */
            label: z.string().nullable(),
          }),
        ),
        /** Where they come from, as a sentence. */
        note: z.string(),
      }),
    ),
  /** Words for referenced rows: the label column's text for each key, null where the row is not there. */
  labels: operator
    .input(
      relation.extend({
        constraint: z.string().max(200),
        label: z.string().max(200),
        keys: z.array(z.array(z.string().max(10_000)).max(32)).max(1_000),
      }),
    )
    .output(z.array(z.string().nullable())),
  /** Rows of the table that a foreign key points at, for picking one: those whose key or label contains the text. */
  pick: operator
    .input(
      relation.extend({ constraint: z.string().max(200), label: z.string().max(200), contains: z.string().max(1_000) }),
    )
    .output(z.array(z.object({ key: z.array(z.string()), label: z.string().nullable() }))),
  /** What of a query's result can be edited; `sql` is the statement that gave it, its columns as RowDescription has them. */
  origins: operator
    .input(
      z.object({
        connectionId: id,
        database: z.string().max(200),
        sql: z.string().max(64_000_000),
        columns: z.array(z.object({ tableOid: z.number().int(), attributeNumber: z.number().int() })).max(1_664),
      }),
    )
    .output(resultOrigins),
  /** How many rows of each referencing table point at this row; counted up to a bound. */
  related: operator
    .input(relation.extend({ values: z.array(z.object({ column: z.number().int(), value: cell })).max(1_664) }))
    .output(z.array(z.object({ constraint: z.string(), oid: z.number().int(), rows: z.number().nullable() }))),
  /** Looks for a value in every table one may read, each bounded in time and rows. Leaving the stream stops it. */
  find: operator
    .input(
      z.object({
        connectionId: id,
        database: z.string().max(200),
        text: z.string().min(1).max(1_000),
        how: z.enum(['equals', 'contains']),
      }),
    )
    .output(eventIterator(findEvent)),
  /**
   * Tells of each NOTIFY on the channel that may concern the relation: its payload names it, or no relation at all.
   * Several at once are told once. Ends with the failure where the listening connection is lost.
   */
  follow: operator
    .input(relation.extend({ channel: z.string().min(1).max(63) }))
    .output(eventIterator(z.object({ kind: z.enum(['listening', 'notified']) }))),
  /** The statements that `save` would send, with their values, and what has to be confirmed before. */
  preview: operator.input(relation.extend({ edits: z.array(rowEdit).max(10_000) })).output(
    z.object({
      statements: z.array(z.object({ id: z.string(), text: z.string(), values: z.array(cell) })),
      /** In this environment a save is asked for once more; null: it is not. */
      confirm: z
        .object({ environment: z.string(), connectionName: z.string(), typeName: z.string().nullable() })
        .nullable(),
    }),
  ),
  /**
   * All of the edits in one transaction, or none. Each has to change exactly one row. Fails `invalid` on `confirmed`
   * where that is due and not given.
   */
  save: operator
    .input(relation.extend({ edits: z.array(rowEdit).min(1).max(10_000), confirmed: z.boolean().optional() }))
    .output(
      z.discriminatedUnion('kind', [
        z.object({
          kind: z.literal('saved'),
          inserted: z.number(),
          updated: z.number(),
          deleted: z.number(),
          tookMs: z.number(),
          /** Cells that the server holds otherwise than they were typed: rounded, or changed by a trigger. */
          changedByServer: z.array(z.object({ column: z.number().int(), typed: cell, stored: cell })),
          /** What the server holds now in the columns that were written, by the edit's id. */
          stored: z.array(
            z.object({ id: z.string(), cells: z.array(z.object({ column: z.number().int(), value: cell })) }),
          ),
          /** Why it cannot be undone from the journal; null where it can. */
          notKept: z.string().nullable(),
        }),
        /** Nothing was changed. `id`: the row it stopped at, null where the server refused at the end. */
        z.object({
          kind: z.literal('refused'),
          id: z.string().nullable(),
          failure,
          /** For a row that another has changed: what it holds now, by column; null where it is gone or not the matter. */
          now: z.array(z.object({ column: z.number().int(), value: cell })).nullable(),
        }),
      ]),
    ),
};
