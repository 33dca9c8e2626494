import { expect, it } from 'vitest';
import { fc } from '../../../tests/fixtures/properties.ts';
import { fromBase64, fromHex, hexLines, imageKind, toBase64 } from './bytes.ts';

it('goes to base64 and back, and reads hex, as Node does', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70_000 }), (bytes) => {
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect(fromBase64(Buffer.from(bytes).toString('base64'))).toEqual(bytes);
      expect(fromHex(Buffer.from(bytes).toString('hex'))).toEqual(bytes);
    }),
    { numRuns: 30 },
  );
  expect(fromHex('00ffzz11')).toEqual(new Uint8Array([0, 255]));
  expect(fromHex('DEadB')).toEqual(new Uint8Array([0xde, 0xad]));
});

it('shows sixteen bytes a line', () => {
  const lines = hexLines(new TextEncoder().encode('hello\tworld, and more'), 0x1000);
  expect(lines).toEqual([
    { offset: '00001000', hex: '68 65 6c 6c 6f 09 77 6f  72 6c 64 2c 20 61 6e 64', text: 'hello.world, and' },
    { offset: '00001010', hex: '20 6d 6f 72 65  ', text: ' more' },
  ]);
});

it('knows pictures by their first bytes, and nothing that could run', () => {
  const kind = (text: string) => imageKind(new Uint8Array(Buffer.from(text, 'latin1')));
  expect(kind('\u0089PNG\r\n\u001a\n....')).toBe('png');
  expect(kind('\u00ff\u00d8\u00ff\u00e0')).toBe('jpeg');
  expect(kind('GIF89a..')).toBe('gif');
  expect(kind('RIFF1234WEBPVP8 ')).toBe('webp');
  expect(kind('\0\0\0\u001cftypavif')).toBe('avif');
  expect(kind('BM1234\0\0\0\0')).toBe('bmp');
  expect(kind('BMW is a car')).toBeNull();
  expect(kind('<svg onload="x()">')).toBeNull();
  expect(kind('')).toBeNull();
});
