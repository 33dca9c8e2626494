/** Writes a scene as an SVG file. Texts stay texts; names from servers are escaped. */
import { type Path, type RectStyle, roundedBox, type Stroke, type Surface, type TextStyle } from './surface.ts';

const number = (value: number): string => String(Math.round(value * 100) / 100);

/** XML 1.0 has no place for most control characters, and none for halves of surrogate pairs. */
export const escaped = (text: string): string =>
  text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be found
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const anchors = { left: 'start', right: 'end', center: 'middle' } as const;

export class SvgSurface implements Surface {
  readonly #parts: string[] = [];
  #opacity = '';

  opacity(value: number): void {
    this.#opacity = value === 1 ? '' : ` opacity="${number(value)}"`;
  }

  rect(box: { x: number; y: number; width: number; height: number }, style: RectStyle): void {
    this.path((path) => roundedBox(path, box, style.radius ?? 0, style.flatFoot ?? false), style);
  }

  text(text: string, x: number, y: number, { size, strong, color, align = 'left' }: TextStyle): void {
    // Not dominant-baseline: several programs do not know it.
    const baseline = number(y + size * 0.35);
    this.#parts.push(
      `<text x="${number(x)}" y="${baseline}" font-size="${number(size)}"${strong ? ' font-weight="600"' : ''}` +
        `${align === 'left' ? '' : ` text-anchor="${anchors[align]}"`} fill="${color}"${this.#opacity}>${escaped(text)}</text>`,
    );
  }

  path(draw: (path: Path) => void, { stroke, fill }: { readonly stroke?: Stroke; readonly fill?: string }): void {
    let d = '';
    const add = (letter: string, ...values: readonly number[]) => {
      d += letter + values.map(number).join(' ');
    };
    draw({
      moveTo: (x, y) => add('M', x, y),
      lineTo: (x, y) => add('L', x, y),
      curveTo: (...values) => add('C', ...values),
      close: () => add('Z'),
    });
    if (d === '') return;
    const line = stroke
      ? ` stroke="${stroke.color}" stroke-width="${number(stroke.width)}"${stroke.dash ? ` stroke-dasharray="${stroke.dash.join(' ')}"` : ''}`
      : '';
    this.#parts.push(`<path d="${d}" fill="${fill ?? 'none'}"${line}${this.#opacity}/>`);
  }

  /** The whole file. */
  file(box: { x: number; y: number; width: number; height: number }, title: string): string {
    const { x, y, width, height } = box;
    const view = [x, y, width, height].map(number).join(' ');
    return (
      `<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="${number(width)}" height="${number(height)}" viewBox="${view}"` +
      ` font-family="Inter, 'Helvetica Neue', Helvetica, Arial, sans-serif"><title>${escaped(title)}</title>\n${this.#parts.join('\n')}\n</svg>\n`
    );
  }
}
