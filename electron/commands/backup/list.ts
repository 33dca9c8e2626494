/** `howdah backup list|verify|sql`: what an archive holds, whether it is sound, and the same as SQL for psql. */
import { statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { failureOf } from '../../../shared/failure.ts';
import { ArchiveReader, nameOf } from '../../postgres/backup/archive/archive-reader.ts';
import { backupEnding } from '../../postgres/backup/archive/backup-name.ts';
import { plainSql } from '../../postgres/backup/archive/plain-sql.ts';
import { verifyArchive } from '../../postgres/backup/archive/verify.ts';
import { bytes } from '../../recorder/report/words.ts';
import { readArguments } from '../command.ts';
import { standardOutput } from '../output.ts';
import { Console, guarded, plain } from './console.ts';

/** FILE: its contents with their numbers; a folder: the backups in it. */
export async function listCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { json: { type: 'boolean', default: false } }, ['FILE']);
  const [path = ''] = positionals;
  return guarded(new Console(false), async () => {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return listFolder(path, values.json);
    const archive = await ArchiveReader.open(path);
    await archive.close();
    const { manifest, sizeBytes } = archive;
    if (values.json) {
      console.log(JSON.stringify({ sizeBytes, ...manifest }));
      return 0;
    }
    const { name } = manifest.database;
    console.log(
      plain(
        `${name} of ${manifest.startedAt}, PostgreSQL ${manifest.server.version} at ${manifest.server.host}:${manifest.server.port}, ${bytes(sizeBytes)}`,
      ),
    );
    for (const warning of manifest.warnings) console.log(plain(`! ${warning}`));
    for (const item of manifest.items) {
      const rows = item.data ? `  ${item.data.rows.toLocaleString('en')} rows` : '';
      console.log(`${String(item.id).padStart(6)}  ${plain(`${item.kind} ${nameOf(item)}`)}${rows}`);
    }
    return 0;
  });
}

async function listFolder(folder: string, json: boolean): Promise<number> {
  const found: { file: string; database?: string; startedAt?: string; sizeBytes?: number; trouble?: string }[] = [];
  for (const name of (await readdir(folder)).filter((one) => one.endsWith(backupEnding)).sort()) {
    const file = join(folder, name);
    try {
      const archive = await ArchiveReader.open(file);
      await archive.close();
      const { database, startedAt } = archive.manifest;
      found.push({ file, database: database.name, startedAt, sizeBytes: archive.sizeBytes });
    } catch (thrown) {
      found.push({ file, trouble: failureOf(thrown).message });
    }
  }
  if (json) console.log(JSON.stringify(found));
  else
    for (const { file, database, startedAt, sizeBytes, trouble } of found)
      console.log(
        plain(trouble ? `${file}: ${trouble}` : `${file}: ${database} of ${startedAt}, ${bytes(sizeBytes ?? 0)}`),
      );
  return found.some(({ trouble }) => trouble !== undefined) ? 1 : 0;
}

/** Exit 0: every byte is what was written; 1: damaged, with what is. */
export async function verifyCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { json: { type: 'boolean', default: false } }, ['FILE']);
  const [path = ''] = positionals;
  const screen = new Console(false);
  return guarded(screen, async (signal) => {
    const { manifest, sizeBytes, rows } = await verifyArchive(path, { signal });
    if (values.json) console.log(JSON.stringify({ sound: true, sizeBytes, rows, items: manifest.items.length }));
    else
      console.log(
        `${path} is sound: ${manifest.items.length} items, ${rows.toLocaleString('en')} rows, ${bytes(sizeBytes)}.`,
      );
    return 0;
  });
}

export async function sqlCommand(args: readonly string[]): Promise<number> {
  const { positionals } = readArguments(args, {}, ['FILE']);
  const [path = ''] = positionals;
  return guarded(new Console(false), async (signal) => {
    // Whole before the first byte: what reads along would run the half of it.
    await verifyArchive(path, { signal });
    const archive = await ArchiveReader.open(path);
    const output = standardOutput();
    let gone = false;
    output.onGone(() => {
      gone = true;
    });
    try {
      for await (const piece of plainSql(archive)) {
        if (gone) break;
        output.write(piece);
        if (output.full) await new Promise<void>((room) => output.onRoom(room));
      }
      await output.finish();
    } finally {
      await archive.close();
    }
    return 0;
  });
}
