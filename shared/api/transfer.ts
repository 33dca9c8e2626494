/** Data on its way out of a database and into one: files of every common format. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { failure, fileToken, id, operator, viewer } from './base.ts';
import { guardQuestion } from './guard.ts';
import { parameterValues } from './parameter-value.ts';
import { sqlEncodings, sqlExamProgress, sqlPlan, sqlProgress } from './sql-import.ts';
import { textEncodings } from './text-encodings.ts';

export const exportFormats = ['csv', 'tsv', 'json', 'ndjson', 'xlsx', 'parquet', 'sql', 'markdown', 'html'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** A character that separates or quotes: of ASCII, and none that a value could not do without. */
const mark = z.string().regex(/^[\t\x20-\x2c\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]$/, 'must be one character of ASCII');

export const exportOptions = z.object({
  format: z.enum(exportFormats),
  /** csv, tsv: the names of the columns first. */
  header: z.boolean().default(true),
  /** csv, tsv; null: a comma, or a tab. */
  delimiter: mark.nullable().default(null),
  quote: mark.default('"'),
  escape: mark.default('"'),
  /** csv, tsv: what NULL is written as; null: nothing, or \N. */
  nullText: z
    .string()
    .max(40)
    .regex(/^[^\r\n\t"]*$/, 'must have no quotes, tabs and line breaks')
    .nullable()
    .default(null),
  /** csv: quotes around every value that is not NULL. */
  forceQuote: z.boolean().default(false),
  /** csv */
  lineEnd: z.enum(['lf', 'crlf']).default('lf'),
  /** csv, tsv: values that a spreadsheet would run as a formula get an apostrophe before them. */
  spreadsheetSafe: z.boolean().default(false),
  /** csv, tsv */
  encoding: z.enum(textEncodings).default('utf-8'),
  /** sql: a statement a row, a statement for many rows, or COPY with its data. */
  sqlStyle: z.enum(['rows', 'insert', 'copy']).default('rows'),
  /** sql: where the rows of a query are to go, as one writes it: shop.orders */
  tableName: z.string().min(1).max(200).optional(),
  /** Of the whole file; xlsx and parquet are compressed in themselves. */
  compression: z.enum(['none', 'gzip', 'zstd']).default('none'),
  /** Begins a new file at the first row after so many bytes; the files come as one archive. Not for xlsx and parquet. */
  splitBytes: z.number().int().min(10_000).nullable().default(null),
});
export type ExportOptions = z.infer<typeof exportOptions>;
export type ExportChoices = z.input<typeof exportOptions>;

export const tableName = z.object({ schema: z.string().min(1).max(200), name: z.string().min(1).max(200) });
export type TableName = z.infer<typeof tableName>;

export const exportSource = z.discriminatedUnion('kind', [
  /** The rows that were fetched, in a view's order where one is given. */
  z.object({ kind: z.literal('result'), resultId: id, viewId: id.optional() }),
  /** Run again, on a connection of its own and without a row limit. */
  z.object({
    kind: z.literal('query'),
    connectionId: id,
    database: z.string().max(200).optional(),
    sql: z.string().max(64_000_000),
    values: parameterValues.optional(),
  }),
  /** Of one moment: all are read in the same snapshot. */
  z.object({
    kind: z.literal('tables'),
    connectionId: id,
    database: z.string().max(200).optional(),
    tables: z.array(tableName).min(1).max(20_000),
  }),
]);
export type ExportSource = z.infer<typeof exportSource>;

export const exportProgress = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('progress'),
    rows: z.number().int(),
    bytes: z.number(),
    /** How many rows there will be, where that is known or estimated. */
    totalRows: z.number().int().nullable(),
    /** The table that is being read. */
    table: z.string().optional(),
  }),
  z.object({
    kind: z.literal('done'),
    rows: z.number().int(),
    bytes: z.number(),
    tookMs: z.number(),
    /** What the person should know about the file: columns renamed, numbers that became texts. */
    notes: z.array(z.string()),
    /** For the clipboard. */
    text: z.string().optional(),
  }),
  z.object({ kind: z.literal('failed'), failure }),
]);
export type ExportProgress = z.infer<typeof exportProgress>;

/** What a file to be imported can be: csv with any marks, text as COPY writes it. */
export const importFormats = ['csv', 'text', 'json', 'ndjson', 'xlsx', 'parquet'] as const;
export type ImportFormat = (typeof importFormats)[number];

/** How the file is to be read. */
export const importDialect = z.object({
  format: z.enum(importFormats),
  encoding: z.enum(textEncodings),
  delimiter: mark,
  quote: mark,
  escape: mark,
  /** The first record names the columns. */
  header: z.boolean(),
  /** csv: an unquoted value that is NULL; text: \\N where it is null. */
  nullText: z.string().max(40).nullable(),
  /** xlsx: by its name; the first where null. */
  sheet: z.string().max(200).nullable().default(null),
});
export type ImportDialect = z.infer<typeof importDialect>;

/** What is done to a value before the column takes it, in this order. */
export const importRules = z.object({
  trim: z.boolean().default(false),
  /** Values that mean NULL, whatever their case. */
  nullWords: z.array(z.string().max(100)).max(50).default([]),
  replace: z
    .array(z.object({ from: z.string().min(1).max(1000), to: z.string().max(1000) }))
    .max(20)
    .default([]),
  /** As to_timestamp takes it: DD.MM.YYYY HH24:MI */
  dateFormat: z.string().max(100).nullable().default(null),
  /** Of SQL, over the file's columns by their names, each a text; in place of the value. */
  expression: z.string().max(10_000).nullable().default(null),
});
export type ImportRules = z.infer<typeof importRules>;

export const importColumn = z.object({
  /** Its place in the file; null: only the expression fills it. */
  source: z.number().int().min(0).nullable(),
  target: z.string().min(1).max(200),
  /** Of a table that is to be made. */
  type: z.string().max(200).optional(),
  rules: importRules.optional(),
});
export type ImportColumn = z.infer<typeof importColumn>;

export const importPlan = z.object({
  dialect: importDialect,
  /** The file's columns, as the preview named them. */
  sourceColumns: z.array(z.string().max(10_000)).max(100_000),
  table: tableName,
  /** Makes the table from the columns and their types. */
  create: z.boolean(),
  columns: z.array(importColumn).min(1).max(1600),
  mode: z.enum(['insert', 'upsert', 'replace']),
  /** upsert: the columns of a unique key. */
  keys: z.array(z.string().max(200)).max(32),
  onError: z.enum(['stop', 'reject']),
  /** one: all or nothing. batches: each stands by itself, and an import that was cut off goes on where it was. */
  transaction: z.enum(['one', 'batches']),
  batchRows: z.number().int().min(1).max(1_000_000),
  /** Everything is tried, and rolled back. */
  dryRun: z.boolean(),
});
export type ImportPlan = z.infer<typeof importPlan>;

/** `read` is `inserted` + `updated` + `rejected` in every event but while a batch is on its way. */
export const importCounts = z.object({
  read: z.number().int(),
  inserted: z.number().int(),
  updated: z.number().int(),
  rejected: z.number().int(),
});
export type ImportCounts = z.infer<typeof importCounts>;

export const rejectedRow = z.object({
  /** Of the file's records, from 1; the header is none. */
  record: z.number().int(),
  /** Of the file, from 1; 0 where it has no lines. */
  line: z.number().int(),
  reason: z.string(),
});
export type RejectedRow = z.infer<typeof rejectedRow>;

export const importProgress = z.discriminatedUnion('kind', [
  importCounts.extend({
    kind: z.literal('progress'),
    /** Of the file, as it lies on the disk. */
    bytes: z.number(),
    totalBytes: z.number(),
    /** Records that an earlier attempt had imported. */
    resumed: z.number().int(),
  }),
  importCounts.extend({
    kind: z.literal('done'),
    resumed: z.number().int(),
    tookMs: z.number(),
    notes: z.array(z.string()),
    /** The first of those that were rejected. */
    rejects: z.array(rejectedRow),
    /** Under this name they can be saved with their reasons. */
    rejectsId: id.nullable(),
  }),
  z.object({ kind: z.literal('failed'), failure, rejects: z.array(rejectedRow) }),
]);
export type ImportProgress = z.infer<typeof importProgress>;
/** The guard rails want a yes first; nothing was read or written. */
export const importQuestion = z.object({ kind: z.literal('question'), question: guardQuestion });
export type ImportQuestion = z.infer<typeof importQuestion>;

export const filePreview = z.object({
  dialect: importDialect,
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  /** The first records as they are read. */
  rows: z.array(z.array(z.string().nullable())),
  sizeBytes: z.number(),
  /** What the person should know: cut values, records that do not fit. */
  notes: z.array(z.string()),
  /** xlsx: the names of all. */
  sheets: z.array(z.string()),
});
export type FilePreview = z.infer<typeof filePreview>;

const inDatabase = z.object({ connectionId: id, database: z.string().max(200).optional() });

export const transfer = {
  /** Tables, views and materialized views with rows to export; partitions and what extensions made are not listed. */
  tables: viewer.input(inDatabase.extend({ schema: z.string().max(200).optional() })).output(
    z.array(
      tableName.extend({
        kind: z.enum(['table', 'partitionedTable', 'foreignTable', 'view', 'materializedView']),
        /** From the statistics; null where there are none. */
        rows: z.number().nullable(),
        bytes: z.number().nullable(),
      }),
    ),
  ),
  /**
   * Writes to a chosen file, all or nothing; null: text for the clipboard, of 16 MB at most. Leaving the stream cancels,
   * and no file is left.
   */
  export: operator
    .input(z.object({ source: exportSource, options: exportOptions, target: fileToken.nullable() }))
    .output(eventIterator(exportProgress)),
  /** Reads the beginning of a chosen file. @param dialect as corrected by the person; sniffed where absent */
  preview: operator
    .input(z.object({ chosen: fileToken, name: z.string().max(300), dialect: importDialect.partial().optional() }))
    .output(filePreview),
  /** The columns that a table takes values for, and the keys that an upsert can go by. */
  targetColumns: viewer.input(inDatabase.extend({ table: tableName })).output(
    z.object({
      columns: z.array(z.object({ name: z.string(), type: z.string(), notNull: z.boolean(), hasDefault: z.boolean() })),
      keys: z.array(z.array(z.string())),
    }),
  ),
  /** Leaving the stream cancels: what is not committed is rolled back. */
  import: operator
    .input(inDatabase.extend({ chosen: fileToken, plan: importPlan, permit: z.string().max(200).optional() }))
    .output(eventIterator(z.union([importProgress, importQuestion]))),
  /** Reads a chosen script through and says what is in it; nothing is run. */
  examineSql: operator
    .input(z.object({ chosen: fileToken, encoding: z.enum(sqlEncodings).nullable().default(null) }))
    .output(eventIterator(sqlExamProgress)),
  /**
   * Runs a chosen script after it was read through. Commands of psql are refused by name, and then nothing is run. Leaving the
   * stream cancels.
   */
  importSql: operator
    .input(inDatabase.extend({ chosen: fileToken, plan: sqlPlan, permit: z.string().max(200).optional() }))
    .output(eventIterator(z.union([sqlProgress, importQuestion]))),
  /** Writes what was rejected, with its reasons, to a chosen file. */
  saveRejects: operator.input(z.object({ rejectsId: id, target: fileToken })).output(z.void()),
};
