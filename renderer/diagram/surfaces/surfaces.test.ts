/** A scene as SVG and PDF: whole, well-formed, and nothing in a name becomes markup. */
import { expect, it } from 'vitest';
import { type Card, type Line, sizeOf } from '../cards/card.ts';
import { drawScene } from '../cards/draw-scene.ts';
import { noEmphasis } from '../cards/drawing.ts';
import { paper } from '../cards/picture.ts';
import { Scene } from '../cards/scene.ts';
import { roughWidth } from '../cards/text-width.ts';
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

it('writes a PDF whose offsets are right, and tells what its fonts do not have', () => {
  const { bytes, replaced } = drawn(new PdfSurface(scene.bounds)).file('Schéma');
  const text = new TextDecoder('latin1').decode(bytes);
  expect(replaced).toBe(3);
  expect(text).not.toMatch(/NaN|undefined/);
  const [, count = '0'] = /xref\n0 (\d+)\n/.exec(text) ?? [];
  const table = text.slice(text.indexOf('xref\n'));
  const offsets = [...table.matchAll(/^(\d{10}) 00000 n /gm)].map((match) => Number(match[1]));
  expect(offsets).toHaveLength(Number(count) - 1);
  for (const [at, offset] of offsets.entries()) expect(text.slice(offset, offset + 12)).toContain(`${at + 1} 0 obj`);
  const [, start = ''] = /startxref\n(\d+)/.exec(text) ?? [];
  expect(text.slice(Number(start), Number(start) + 4)).toBe('xref');
  const stream = /<< \/Length (\d+) >>\nstream\n([\s\S]*?)\nendstream/.exec(text);
  expect(stream?.[2]).toHaveLength(Number(stream?.[1]));
});
