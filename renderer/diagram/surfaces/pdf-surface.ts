/**
 * Writes a scene as a PDF file of one page: vectors and texts. Its coordinates run upwards; PDF 1.7 (ISO 32000-1) is
 * what the operators below are from.
 */
import type { GlyphOf } from './glyph-picture.ts';
import { PdfFile, utf16 } from './pdf-file.ts';
import { PdfFonts } from './pdf-fonts.ts';
import { type Path, type RectStyle, roundedBox, type Stroke, type Surface, type TextStyle } from './surface.ts';

/** A page is at most so many points long: programs refuse more. */
const longest = 14_400;
const number = (value: number): string => String(Math.round(value * 1000) / 1000);
const rgb = (hex: string): string =>
  [1, 3, 5].map((at) => number((Number.parseInt(hex.slice(at, at + 2), 16) || 0) / 255)).join(' ');

export class PdfSurface implements Surface {
  readonly #box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly #scale: number;
  readonly #ops: string[] = [];
  readonly #fonts: PdfFonts;

  /** @param glyphOf draws what Helvetica does not have */
  constructor(box: { x: number; y: number; width: number; height: number }, glyphOf: GlyphOf) {
    this.#box = box;
    this.#fonts = new PdfFonts(glyphOf);
    this.#scale = Math.min(0.75, longest / Math.max(box.width, box.height));
  }

  opacity(value: number): void {
    this.#ops.push(value === 1 ? '/full gs' : '/dim gs');
  }

  rect(box: { x: number; y: number; width: number; height: number }, style: RectStyle): void {
    this.path((path) => roundedBox(path, box, style.radius ?? 0, style.flatFoot ?? false), style);
  }

  text(text: string, x: number, y: number, { size, strong, color, align = 'left' }: TextStyle): void {
    const pieces = this.#fonts.pieces(text, strong ?? false);
    const width = pieces.reduce((sum, piece) => sum + piece.width, 0) * size;
    let left = align === 'right' ? x - width : align === 'center' ? x - width / 2 : x;
    const line = number(this.#y(y + size * 0.35));
    const shown = pieces.map(({ font, codes, width: own }) => {
      const hex = codes.map((code) => code.toString(16).padStart(2, '0')).join('');
      const at = `1 0 0 1 ${number(this.#x(left))} ${line} Tm`;
      left += own * size;
      return `/${font} ${number(size * this.#scale)} Tf ${at} <${hex}> Tj`;
    });
    this.#ops.push(`BT ${rgb(color)} rg ${shown.join(' ')} ET`);
  }

  path(draw: (path: Path) => void, { stroke, fill }: { readonly stroke?: Stroke; readonly fill?: string }): void {
    const parts: string[] = [];
    const point = (x: number, y: number): string => `${number(this.#x(x))} ${number(this.#y(y))}`;
    draw({
      moveTo: (x, y) => parts.push(`${point(x, y)} m`),
      lineTo: (x, y) => parts.push(`${point(x, y)} l`),
      curveTo: (x1, y1, x2, y2, x, y) => parts.push(`${point(x1, y1)} ${point(x2, y2)} ${point(x, y)} c`),
      close: () => parts.push('h'),
    });
    if (parts.length === 0 || (!stroke && !fill)) return;
    if (fill) this.#ops.push(`${rgb(fill)} rg`);
    if (stroke) {
      const dash = (stroke.dash ?? []).map((length) => number(length * this.#scale)).join(' ');
      this.#ops.push(`${rgb(stroke.color)} RG ${number(stroke.width * this.#scale)} w [${dash}] 0 d`);
    }
    this.#ops.push(parts.join('\n'), fill && stroke ? 'B' : fill ? 'f' : 'S');
  }

  /** The file, and how many characters it could not hold. */
  async file(title: string): Promise<{ bytes: Uint8Array<ArrayBuffer>; replaced: number }> {
    const file = new PdfFile();
    const [root, pages, page] = [file.reserve(), file.reserve(), file.reserve()];
    file.put(root, `<< /Type /Catalog /Pages ${pages} 0 R >>`);
    file.put(pages, `<< /Type /Pages /Kids [${page} 0 R] /Count 1 >>`);
    const fonts = await this.#fonts.write(file);
    const content = await file.addStream('', this.#ops.join('\n'));
    const [width, height] = [this.#box.width, this.#box.height].map((length) => number(length * this.#scale));
    file.put(
      page,
      `<< /Type /Page /Parent ${pages} 0 R /MediaBox [0 0 ${width} ${height}] /Contents ${content} 0 R ` +
        `/Resources << /Font << ${fonts} >> /ExtGState << /full << /ca 1 /CA 1 >> /dim << /ca 0.22 /CA 0.22 >> >> >> >>`,
    );
    const info = file.add(`<< /Title <feff${utf16(title)}> /Producer (Howdah) >>`);
    return { bytes: file.bytes(root, info), replaced: this.#fonts.replaced };
  }

  #x = (x: number): number => (x - this.#box.x) * this.#scale;
  #y = (y: number): number => (this.#box.height - (y - this.#box.y)) * this.#scale;
}
