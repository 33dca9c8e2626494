/** How rows from outside go into a table: what is read, into which columns, and what is done to the values. */
import { z } from 'zod';
import { textEncodings } from './text-encodings.ts';

/** A character that separates or quotes: of ASCII, and none that a value could not do without. */
export const mark = z
  .string()
  .regex(/^[\t\x20-\x2c\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]$/, 'must be one character of ASCII');

export const tableName = z.object({ schema: z.string().min(1).max(200), name: z.string().min(1).max(200) });
export type TableName = z.infer<typeof tableName>;

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
