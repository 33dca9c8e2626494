/** A backup by PostgreSQL's own client programs: which of them, and how it is to be run. */
import { z } from 'zod';

export const dumpFormat = z.enum(['custom', 'directory', 'tar', 'plain']);
export type DumpFormat = z.infer<typeof dumpFormat>;
export const dumpSections = ['pre-data', 'data', 'post-data'] as const;

export const dumpTool = z.discriminatedUnion('program', [
  z.object({
    program: z.literal('pg_dump'),
    format: dumpFormat,
    /** All where there is none. */
    sections: z.array(z.enum(dumpSections)).max(3),
    /** Only these, `schema.table`, quoted as in SQL where need be; all where there is none. */
    tables: z.array(z.string().min(1).max(260)).max(1000),
    /** Of custom and directory archives; lz4 and zstd since pg_dump 16. */
    compression: z.enum(['gzip', 'lz4', 'zstd', 'none']),
    /** 0 to 9; 22 for zstd. */
    level: z.number().int().min(0).max(22),
    owners: z.boolean(),
    grants: z.boolean(),
    /** A plain dump that drops each thing before it makes it. */
    clean: z.boolean(),
  }),
  z.object({
    program: z.literal('pg_dumpall'),
    /** globals: roles and tablespaces. */
    what: z.enum(['all', 'globals', 'roles', 'tablespaces']),
    /** Their hashes; only a superuser may read them. */
    rolePasswords: z.boolean(),
  }),
]);
export type DumpTool = z.infer<typeof dumpTool>;

/** What lies in the file of a backup: our own format, or one of pg_dump's. */
export const backupForm = z.enum(['howdah', 'custom', 'directory', 'tar', 'plain']);
export type BackupForm = z.infer<typeof backupForm>;

export const foundTools = z.object({
  usable: z.array(z.object({ folder: z.string(), version: z.string() })),
  broken: z.array(z.object({ folder: z.string(), why: z.string() })),
  /** The one that fits the server; null with the reason where none does. */
  fitting: z.object({ folder: z.string(), version: z.string() }).nullable(),
  why: z.string().nullable(),
  /** What will be run, as one would type it. */
  command: z.string().nullable(),
});
export type FoundToolsAnswer = z.infer<typeof foundTools>;

/** Of all databases of a server, or of its roles: it was made by pg_dumpall, whose path stands in quotes where it has spaces. */
export const isOfServer = ({ command }: { readonly command: string }): boolean =>
  /^(?:'[^']*pg_dumpall[^']*'|\S*pg_dumpall\S*) /.test(command);

const ofServer = {
  all: 'all databases',
  globals: 'roles and tablespaces',
  roles: 'roles',
  tablespaces: 'tablespaces',
} as const;
/** What a backup is of: what pg_dumpall makes belongs to no single database. */
export const subjectOf = (tool: DumpTool | undefined, database: string): string =>
  tool?.program === 'pg_dumpall' ? ofServer[tool.what] : database;
