/** What an archive says of itself: read first, and held against every byte of it before it counts as good. */
import { z } from 'zod';

/** Of archives this program writes; it reads those up to this one. */
export const formatVersion = 1;

export const itemData = z.object({
  /** Names of the columns in the order of the rows' cells. */
  columns: z.array(z.string()),
  rows: z.number().int(),
  /** Of the COPY text. */
  rawBytes: z.number().int(),
  /** CRC-32 over the COPY text, the first block to the last. */
  crc: z.number().int(),
  /** Where its blocks lie in the file, in order. */
  blocks: z.array(z.number().int()),
  /** What is sent before COPY's rows on restore: `COPY … FROM STDIN`. */
  copy: z.string(),
});
export type ItemData = z.infer<typeof itemData>;

export const sections = ['before', 'data', 'after'] as const;

export const archiveItem = z.object({
  id: z.number().int().positive(),
  /** `table`, `view`, `index`, `rows`, `grants`, …; words for people and for choosing. */
  kind: z.string(),
  schema: z.string().nullable(),
  name: z.string(),
  section: z.enum(sections),
  /** Complete statements, in order; several may stand in one text. */
  sql: z.array(z.string()),
  /** Items that have to be there first. */
  needs: z.array(z.number().int().positive()),
  /** Of the table or index: the restore sets it before the statements. */
  tablespace: z.string().optional(),
  data: itemData.optional(),
  /** Statements that follow the rows at once, in the same session. */
  afterRows: z.array(z.string()).optional(),
});
export type ArchiveItem = z.infer<typeof archiveItem>;

export const archiveRole = z.object({ name: z.string(), sql: z.array(z.string()) });

export const manifest = z.object({
  program: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  server: z.object({ version: z.string(), versionNum: z.number().int(), host: z.string(), port: z.number().int() }),
  database: z.object({
    name: z.string(),
    encoding: z.string(),
    /** CREATE DATABASE's own words for locale and provider, and what follows it (owner, comment, settings, grants). */
    create: z.array(z.string()),
    collate: z.string(),
    ctype: z.string(),
  }),
  /** What it shows: `pg_export_snapshot`'s name and the place in the WAL, where the role may ask. */
  snapshot: z.object({ name: z.string(), lsn: z.string().nullable() }),
  /** False where something was chosen or left out. */
  whole: z.boolean(),
  /** In an order that can be run from the first to the last. */
  items: z.array(archiveItem),
  /** Roles that its statements name. */
  roles: z.array(archiveRole),
  tablespaces: z.array(z.string()),
  /** What is not in it and why, in sentences. */
  warnings: z.array(z.string()),
});
export type Manifest = z.infer<typeof manifest>;

export const dataItems = (of: Manifest): (ArchiveItem & { readonly data: ItemData })[] =>
  of.items.filter((item): item is ArchiveItem & { readonly data: ItemData } => item.data !== undefined);
