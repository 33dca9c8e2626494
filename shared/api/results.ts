/** A result is a file: windows of it, its order and filter, finding, adding up and copying. */
import { z } from 'zod';
import { copyFormats, filterOperators } from '../rows/row-words.ts';
import { id, operator } from './base.ts';
import { column } from './column.ts';

/** A cell as PostgreSQL's text form, or null for NULL. */
export const cell = z.string().nullable();

export const rowsWindow = z.object({
  from: z.number().int(),
  rows: z.array(z.array(cell)),
  /** Cells that were cut for display: [row offset in the window, column, full size in bytes]. */
  cut: z.array(z.tuple([z.number().int(), z.number().int(), z.number()])),
  /** Cells whose bytes are not valid UTF-8, shown with replacement characters: [row offset, column]. */
  invalidText: z.array(z.tuple([z.number().int(), z.number().int()])),
});
export type RowsWindow = z.infer<typeof rowsWindow>;

export const viewSpec = z.object({
  sort: z.array(z.object({ column: z.number().int().min(0), descending: z.boolean() })).max(8),
  filters: z
    .array(
      z.object({
        column: z.number().int().min(0),
        operator: z.enum(filterOperators),
        value: z.string().max(10_000),
        /** For contains, notContains and startsWith; they fold case where absent. */
        matchCase: z.boolean().optional(),
      }),
    )
    .max(64),
});
export type ViewSpec = z.infer<typeof viewSpec>;

/** Rows are positions in the view where one is given, else in the result. Both ends count. */
export const cellRange = z.object({
  fromRow: z.number().int().min(0),
  toRow: z.number().int().min(0),
  /** Result column numbers in display order. */
  columns: z.array(z.number().int().min(0)).max(1664),
});
export type CellRange = z.infer<typeof cellRange>;

const ofResult = z.object({ resultId: id, viewId: id.optional() });

export const results = {
  /** `count` rows from position `from`. Values over `maxCellBytes` come cut. */
  rows: operator
    .input(
      ofResult.extend({
        from: z.number().int().min(0),
        count: z.number().int().min(1).max(5000),
        maxCellBytes: z.number().int().min(16).max(1_000_000).optional(),
      }),
    )
    .output(rowsWindow),
  /** A piece of one value as it is: for the value viewer. `text` is base64 of the bytes where `base64` is asked for. */
  value: operator
    .input(
      ofResult.extend({
        row: z.number().int().min(0),
        column: z.number().int().min(0),
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
        /** The bytes are not valid UTF-8; `text` has replacement characters in it. */
        invalidText: z.boolean(),
      }),
    ),
  /**
   * An order and a filter over the rows fetched when it was asked for. NULLs last ascending and first descending, text by
   * code point. `notes` says in sentences where the order is not the server's.
   */
  view: operator
    .input(z.object({ resultId: id, spec: viewSpec }))
    .output(z.object({ viewId: id, rowCount: z.number().int(), tookMs: z.number(), notes: z.array(z.string()) })),
  /** The next cell after (`backwards`: before) `fromRow`, `fromColumn` that contains the text; that cell comes last. */
  find: operator
    .input(
      ofResult.extend({
        text: z.string().min(1).max(10_000),
        fromRow: z.number().int().min(0),
        fromColumn: z.number().int().min(0),
        backwards: z.boolean(),
        matchCase: z.boolean(),
        /** Looks at the cell it starts from first: for finding while typing. */
        inclusive: z.boolean().optional(),
        /** Result column numbers as they are shown; all in their order where absent. */
        columns: z.array(z.number().int().min(0)).max(1664).optional(),
      }),
    )
    .output(z.object({ row: z.number().int(), column: z.number().int(), wrapped: z.boolean() }).nullable()),
  /** Exact where every value is a number: sums are decimal text, never floating point. */
  aggregate: operator.input(ofResult.extend({ ranges: z.array(cellRange).max(100) })).output(
    z.object({
      cells: z.number().int(),
      nulls: z.number().int(),
      numbers: z.number().int(),
      /** Sum and average of the cells that are numbers, as numeric would give them. */
      sum: z.string().nullable(),
      average: z.string().nullable(),
      /** By type; null where the cells are of types that do not compare. */
      min: z.string().nullable(),
      max: z.string().nullable(),
      /** Different text forms, NULL not counted; null where there are too many to count. */
      distinct: z.number().int().nullable(),
    }),
  ),
  /** Text for the clipboard; fails `invalid` over 50 MB, with export as the way out. */
  copy: operator
    .input(
      ofResult.extend({
        ranges: z.array(cellRange).min(1).max(100),
        format: z.enum(copyFormats),
        header: z.boolean(),
        /** For `insert`: a name as one writes it in SQL, `shop.orders` or `"odd.name"`. */
        tableName: z.string().max(200).optional(),
        /** For `insert`: OVERRIDING SYSTEM VALUE, as an identity column that is GENERATED ALWAYS asks for. */
        overriding: z.boolean().optional(),
      }),
    )
    .output(z.object({ text: z.string(), rows: z.number().int(), notes: z.array(z.string()) })),
  /**
   * Compares the rows of two results cell by cell. What differs is a result of its own: `change` (removed, added,
   * before, after; same where asked for), `differs in`, and then the columns of both. Columns are matched by name.
   */
  compare: operator
    .input(
      z.object({
        leftId: id,
        rightId: id,
        /** Left column numbers; `detect` finds columns that tell the rows apart; null: the n-th with the n-th row. */
        keys: z.union([z.literal('detect'), z.array(z.number().int().min(0)).min(1).max(32), z.null()]),
        withSame: z.boolean(),
      }),
    )
    .output(
      z.object({
        resultId: id,
        columns: z.array(column),
        rows: z.number().int(),
        bytes: z.number(),
        counts: z.object({
          added: z.number().int(),
          removed: z.number().int(),
          changed: z.number().int(),
          same: z.number().int(),
        }),
        /** Left columns that the rows were matched by; null: by position. */
        keys: z.array(z.number().int()).nullable(),
        notes: z.array(z.string()),
        tookMs: z.number(),
      }),
    ),
  /** Frees the result's file. */
  close: operator.input(z.object({ resultId: id })).output(z.void()),
};
