/** What a dump says of itself, read through once: how many rows it has for which table, and which roles it names. */
import { invalid } from '../../../../shared/failure.ts';
import { encodingNamed, encodingSet, scriptBytes, sniffScriptEncoding } from '../../import/sql/script-encoding.ts';
import { ScriptReader } from '../../import/sql/script-reader.ts';
import { RowSums } from '../archive/row-sums.ts';
import type { WorkTold } from '../progress.ts';
import { rolesIn } from '../restore/role-words.ts';
import { copiedTable, insertedRows } from './dump-rows.ts';
import { findTools, newestTools } from './find-tools.ts';
import { runTool } from './run-tool.ts';
import { bareEnvironment } from './tool-place.ts';

export type DumpForm = 'plain' | 'archive';
export interface DumpWords {
  /** By the table's name as the dump writes it: quoted where it has to be. */
  readonly tables: ReadonlyMap<string, DumpTable>;
  readonly roles: ReadonlySet<string>;
}
export interface DumpTable {
  /** Of the rows of COPY. */
  readonly sums: RowSums;
  /** As COPY names them, in brackets; '' where there are none. */
  readonly columns: Set<string>;
  /** Rows of INSERTs. */
  inserted: number;
}
export const rowsIn = ({ sums, inserted }: DumpTable): number => sums.rows + inserted;

/** @throws invalid with the line where it breaks off, or has commands of psql in it */
export async function dumpWords(path: string, form: DumpForm, told: WorkTold = {}): Promise<DumpWords> {
  return readDump(path, form, told, (reader) => wordsOf(reader, told));
}

/** Has the text of a dump read to its end; an archive's is what pg_restore makes of it. */
export async function readDump<T>(
  path: string,
  form: DumpForm,
  { signal }: WorkTold,
  read: (reader: ScriptReader) => Promise<T>,
): Promise<T> {
  if (form === 'plain') {
    const encoding = await sniffScriptEncoding(path);
    return read(new ScriptReader(scriptBytes(path, encoding, { bytes: 0 })));
  }
  const { pgRestore } = newestTools(await findTools());
  let found: { readonly value: T } | undefined;
  await runTool({
    program: pgRestore,
    args: ['--file=-', path],
    env: bareEnvironment(),
    signal,
    onBytes: async (bytes) => {
      found = { value: await read(new ScriptReader(inUtf8(bytes))) };
    },
  });
  if (!found) throw new Error('pg_restore was not listened to');
  return found.value;
}

async function wordsOf(reader: ScriptReader, told: WorkTold): Promise<DumpWords> {
  const tables = new Map<string, DumpTable>();
  const roles = new Set<string>();
  let bytes = 0;
  const tell = (name: string) =>
    told.onProgress?.({ step: 'reading', done: tables.size, all: 0, bytes, allBytes: null, now: [name] });
  const tableOf = (name: string): DumpTable => {
    const table = tables.get(name) ?? { sums: new RowSums(), columns: new Set(), inserted: 0 };
    tables.set(name, table);
    return table;
  };
  try {
    for (let statement = await reader.next(); statement; statement = await reader.next()) {
      told.signal?.throwIfAborted();
      const { text, takesData } = statement;
      const inserted = takesData ? null : insertedRows(text);
      if (inserted) {
        tableOf(inserted.name).inserted += inserted.rows;
        bytes += text.length;
        tell(inserted.name);
      } else if (!takesData) {
        for (const role of await rolesIn(text)) roles.add(role);
      } else {
        const { name, columns } = copiedTable(text);
        const { sums, columns: all } = tableOf(name);
        all.add(columns);
        for await (const piece of reader.data()) {
          sums.append(piece);
          bytes += piece.length;
          tell(name);
        }
      }
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
