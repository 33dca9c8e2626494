/** A scene as SVG and PDF: whole, well-formed, and nothing in a name becomes markup. */
import { inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { type Card, type Line, sizeOf } from '../cards/card.ts';
import { drawScene } from '../cards/draw-scene.ts';
import { noEmphasis } from '../cards/drawing.ts';
import { paper } from '../cards/picture.ts';
import { Scene } from '../cards/scene.ts';
import { measuredWidth, roughWidth } from '../cards/text-width.ts';
import type { GlyphOf, GlyphPicture } from './glyph-picture.ts';
import { PdfFonts } from './pdf-fonts.ts';
import { PdfSurface } from './pdf-surface.ts';
import type { Surface } from './surface.ts';
import { SvgSurface } from './svg-surface.ts';

const card = (id: string, title: string): Card => ({
  id,
  before: 's.',
  title,
  badge: '12 kB',
  rows: [{ left: 'id', right: 'bigint', mark: 'key', strong: true }],
  foot: '',
  color: 'teal',
  heat: null,
  mark: 'added',
  dashed: true,
});
const cards = [card('a', '<b>&"Ünïcode"\u0001'), card('b', '客户 €')];
const line: Line = {
  id: 'l',
  from: 'a',
  to: 'b',
  fromRow: 0,
  toRow: -1,
  fromEnd: { many: true, optional: true },
  toEnd: { many: false, optional: true },
  dashed: true,
  label: '',
};
const scene = new Scene(
  cards.map((each, at) => ({ card: each, ...sizeOf(each, roughWidth), x: at * 400, y: at * 90 })),
  [line],
  [{ id: 'area', text: 'An area', color: 'red', x: -40, y: -40, width: 900, height: 300 }],
  [{ id: 'note', text: 'two words', color: 'yellow', x: 0, y: 200, width: 120, height: 60 }],
);
const drawn = <Kind extends Surface>(surface: Kind): Kind => {
  drawScene({ surface, palette: paper, widthOf: roughWidth, zoom: 1, sight: null }, scene, noEmphasis);
  return surface;
};

it('writes an SVG in which every name is text', () => {
  const file = drawn(new SvgSurface()).file(scene.bounds, 'a < b');
  expect(file).toContain('<title>a &lt; b</title>');
  expect(file).toContain('&lt;b&gt;&amp;&quot;Ünïcode&quot;\ufffd');
  expect(file).toContain('客户 €');
  expect(file).not.toMatch(/NaN|undefined/);
  // Every element is closed, and there are no others.
  const open = file.match(/<(svg|text|title)[ >]/g)?.length;
  expect(file.match(/<\/(svg|text|title)>/g)?.length).toBe(open);
  expect(file.replace(/<\?xml[^>]*\?>|<\/?(svg|text|title|path)\b[^>]*>/g, '')).not.toContain('<');
});

const glyph: GlyphPicture = {
  advance: 1,
  left: 0,
  bottom: -0.2,
  width: 1,
  height: 1,
  pixelsWide: 3,
  pixelsHigh: 2,
  ink: new Uint8Array([0b10100000, 0b01000000]),
  colors: null,
};
const colored = { rgb: new Uint8Array(18).fill(200), alpha: new Uint8Array(6).fill(255) };
const ofPdf = async (glyphOf: GlyphOf) => {
  const { bytes, replaced } = await drawn(new PdfSurface(scene.bounds, glyphOf)).file('Schéma');
  return { file: new TextDecoder('latin1').decode(bytes), streams: streamsOf(bytes), replaced };
};
/** The contents of the streams, unpacked; each is as long as it says. */
function streamsOf(bytes: Uint8Array): string[] {
  const binary = Buffer.from(bytes).toString('latin1');
  return [...binary.matchAll(/\/Length (\d+) >>\nstream\n/g)].map(({ index, 0: head, 1: length }) => {
    const [from, to] = [index + head.length, index + head.length + Number(length)];
    expect(binary.slice(to, to + 10)).toBe('\nendstream');
    return inflateSync(bytes.subarray(from, to)).toString('latin1');
  });
}

it('writes a PDF whose offsets are right, and tells what could not be drawn', async () => {
  const { file, streams, replaced } = await ofPdf(() => null);
  expect(replaced).toBe(3);
  expect(streams.join()).not.toMatch(/NaN|undefined/);
  const [, count = '0'] = /xref\n0 (\d+)\n/.exec(file) ?? [];
  const table = file.slice(file.indexOf('xref\n'));
  const offsets = [...table.matchAll(/^(\d{10}) 00000 n /gm)].map((match) => Number(match[1]));
  expect(offsets).toHaveLength(Number(count) - 1);
  for (const [at, offset] of offsets.entries()) expect(file.slice(offset, offset + 12)).toContain(`${at + 1} 0 obj`);
  const [, start = ''] = /startxref\n(\d+)/.exec(file) ?? [];
  expect(file.slice(Number(start), Number(start) + 4)).toBe('xref');
});

it('draws into a PDF what Helvetica does not have, once each, and keeps it text', async () => {
  const asked: string[] = [];
  const { file, streams, replaced } = await ofPdf((text) => {
    asked.push(text);
    return text === '户' ? { ...glyph, colors: colored } : glyph;
  });
  expect(replaced).toBe(0);
  expect(asked).toEqual(['\u0001', '客', '户']);
  expect(file).toContain('/Subtype /Type3');
  expect(file).toContain('/Width 3 /Height 2 /ImageMask true');
  // The page's text goes from one font to the other and back.
  expect(streams.at(-1)).toMatch(
    /\/G0 [\d.]+ Tf [^<]*<01> Tj \/G0 [\d.]+ Tf [^<]*<02> Tj \/B [\d.]+ Tf [^<]*<2080> Tj/,
  );
  const unicode = streams.find((stream) => stream.includes('begincmap'));
  expect(unicode).toContain('<01> <5ba2>');
  const [of1, of2] = streams.filter((stream) => stream.includes(' Do Q')).slice(1);
  expect(of1).toMatch(/^1000 0 0 -200 1000 800 d1\n/);
  expect(of2).toMatch(/^1000 0 d0\n/);
});

it('draws texts whole whose letters shape each other', () => {
  const pieces = (text: string) =>
    new PdfFonts(() => glyph).pieces(text, false).map(({ font, codes }) => `${font} ${codes.length}`);
  expect(pieces('id')).toEqual(['R 2']);
  expect(pieces('a Жя')).toEqual(['R 2', 'G0 1', 'G0 1']);
  expect(pieces('جدول id')).toEqual(['G0 1']);
  expect(pieces('👩‍👩‍👧 x')).toEqual(['G0 1', 'R 2']);
});

it('measuring a text leaves the font alone with which the canvas is drawn', () => {
  const fonts: string[] = [];
  const context = {
    font: '400 12px Drawn',
    measureText(text: string) {
      fonts.push(this.font);
      return { width: text.length * 50 };
    },
  };
  const widthOf = measuredWidth(context as unknown as CanvasRenderingContext2D, 'Measured');
  expect(widthOf('ab…', 12, true)).toBe(18);
  expect(new Set(fonts)).toEqual(new Set(['600 100px Measured']));
  expect(context.font).toBe('400 12px Drawn');
});
