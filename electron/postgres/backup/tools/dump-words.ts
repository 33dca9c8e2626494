/** What a dump says of itself, read through once: how many rows it has for which table, and which roles it names. */
import { invalid } from '../../../../shared/failure.ts';
import { encodingNamed, encodingSet, scriptBytes, sniffScriptEncoding } from '../../import/sql/script-encoding.ts';
import { ScriptReader } from '../../import/sql/script-reader.ts';
import type { WorkTold } from '../progress.ts';
import { rolesIn } from '../restore/role-words.ts';
import { findTools, newestTools } from './find-tools.ts';
import { runTool } from './run-tool.ts';
import { bareEnvironment } from './tool-place.ts';

export interface DumpWords {
  /** Rows of COPY, by the table's name as the dump writes it: quoted where it has to be. */
  readonly tables: ReadonlyMap<string, number>;
  readonly roles: ReadonlySet<string>;
}

const lineFeed = 0x0a;
const copied = /^COPY ((?:"(?:[^"]|"")+"|[^\s"(.]+)(?:\.(?:"(?:[^"]|"")+"|[^\s"(.]+))?)[ (]/;

/** @throws invalid with the line where it breaks off, or has commands of psql in it */
export async function dumpWords(path: string, form: 'plain' | 'archive', told: WorkTold = {}): Promise<DumpWords> {
  if (form === 'plain') {
    const encoding = await sniffScriptEncoding(path);
    return wordsOf(new ScriptReader(scriptBytes(path, encoding, { bytes: 0 })), told);
  }
  const { pgRestore } = newestTools(await findTools());
  let found: DumpWords | undefined;
  await runTool({
    program: pgRestore,
    args: ['--file=-', path],
    env: bareEnvironment(),
    signal: told.signal,
    onBytes: async (bytes) => {
      found = await wordsOf(new ScriptReader(inUtf8(bytes)), told);
    },
  });
  if (!found) throw new Error('pg_restore was not listened to');
  return found;
}

async function wordsOf(reader: ScriptReader, told: WorkTold): Promise<DumpWords> {
  const tables = new Map<string, number>();
  const roles = new Set<string>();
  let bytes = 0;
  try {
    for (let statement = await reader.next(); statement; statement = await reader.next()) {
      told.signal?.throwIfAborted();
      if (!statement.takesData) {
        for (const role of await rolesIn(statement.text)) roles.add(role);
        continue;
      }
      const name = copied.exec(statement.text)?.[1] ?? '';
      let rows = 0;
      for await (const piece of reader.data()) {
        for (let at = piece.indexOf(lineFeed); at >= 0; at = piece.indexOf(lineFeed, at + 1)) rows++;
        bytes += piece.length;
        told.onProgress?.({ step: 'reading', done: tables.size, all: 0, bytes, allBytes: null, now: [name] });
      }
      if (name !== '') tables.set(name, (tables.get(name) ?? 0) + rows);
    }
  } finally {
    await reader.close();
  }
  if (reader.isDump && !reader.dumpIsComplete)
    throw invalid('file', 'The dump is cut off: the line with which pg_dump ends is missing.');
  return { tables, roles };
}

/** An archive is written out in the encoding of its database, which it names in its first lines. */
async function* inUtf8(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  let decoder: TextDecoder | null | undefined;
  for await (const piece of bytes) {
    if (decoder === undefined) {
      const named = piece.toString('latin1').split('\n').map(encodingSet);
      const encoding = encodingNamed(named.find((name) => name !== null) ?? 'utf8');
      decoder = encoding === 'utf-8' ? null : new TextDecoder(encoding);
    }
    yield decoder ? Buffer.from(decoder.decode(piece, { stream: true })) : piece;
  }
}
