/** UTF-8 into another encoding, in pieces cut anywhere. A character that it does not have ends the export by its name. */
import type { TextEncoding } from '../../../../shared/api/text-encodings.ts';
import { invalid } from '../../../../shared/failure.ts';
import { wholeCharacters } from '../../result/read/utf8.ts';
import type { ByteSink } from './byte-sink.ts';

const bytesAtOnce = 64 * 1024;

/** @param next takes the bytes in the encoding */
export function encodingSink(encoding: TextEncoding, next: ByteSink): ByteSink {
  if (encoding === 'utf-8') return next;
  if (encoding === 'utf-8-bom') {
    next.write(Buffer.from([0xef, 0xbb, 0xbf]));
    return next;
  }
  if (encoding === 'utf-16le') next.write(Buffer.from([0xff, 0xfe]));
  const encode = encoding === 'utf-16le' ? (text: string) => Buffer.from(text, 'utf16le') : mapped(encoding);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let open = Buffer.alloc(0);
  const take = (bytes: Uint8Array): void => {
    const all = open.length > 0 ? Buffer.concat([open, bytes]) : bytes;
    const whole = wholeCharacters(all, 0, all.length);
    next.write(encode(decoded(decoder, all.subarray(0, whole), encoding)));
    open = Buffer.from(all.subarray(whole));
  };
  return {
    write(bytes) {
      for (let at = 0; at < bytes.length; at += bytesAtOnce) take(bytes.subarray(at, at + bytesAtOnce));
    },
    end() {
      if (open.length > 0) next.write(encode(decoded(decoder, open, encoding)));
      next.end();
    },
  };
}

function decoded(decoder: TextDecoder, bytes: Uint8Array, encoding: TextEncoding): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw invalid('encoding', `Some values are not valid UTF-8 and cannot be written as ${encoding}. Choose UTF-8.`);
  }
}

const tables = new Map<TextEncoding, ReadonlyMap<number, number>>();

/** By a table from character to bytes, which the platform's decoder gives: every byte, and every pair that begins above 7F. */
function mapped(encoding: TextEncoding): (text: string) => Buffer {
  let table = tables.get(encoding);
  if (!table) {
    table = tableOf(encoding);
    tables.set(encoding, table);
  }
  const codes = table;
  return (text) => {
    const out = Buffer.allocUnsafe(3 * text.length);
    let at = 0;
    for (let from = 0; from < text.length; ) {
      const point = text.codePointAt(from) as number;
      from += point > 0xffff ? 2 : 1;
      if (point < 0x80) {
        out[at++] = point;
        continue;
      }
      const code = codes.get(point);
      if (code === undefined) throw noSuchCharacter(point, encoding);
      if (code > 0xff_ff) out[at++] = code >> 16;
      if (code > 0xff) out[at++] = (code >> 8) & 0xff;
      out[at++] = code & 0xff;
    }
    return out.subarray(0, at);
  };
}

const noSuchCharacter = (point: number, encoding: TextEncoding) =>
  invalid(
    'encoding',
    `${encoding} has no ${String.fromCodePoint(point)} (U+${point.toString(16).toUpperCase().padStart(4, '0')}). Choose UTF-8, or UTF-16.`,
  );

function tableOf(encoding: TextEncoding): ReadonlyMap<number, number> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const table = new Map<number, number>();
  const add = (code: number, bytes: readonly number[]): boolean => {
    try {
      const text = decoder.decode(Uint8Array.from(bytes));
      const point = text.codePointAt(0);
      if (point === undefined || point < 0x80 || text.length !== String.fromCodePoint(point).length) return false;
      if (!table.has(point)) table.set(point, code);
      return true;
    } catch {
      return false;
    }
  };
  for (let first = 0x80; first < 0x100; first++) {
    if (add(first, [first])) continue;
    for (let second = 0x30; second < 0x100; second++) {
      if (add((first << 8) | second, [first, second]) || encoding !== 'euc-jp' || first !== 0x8f) continue;
      for (let third = 0xa1; third < 0xff; third++) add((first << 16) | (second << 8) | third, [first, second, third]);
    }
  }
  return table;
}
