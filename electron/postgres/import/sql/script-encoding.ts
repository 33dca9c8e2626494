/** In which encoding a script is: a dump says so itself, in a SET that is not sent, because the bytes are sent in UTF-8. */
import type { SqlEncoding } from '../../../../shared/api/sql-import.ts';
import { invalid } from '../../../../shared/failure.ts';
import { type ReadPosition, textBytes, unpacked } from '../read/file-bytes.ts';

/** PostgreSQL's names, in lower case and without what may stand between. */
const known: Readonly<Record<string, SqlEncoding>> = {
  utf8: 'utf-8',
  unicode: 'utf-8',
  sqlascii: 'utf-8',
  latin1: 'latin1',
  iso88591: 'latin1',
  latin2: 'iso-8859-2',
  latin9: 'iso-8859-15',
  win1250: 'windows-1250',
  win1251: 'windows-1251',
  win1252: 'windows-1252',
  win1253: 'windows-1253',
  win1254: 'windows-1254',
  win1257: 'windows-1257',
  koi8r: 'koi8-r',
  koi8: 'koi8-r',
  sjis: 'shift_jis',
  shiftjis: 'shift_jis',
  eucjp: 'euc-jp',
  euckr: 'euc-kr',
  gbk: 'gbk',
  big5: 'big5',
};

const headBytes = 64 * 1024;
const setting = /^\s*set\s+(?:session\s+)?(?:client_encoding\s*(?:=|to)|names)\s*'?([\w -]+?)'?\s*;?\s*$/i;

/** The encoding that a statement sets for what follows; null where it sets none. */
export function encodingSet(statement: string): string | null {
  return setting.exec(statement)?.[1] ?? null;
}

/** @throws invalid where it cannot be read here */
export function encodingNamed(name: string): SqlEncoding {
  const found = known[name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')];
  if (found) return found;
  throw invalid('encoding', `The file is in ${name}, which is not read here. Dump it with --encoding=UTF8.`);
}

/** By its byte order mark, or the first SET client_encoding of its head; UTF-8 where it says nothing. */
export async function sniffScriptEncoding(path: string): Promise<SqlEncoding> {
  const pieces = unpacked(path, { bytes: 0 });
  let head = Buffer.alloc(0);
  try {
    for await (const piece of pieces) {
      head = Buffer.concat([head, piece]);
      if (head.length >= headBytes) break;
    }
  } finally {
    await pieces.return();
  }
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  const named = head
    .toString('latin1')
    .split(/\r?\n/)
    .map(encodingSet)
    .find((name) => name !== null);
  return named ? encodingNamed(named) : 'utf-8';
}

/** The file's bytes in UTF-8, without a byte order mark. */
export async function* scriptBytes(
  path: string,
  encoding: SqlEncoding,
  position: ReadPosition,
): AsyncGenerator<Buffer, void, void> {
  if (encoding !== 'latin1') return yield* textBytes(path, encoding, position);
  // What TextDecoder calls so is windows-1252, which has other characters at 0x80 to 0x9f.
  for await (const piece of unpacked(path, position)) yield Buffer.from(piece.toString('latin1'), 'utf8');
}
