import { describe, expect, it } from 'vitest';
import { fc } from '../../../tests/fixtures/properties.ts';
import { cellPieces, isPlain, sizeText } from './cell-text.ts';

/** Marks in brackets. */
const shown = (text: string, most = 1000, cut = false) =>
  cellPieces(text, most, cut)
    .map((piece) => (piece.mark ? `[${piece.text}]` : piece.text))
    .join('');

describe('cell-text', () => {
  it.each([
    ['plain text', 'plain text'],
    ['two\nlines', 'two[↵]lines'],
    ['a\r\nb', 'a[CR][↵]b'],
    ['a\tb', 'a[⇥]b'],
    ['\u0007\u001b[31m', '[BEL][ESC][31m'],
    ['a\u007fb', 'a[DEL]b'],
    ['  a b ', '[··]a b[·]'],
    [' ', '[·]'],
    ['abc\u202efdp', 'abc[U+202E]fdp'],
    ['a\u200bb', 'a[U+200B]b'],
    ['a\u00a0b', 'a[NBSP]b'],
    ['a\ufeffb', 'a[U+FEFF]b'],
    ['\ud83d', '[U+D83D]'],
    ['\u{e0041}', '[U+E0041]'],
    ['😀 ↵ ok', '😀 ↵ ok'],
    ['❤️', '❤️'],
  ])('shows %j as %s', (text, expected) => {
    expect(shown(text)).toBe(expected);
    expect(isPlain(text, 1000)).toBe(text === expected);
  });

  it('cuts with a mark and never inside a character', () => {
    expect(shown('abcdef', 3)).toBe('abc[…]');
    expect(shown('ab😀cd', 3)).toBe('ab[…]');
    expect(shown('ab cd', 3)).toBe('ab […]');
    expect(shown('abc', 10, true)).toBe('abc[…]');
  });

  it('leaves nothing invisible outside marks', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const plain = cellPieces(text, 10_000)
          .filter((piece) => !piece.mark)
          .map((piece) => piece.text)
          .join('');
        expect(plain).not.toMatch(/[\p{Cc}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u);
      }),
    );
  });

  it('tells sizes', () => {
    expect([0, 1, 1023, 1024, 5_000_000, 1.2 * 2 ** 30].map(sizeText)).toEqual([
      '0 bytes',
      '1 byte',
      '1023 bytes',
      '1.0 kB',
      '4.8 MB',
      '1.2 GB',
    ]);
  });
});
