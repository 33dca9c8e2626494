/** The whole scene as a file, in the light theme: pictures end up on paper and in documents. */
import { CanvasSurface } from '../surfaces/canvas-surface.ts';
import { drawnGlyphs } from '../surfaces/glyph-picture.ts';
import { PdfSurface } from '../surfaces/pdf-surface.ts';
import type { Surface } from '../surfaces/surface.ts';
import { SvgSurface } from '../surfaces/svg-surface.ts';
import { cardColors, type TextWidth } from './card.ts';
import { drawScene } from './draw-scene.ts';
import { noEmphasis } from './drawing.ts';
import type { Palette } from './palette.ts';
import type { Scene } from './scene.ts';

export const pictureKinds = ['svg', 'png', 'pdf'] as const;
export type PictureKind = (typeof pictureKinds)[number];

const tags = ['#cf3b30', '#d3711c', '#b58c0a', '#2f8f4e', '#14849a', '#2f6fd0', '#7d56c8', '#c0488e'];
/** The light theme of renderer/app/theme.css, whichever is in force. */
export const paper: Palette = {
  surface: '#ffffff',
  raised: '#ffffff',
  sunken: '#eef0f2',
  line: '#dfe3e7',
  lineStrong: '#c3cad1',
  ink: '#1a1f25',
  muted: '#515b66',
  faint: '#5f6873',
  accent: '#0b6b7d',
  warning: '#7f5200',
  success: '#1a6b34',
  danger: '#b42318',
  tags: Object.fromEntries(cardColors.map((color, at) => [color, tags[at]])) as Palette['tags'],
};

const margin = 24;
/** Browsers draw no canvas larger than that in one direction, and less than that in all. */
const longestPx = 16_000;
const mostPx = 120_000_000;

export interface PictureNeeds {
  readonly title: string;
  readonly widthOf: TextWidth;
  /** Told what the file lacks. */
  readonly remark: (text: string) => void;
}

export async function pictureOf(
  scene: Scene,
  kind: PictureKind,
  { title, widthOf, remark }: PictureNeeds,
): Promise<Blob> {
  const { x, y, width, height } = scene.bounds;
  const box = { x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin };
  const draw = (surface: Surface) => {
    surface.rect(box, { fill: paper.surface });
    drawScene({ surface, palette: paper, widthOf, zoom: 1, sight: null }, scene, noEmphasis);
  };
  if (kind === 'svg') {
    const surface = new SvgSurface();
    draw(surface);
    return new Blob([surface.file(box, title)], { type: 'image/svg+xml' });
  }
  if (kind === 'pdf') {
    const surface = new PdfSurface(box, drawnGlyphs(getComputedStyle(document.body).fontFamily));
    draw(surface);
    const { bytes, replaced } = await surface.file(title);
    if (replaced > 0) remark(`Some characters could not be drawn and are shown as “?” (${replaced}); SVG keeps them.`);
    return new Blob([bytes], { type: 'application/pdf' });
  }
  return png(box, draw, remark);
}

async function png(
  box: { x: number; y: number; width: number; height: number },
  draw: (surface: Surface) => void,
  remark: (text: string) => void,
): Promise<Blob> {
  const scale = Math.min(2, longestPx / Math.max(box.width, box.height), Math.sqrt(mostPx / (box.width * box.height)));
  if (scale < 0.75)
    remark('The diagram is too large for a picture at full size and was made smaller; SVG and PDF keep every detail.');
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(box.width * scale);
  canvas.height = Math.ceil(box.height * scale);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser cannot draw.');
  context.setTransform(scale, 0, 0, scale, -box.x * scale, -box.y * scale);
  draw(new CanvasSurface(context, getComputedStyle(document.body).fontFamily));
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('The picture could not be made: there is too little memory for it.');
  return blob;
}
