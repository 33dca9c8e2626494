/** The arguments of pg_dump and pg_dumpall for what was chosen: a list, one word each, never a line for a shell. */
import type { DumpTool } from '../../../../shared/api/dump-tool.ts';
import { invalid } from '../../../../shared/failure.ts';
import type { DumpChoice } from '../dump/choice.ts';
import type { PgTools } from './find-tools.ts';

export interface DumpPlace {
  readonly path: string;
  /** Connections at once; only a directory is written by more than one. */
  readonly jobs: number;
}

/** @throws invalid for what that version, or that format, does not know */
export function dumpArguments(
  tool: DumpTool,
  choice: DumpChoice,
  { path, jobs }: DumpPlace,
  tools: Pick<PgTools, 'major' | 'version'>,
): string[] {
  const always = [`--file=${path}`, '--no-password', '--verbose'];
  if (tool.program === 'pg_dumpall')
    return [
      ...always,
      ...(tool.what === 'all' ? [] : [`--${tool.what}-only`]),
      ...(tool.rolePasswords ? [] : ['--no-role-passwords']),
    ];
  const { format, sections, tables, owners, grants, clean } = tool;
  return [
    `--format=${format}`,
    ...always,
    ...(format === 'directory' && jobs > 1 ? [`--jobs=${jobs}`] : []),
    ...compression(tool, tools),
    ...(choice.rows === 'none' ? ['--schema-only'] : []),
    ...sections.map((section) => `--section=${section}`),
    ...(choice.schemas ?? []).map((name) => `--schema=${pattern(name)}`),
    ...(choice.withoutSchemas ?? []).map((name) => `--exclude-schema=${pattern(name)}`),
    ...tables.map((name) => `--table=${qualified(name)}`),
    ...(choice.withoutRowsOf ?? []).map((name) => `--exclude-table-data=${qualified(name)}`),
    ...(owners ? [] : ['--no-owner']),
    ...(grants ? [] : ['--no-privileges']),
    ...(clean && format === 'plain' ? ['--clean', '--if-exists'] : []),
  ];
}

function compression(
  tool: Extract<DumpTool, { program: 'pg_dump' }>,
  { major, version }: Pick<PgTools, 'major' | 'version'>,
): string[] {
  // A tar file is not packed; a plain one stays text that can be read.
  if (tool.format === 'tar' || tool.format === 'plain') return [];
  if (tool.compression === 'none') return ['--compress=0'];
  if (tool.compression === 'gzip') return [`--compress=${Math.min(9, tool.level)}`];
  if (major < 16)
    throw invalid('compression', `pg_dump ${version} does not know ${tool.compression}; it came with 16. Take gzip.`);
  return [`--compress=${tool.compression}:${Math.max(1, tool.level)}`];
}

/** A name as a pattern that means only itself. */
const pattern = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** `schema.table` with each part quoted; parts that are quoted already may hold anything. */
export function qualified(text: string): string {
  const parts = [...text.matchAll(/"((?:[^"]|"")*)"|([^."]+)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? (plain ?? '').trim(),
  );
  return parts.map(pattern).join('.');
}
