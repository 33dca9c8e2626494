/** Characters as pictures, for files whose own fonts do not have them. */

/** A character, or a piece of text whose characters shape each other, as it is drawn; lengths in its font's size. */
export interface GlyphPicture {
  /** How far the next one stands. */
  readonly advance: number;
  /** The lower left corner of the picture from where the pen is, upwards, and its size. */
  readonly left: number;
  readonly bottom: number;
  readonly width: number;
  readonly height: number;
  readonly pixelsWide: number;
  readonly pixelsHigh: number;
  /** A bit a pixel, rows filled up to bytes: 1 where there is ink, of whatever colour the text has. */
  readonly ink: Uint8Array;
  /** Of its own colours, as emoji are. */
  readonly colors: { readonly rgb: Uint8Array; readonly alpha: Uint8Array } | null;
}

/** Null where nothing can be drawn. */
export type GlyphOf = (text: string, strong: boolean) => GlyphPicture | null;

/** Enough for paper: a name of 9 points is printed with more than 700 dots an inch. */
const pixelsAnEm = 96;
const longestPixels = 6_000;

/** Draws with the fonts that the page has. */
export function drawnGlyphs(family: string): GlyphOf {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return (text, strong) => (context ? drawn(context, text, `${strong ? 600 : 400} ${pixelsAnEm}px ${family}`) : null);
}

function drawn(context: CanvasRenderingContext2D, text: string, font: string): GlyphPicture | null {
  context.font = font;
  const box = context.measureText(text);
  const [left, top] = [Math.ceil(box.actualBoundingBoxLeft) + 1, Math.ceil(box.actualBoundingBoxAscent) + 1];
  const wide = left + Math.ceil(box.actualBoundingBoxRight) + 1;
  const high = top + Math.ceil(box.actualBoundingBoxDescent) + 1;
  if (!(wide <= longestPixels && high <= longestPixels)) return null;
  // Another size empties it, and forgets the font.
  Object.assign(context.canvas, { width: wide, height: high });
  context.font = font;
  context.fillText(text, left, top);
  const { data } = context.getImageData(0, 0, wide, high);
  return {
    advance: box.width / pixelsAnEm,
    left: -left / pixelsAnEm,
    bottom: -(high - top) / pixelsAnEm,
    width: wide / pixelsAnEm,
    height: high / pixelsAnEm,
    pixelsWide: wide,
    pixelsHigh: high,
    ink: inkOf(data, wide, high),
    colors: isColored(data) ? colorsOf(data) : null,
  };
}

function inkOf(data: Uint8ClampedArray, wide: number, high: number): Uint8Array {
  const rowBytes = Math.ceil(wide / 8);
  const ink = new Uint8Array(rowBytes * high);
  for (let y = 0; y < high; y++)
    for (let x = 0; x < wide; x++)
      if ((data[(y * wide + x) * 4 + 3] ?? 0) >= 128) {
        const at = y * rowBytes + (x >> 3);
        ink[at] = (ink[at] ?? 0) | (0x80 >> (x & 7));
      }
  return ink;
}

/** It was drawn in black: whatever is not has a colour of its own. */
function isColored(data: Uint8ClampedArray): boolean {
  for (let at = 0; at < data.length; at += 4)
    if ((data[at + 3] ?? 0) > 128 && Math.max(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0) > 64) return true;
  return false;
}

function colorsOf(data: Uint8ClampedArray): { rgb: Uint8Array; alpha: Uint8Array } {
  const count = data.length / 4;
  const rgb = new Uint8Array(count * 3);
  const alpha = new Uint8Array(count);
  for (let at = 0; at < count; at++) {
    rgb.set(data.subarray(at * 4, at * 4 + 3), at * 3);
    alpha[at] = data[at * 4 + 3] ?? 0;
  }
  return { rgb, alpha };
}
