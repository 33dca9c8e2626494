/** Data on its way out of a database and into one: files of every common format. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { failure, fileToken, id, operator, viewer } from './base.ts';
import { guardQuestion } from './guard.ts';
import { importCounts, importDialect, importPlan, mark, rejectedRow, tableName } from './import-plan.ts';
import { parameterValues } from './parameter-value.ts';
import { sqlEncodings, sqlExamProgress, sqlPlan, sqlProgress } from './sql-import.ts';
import { copyPlace, copyPlan, copyProgress, copySource, copySourceFacts } from './table-copy.ts';
import { textEncodings } from './text-encodings.ts';

export const exportFormats = ['csv', 'tsv', 'json', 'ndjson', 'xlsx', 'parquet', 'sql', 'markdown', 'html'] as const;
export type ExportFormat = (typeof exportFormats)[number];

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
  /** csv: quotes around every value that is not NULL, or around those of the columns named. */
  forceQuote: z.union([z.boolean(), z.array(z.string().max(200)).max(2000)]).default(false),
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
  /** The columns of what is to be copied. Throws postgres where a query is none. */
  copySource: operator.input(z.object({ from: copyPlace, source: copySource })).output(copySourceFacts),
  /** From one connection to another, or within one. Leaving the stream cancels: what is not committed is rolled back. */
  copy: operator
    .input(z.object({ from: copyPlace, to: copyPlace, plan: copyPlan, permit: z.string().max(200).optional() }))
    .output(eventIterator(z.union([copyProgress, importQuestion]))),
  /** Writes what was rejected, with its reasons, to a chosen file. */
  saveRejects: operator.input(z.object({ rejectsId: id, target: fileToken })).output(z.void()),
};
