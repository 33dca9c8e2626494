/**
 * Writes a scene as a PDF file of one page: vectors and texts, with the fonts that every reader has (Helvetica). Its
 * coordinates run upwards; PDF 1.7 (ISO 32000-1) is what the operators below are from.
 */
import { type Path, type RectStyle, roundedBox, type Stroke, type Surface, type TextStyle } from './surface.ts';

/** A page is at most so many points long: programs refuse more. */
const longest = 14_400;
const number = (value: number): string => String(Math.round(value * 1000) / 1000);
const rgb = (hex: string): string =>
  [1, 3, 5].map((at) => number((Number.parseInt(hex.slice(at, at + 2), 16) || 0) / 255)).join(' ');

/** What WinAnsiEncoding has beyond Latin-1. */
const winAnsi = new Map(
  [...'€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'].map((character, at) => [character, 0x80 + at]),
);

/** Widths of Helvetica's characters 32 to 126, in thousandths of its size. */
const widths = (
  '278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 ' +
  '1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 ' +
  '333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584'
)
  .split(' ')
  .map(Number);
const strongFactor = 1.06;

export class PdfSurface implements Surface {
  readonly #box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly #scale: number;
  readonly #ops: string[] = [];
  #replaced = 0;

  constructor(box: { x: number; y: number; width: number; height: number }) {
    this.#box = box;
    this.#scale = Math.min(0.75, longest / Math.max(box.width, box.height));
  }

  opacity(value: number): void {
    this.#ops.push(value === 1 ? '/full gs' : '/dim gs');
  }

  rect(box: { x: number; y: number; width: number; height: number }, style: RectStyle): void {
    this.path((path) => roundedBox(path, box, style.radius ?? 0, style.flatFoot ?? false), style);
  }

  text(text: string, x: number, y: number, { size, strong, color, align = 'left' }: TextStyle): void {
    const codes = [...text].map((character) => this.#code(character));
    const factor = strong ? strongFactor : 1;
    const width = (codes.reduce((sum, code) => sum + (widths[code - 32] ?? 556), 0) * size * factor) / 1000;
    const left = align === 'right' ? x - width : align === 'center' ? x - width / 2 : x;
    const hex = codes.map((code) => code.toString(16).padStart(2, '0')).join('');
    const at = `${number(this.#x(left))} ${number(this.#y(y + size * 0.35))}`;
    this.#ops.push(
      `BT /${strong ? 'B' : 'R'} ${number(size * this.#scale)} Tf ${rgb(color)} rg ${at} Td <${hex}> Tj ET`,
    );
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
  file(title: string): { bytes: Uint8Array<ArrayBuffer>; replaced: number } {
    const { width, height } = this.#box;
    const content = this.#ops.join('\n');
    const font = (name: string) => `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
    const page =
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${number(width * this.#scale)} ${number(height * this.#scale)}] /Contents 4 0 R ` +
      '/Resources << /Font << /R 5 0 R /B 6 0 R >> /ExtGState << /full << /ca 1 /CA 1 >> /dim << /ca 0.22 /CA 0.22 >> >> >> >>';
    const objects = [
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      page,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      font('Helvetica'),
      font('Helvetica-Bold'),
      `<< /Title ${utf16(title)} /Producer (Howdah) >>`,
    ];
    let text = '%PDF-1.7\n';
    const offsets = objects.map((object, at) => {
      const offset = text.length;
      text += `${at + 1} 0 obj\n${object}\nendobj\n`;
      return offset;
    });
    const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
    const count = objects.length + 1;
    const whole = `${text}xref\n0 ${count}\n0000000000 65535 f \n${table}trailer\n<< /Size ${count} /Root 1 0 R /Info 7 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
    // All of it is ASCII: names are written in hexadecimal.
    return { bytes: new TextEncoder().encode(whole), replaced: this.#replaced };
  }

  #x = (x: number): number => (x - this.#box.x) * this.#scale;
  #y = (y: number): number => (this.#box.height - (y - this.#box.y)) * this.#scale;

  #code(character: string): number {
    const code = character.codePointAt(0) ?? 0;
    if ((code >= 32 && code < 127) || (code >= 0xa0 && code < 0x100)) return code;
    const other = winAnsi.get(character);
    if (other !== undefined && other !== code) return other;
    this.#replaced++;
    return 0x3f;
  }
}

const utf16 = (text: string): string =>
  `<feff${[...Array(text.length).keys()].map((at) => text.charCodeAt(at).toString(16).padStart(4, '0')).join('')}>`;
