/** What lies in a backup's file, whatever its form, and copies of it. */
import { createWriteStream } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { BackupItem } from '../../../shared/api/backups.ts';
import { invalid } from '../../../shared/failure.ts';
import { ArchiveReader } from '../../postgres/backup/archive/archive-reader.ts';
import { plainSql } from '../../postgres/backup/archive/plain-sql.ts';
import { verifyArchive } from '../../postgres/backup/archive/verify.ts';
import { listArchive } from '../../postgres/backup/tools/archive-list.ts';
import { verifyDump } from '../../postgres/backup/tools/run-pg-dump.ts';
import { runTool } from '../../postgres/backup/tools/run-tool.ts';
import { bareEnvironment } from '../../postgres/backup/tools/tool-place.ts';
import type { KeptBackup } from '../../store/backups.ts';

export interface FileContents {
  readonly items: BackupItem[];
  readonly roles: string[];
  readonly tablespaces: string[];
  readonly warnings: string[];
  readonly startedAt: string;
  readonly host: string;
}

/** @throws invalid where it cannot be read */
export async function contentsOf(kept: KeptBackup, path: string): Promise<FileContents> {
  const nothing = { roles: [], tablespaces: [], warnings: [], startedAt: new Date(kept.atMs).toISOString(), host: '' };
  if (kept.form === 'plain') return { ...nothing, items: [] };
  if (kept.form !== 'howdah') {
    const { entries } = await listArchive(path);
    return { ...nothing, items: entries.map(({ owner: _, ...item }) => item) };
  }
  const archive = await ArchiveReader.open(path);
  await archive.close();
  const { items, roles, tablespaces, warnings, startedAt, server } = archive.manifest;
  return {
    items: items.map(({ id, kind, schema, name, section, needs, data }) => ({
      id,
      kind,
      schema,
      name,
      section,
      needs,
      rows: data?.rows ?? null,
      bytes: data?.rawBytes ?? 0,
    })),
    roles: roles.map(({ name }) => name),
    tablespaces,
    warnings,
    startedAt,
    host: `${server.host}:${server.port}`,
  };
}

/** Only of what is sound. @throws invalid where it is not, or where it is no one file */
export async function saveCopy(
  { form, sha256 }: KeptBackup,
  from: string,
  to: string,
  wanted: 'archive' | 'sql',
  signal?: AbortSignal,
): Promise<void> {
  const stopped = signal ? { signal } : {};
  if (form === 'howdah') {
    await verifyArchive(from, stopped);
    if (wanted === 'archive') return copyFile(from, to);
    const archive = await ArchiveReader.open(from);
    try {
      return await pipeline(plainSql(archive), createWriteStream(to, { mode: 0o600 }), stopped);
    } finally {
      await archive.close();
    }
  }
  await verifyDump(from, form, sha256, stopped);
  if (wanted === 'sql' && form !== 'plain') {
    const { tools } = await listArchive(from, signal);
    return runTool({ program: tools.pgRestore, args: [`--file=${to}`, from], env: bareEnvironment(), signal });
  }
  if (form === 'directory') throw invalid('form', 'It is a folder of files. Copy the folder, or save it as SQL.');
  await copyFile(from, to);
}
