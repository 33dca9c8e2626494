/** Draws on a canvas of the page. */
import { type Path, type RectStyle, roundedBox, type Stroke, type Surface, type TextStyle } from './surface.ts';

export class CanvasSurface implements Surface {
  readonly #context: CanvasRenderingContext2D;
  readonly #family: string;
  readonly #path: Path;
  #font = '';

  constructor(context: CanvasRenderingContext2D, family: string) {
    this.#context = context;
    this.#family = family;
    this.#path = {
      moveTo: (x, y) => context.moveTo(x, y),
      lineTo: (x, y) => context.lineTo(x, y),
      curveTo: (x1, y1, x2, y2, x, y) => context.bezierCurveTo(x1, y1, x2, y2, x, y),
      close: () => context.closePath(),
    };
    context.textBaseline = 'middle';
  }

  opacity(value: number): void {
    this.#context.globalAlpha = value;
  }

  rect(box: { x: number; y: number; width: number; height: number }, style: RectStyle): void {
    const context = this.#context;
    if (style.radius === undefined && style.fill && !style.stroke) {
      context.fillStyle = style.fill;
      context.fillRect(box.x, box.y, box.width, box.height);
      return;
    }
    this.path((path) => roundedBox(path, box, style.radius ?? 0, style.flatFoot ?? false), style);
  }

  text(text: string, x: number, y: number, { size, strong, color, align = 'left' }: TextStyle): void {
    const context = this.#context;
    const font = `${strong ? 600 : 400} ${size}px ${this.#family}`;
    if (font !== this.#font) {
      context.font = font;
      this.#font = font;
    }
    context.fillStyle = color;
    context.textAlign = align;
    context.fillText(text, x, y);
  }

  path(draw: (path: Path) => void, { stroke, fill }: { readonly stroke?: Stroke; readonly fill?: string }): void {
    const context = this.#context;
    context.beginPath();
    draw(this.#path);
    if (fill) {
      context.fillStyle = fill;
      context.fill();
    }
    if (!stroke) return;
    context.strokeStyle = stroke.color;
    context.lineWidth = stroke.width;
    context.setLineDash(stroke.dash ? [...stroke.dash] : []);
    context.stroke();
  }
}
