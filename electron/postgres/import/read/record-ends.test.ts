import { describe, expect, it } from 'vitest';
import { type Dialect, RecordEnds } from './record-ends.ts';

const csv: Dialect = { format: 'csv', delimiter: ',', quote: '"', escape: '"', header: false, nullText: null };
const dialects: Readonly<Record<string, Dialect>> = {
  'CSV whose quotes are doubled': csv,
  'CSV whose quotes are escaped': { ...csv, escape: '\\' },
  "COPY's text": { ...csv, format: 'text', delimiter: '\t' },
};

/** As copyfromparse.c goes through a line: byte by byte. */
function endsByBytes(text: string, { format, quote, escape: escaping }: Dialect): number[] {
  const ends: number[] = [];
  let [inQuote, escaped] = [false, false];
  for (const [at, character] of [...text].entries()) {
    const isEnd = character === '\n';
    if (format === 'text') {
      if (isEnd && !escaped) ends.push(at + 1);
      escaped = character === '\\' && !escaped;
      continue;
    }
    if (isEnd && !inQuote) ends.push(at + 1);
    if (escaping !== quote && inQuote && character === escaping) escaped = !escaped;
    if (character === quote && !escaped) inQuote = !inQuote;
    if (character !== escaping || escaping === quote) escaped = false;
  }
  return ends;
}

/** Cut into pieces that begin anywhere in memory. */
function endsByPieces(text: string, dialect: Dialect, pieceLength: () => number): { ends: number[]; line: number } {
  const reader = new RecordEnds(dialect, 0x0a);
  const ends: number[] = [];
  for (let from = 0; from < text.length; ) {
    const length = Math.min(pieceLength(), text.length - from);
    const piece = Buffer.alloc(length + 8).subarray(from % 5, (from % 5) + length);
    piece.write(text.slice(from, from + length), 'latin1');
    for (let at = reader.next(piece, 0); at >= 0; at = reader.next(piece, at)) ends.push(from + at);
    from += length;
  }
  return { ends, line: reader.line };
}

/** Numbers below `limit`, the same ones each time. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % limit;
  };
}

describe.each(Object.entries(dialects))('records of %s', (_, dialect) => {
  it('end where they do byte by byte, wherever the text is cut', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const next = numbers(seed);
      const letters = seed % 2 === 0 ? '"\\\n,ab' : 'aaaaaaaaaaaa\u00a2"\\\n';
      const text = Array.from({ length: 30 + next(200) }, () => letters[next(letters.length)]).join('');
      const wanted = endsByBytes(text, dialect);
      const found = endsByPieces(text, dialect, () => 1 + next(40));
      expect(found.ends, JSON.stringify(text)).toEqual(wanted);
      expect(found.line).toBe(text.split('\n').length);
    }
  });
});
